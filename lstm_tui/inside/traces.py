"""What several views ask for: every value of one pass over a reading, and the gradients of its loss."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Floats, LayerState
from lstm_model.inside.memory import memory
from lstm_model.inside.trace import Trace, trace
from lstm_model.network.model import Network
from lstm_model.runs.run import Run
from lstm_model.tasks.base import Reading
from lstm_tui.inside.view import Spot
from lstm_tui.session.probing import Making, Probe

LENGTH = 256  # steps of a reading, where the task is free to choose


@dataclass(frozen=True, eq=False)
class Traced:
    """A reading, and all that a model computed while it read it."""

    reading: Reading
    trace: Trace
    gradients: tuple[Mapping[str, Floats], ...] = ()  # of L with respect to each layer's states: (T, H) each
    of: str = ""  # what L is

    @property
    def steps(self) -> int:
        """T."""
        return len(self.reading.labels)

    def liveliest(self, layer: int) -> int:
        """The unit that changes most while it reads: a good one to begin with."""
        return int(np.argmax(self.trace.layers[layer].followed.std(axis=0)))

    def bound(self, spot: Spot) -> None:
        """Keep a spot inside of what there is."""
        some = next(iter(self.trace.layers[0].states.values()))
        spot.most_layers, spot.most_units = len(self.trace.layers), some.shape[1]
        spot.most_steps, spot.most_readings = self.steps, self.reading.count
        spot.keep_inside()

    @cached_property
    def half_lives(self) -> tuple[Floats | None, ...]:
        """Steps after which half of a unit's memory is gone, (H,) for each layer; None for cells that keep nothing."""
        return tuple(of_layer.half_life for of_layer in memory(self.trace))

    @cached_property
    def orders(self) -> tuple[NDArray[np.intp], ...]:
        """Units of each layer (H,), the longest half-life first; as they come where the cell has none."""
        H = self.trace.weights.head.shape[1]
        return tuple(
            np.arange(H) if halves is None else np.argsort(-halves, kind="stable") for halves in self.half_lives
        )


def copy_of(model: Network, dtype: type[np.floating[Any]] | None = None) -> Network:
    """A network with the same weights, which training does not move; in another dtype if told."""
    settings = model.settings
    if dtype is not None:
        settings["dtype"] = np.dtype(dtype).str
    flat = model.parameters.flat.astype(settings["dtype"])
    return Network(**settings, vectors=(flat, np.zeros_like(flat)))


@dataclass(frozen=True)
class TraceProbe(Probe):
    """Read reading `number`; back: the gradients as well."""

    number: int
    length: int = LENGTH
    back: bool = False

    def made(self, run: Run, before: object | None, *, steps: bool) -> Making:  # noqa: ARG002
        """Two slices: there and back. The trace has its own copy of the weights."""
        reading = run.trainer.task.reading(self.number, self.length)
        traced = read(run, reading)
        if not self.back:
            return traced
        yield 0.5
        return with_gradients(traced)


def read(run: Run, reading: Reading) -> Traced:
    """Let the model that is measured and handed out read."""
    model, state = run.trainer.judged, None
    if reading.before is not None:
        state = tuple(part.copy() for part in model.forward(reading.before)[1])
    return Traced(reading, trace(model, reading.x[:, 0], state))


def with_gradients(traced: Traced) -> Traced:
    """The same with the gradients of L: the sum of the losses of all predictions that something is known to follow.

    Where nothing is, L is the first of what is predicted last: the forecast itself.
    """
    outputs, targets = traced.trace.outputs, traced.reading.targets
    d_outputs = np.zeros_like(outputs)  # (T, O)
    if traced.trace.weights.task_type == "classification" and targets is not None:
        d_outputs = np.exp(traced.trace.log_p)
        d_outputs[np.arange(len(outputs)), targets[:, 0].astype(int)] -= 1
        of = "the losses of all predictions, summed"
    elif targets is not None:
        predicted = outputs[-len(targets) :] - targets[:, 0]
        d_outputs[-len(targets) :] = 2 * predicted
        of = "the squared error of the forecast" if len(targets) == 1 else "the squared errors, summed"
    else:
        d_outputs[-1, 0] = 1
        of = "the forecast"
    return Traced(traced.reading, traced.trace, gradients(traced.trace, d_outputs), of)


def gradients(traced: Trace, d_outputs: Floats) -> tuple[Mapping[str, Floats], ...]:
    """Gradients of a loss with respect to every state of every layer, (T, H) each, from those of its outputs (T, O).

    By the names of the states, as `Trace.back` has them; "h next" is the part that comes from the next step alone.
    """
    weights, T, L = traced.weights, len(traced.outputs), len(traced.layers)
    d_head = d_outputs @ weights.head  # (T, O) (O, H)
    names = weights.kind.states
    found = tuple(
        {name: np.zeros_like(d_head) for state in names for name in (state, f"{state} next")} for _ in range(L)
    )
    carried: list[LayerState] = [tuple(np.zeros_like(d_head[:1]) for _ in names) for _ in range(L)]
    for t in range(T - 1, -1, -1):
        from_above: Floats = d_head[t : t + 1]
        for k in range(L - 1, -1, -1):
            h, *others = carried[k]
            d_state: LayerState = (h + from_above, *others)
            back = weights.cells[k].step_back(d_state, traced.kept[k][t], to_parameters=False)
            for name, whole, part in zip(names, back.new_state or d_state, carried[k], strict=True):
                found[k][name][t], found[k][f"{name} next"][t] = whole[0], part[0]
            carried[k], from_above = back.state, back.x
    return found
