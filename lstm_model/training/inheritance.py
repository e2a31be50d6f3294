"""A new run that begins with the weights of another, also over other characters, features or horizons."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.errors import InputError, named_characters
from lstm_model.network.model import Network
from lstm_model.storage.bare import bare_network
from lstm_model.storage.checkpoint import Checkpoint
from lstm_model.training.trainer import Trainer

SAME = ("cell", "hidden_size", "num_layers")  # settings that both must have


@dataclass(frozen=True)
class Inherited:
    """What of the inputs, and then of the outputs, has the weights of the other run, by name; and what has not."""

    known: tuple[str, ...]
    fresh: tuple[str, ...]  # which start as they do in any new run
    lost: tuple[str, ...]  # which the other run knew and this one does not have

    def sentence(self, noun: str) -> str:
        """For a person: noun: what they are, "characters"."""
        parts = [f"{len(self.known)} of {len(self.known) + len(self.fresh)} {noun} are known"]
        if self.fresh:
            parts.append(f"{_named(self.fresh)} {'starts' if len(self.fresh) == 1 else 'start'} fresh")
        if self.lost:
            parts.append(f"{_named(self.lost)} of it {'is' if len(self.lost) == 1 else 'are'} left out")
        return "; ".join(parts)


def inherit(trainer: Trainer, checkpoint: Checkpoint) -> tuple[Inherited, Inherited]:
    """Give a trainer that has not stepped the weights of a saved model; what is told of its inputs and its outputs.

    Columns of the lowest layer's input weights, and rows of the head, go by the names of what they stand for (see
    `TaskKind.names`): those of the same name are taken, the others stay as the seed made them. All between is taken
    as it is. The optimizer, the schedule and the data begin anew. InputError if the shapes between differ.
    """
    record, config = checkpoint.record, trainer.config
    for name in SAME:
        ours, theirs = config.value(name), record.config.value(name)
        if ours != theirs:
            raise InputError(
                f"`{name}` must be {theirs}, as of the model that the run begins from, not {ours}", field=name
            )
    kind = trainer.task.kind
    old = bare_network(checkpoint)
    before = kind.names(record.config, record.data.memory)
    after = kind.names(config, trainer.task.memory())
    inputs, outputs = (_paired(b, a) for b, a in zip(before, after, strict=True))
    for network in {id(each): each for each in (trainer.model, trainer.judged)}.values():
        _take(network, old, inputs, outputs)
    return tuple(_inherited(b, a) for b, a in zip(before, after, strict=True))  # type: ignore[return-value]


Pairs = tuple[list[int], list[int]]  # places in the old network, and those of the same name in the new one


def _paired(before: Sequence[str], after: Sequence[str]) -> Pairs:
    place = {name: k for k, name in enumerate(before)}
    pairs = [(place[name], k) for k, name in enumerate(after) if name in place]
    return [old for old, _ in pairs], [new for _, new in pairs]


def _inherited(before: Sequence[str], after: Sequence[str]) -> Inherited:
    return Inherited(
        tuple(name for name in after if name in before),
        tuple(name for name in after if name not in before),
        tuple(name for name in before if name not in after),
    )


def _take(new: Network, old: Network, inputs: Pairs, outputs: Pairs) -> None:
    """Copy weights, in place."""
    for name, values in new.parameters.items():
        theirs: Floats = old.parameters[name]
        if name == "weight_ih_l0":
            values[:, inputs[1]] = theirs[:, inputs[0]]
        elif name in ("head_weight", "head_bias"):
            values[outputs[1]] = theirs[outputs[0]]
        else:
            np.copyto(values, theirs)


def _named(names: Sequence[str], most: int = 8) -> str:
    if all(len(name) == 1 for name in names):
        return named_characters("".join(names), most)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
