"""Sampling from a model: draw an id from the logits, feed it back, repeat."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lstm_model.arrays import Float, Floats, Ids, Integer, State, quietly
from lstm_model.errors import InputError
from lstm_model.network.model import Network


@dataclass(frozen=True)
class Choice:
    """How a character is chosen.

    temperature: logits are divided by it; below 1 is safer, above 1 bolder, 0 always takes the likeliest.
    top_k: only the k likeliest (Fan et al. 2018); 0 for all.
    top_p: only the likeliest that together have probability top_p (Holtzman et al. 2020); 1 for all.
    They act in this order; what top_k leaves is made to add up to 1 before top_p, and what top_p leaves again.

    InputError for a temperature or top_k below 0, and for a top_p outside of (0, 1].
    """

    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 1.0

    def __post_init__(self) -> None:
        if not (np.isfinite(self.temperature) and self.temperature >= 0):
            raise InputError(f"`temperature` must be 0 or more, not {self.temperature}")
        if self.top_k < 0:
            raise InputError(f"`top_k` must be 0 (all) or more, not {self.top_k}")
        if not 0 < self.top_p <= 1:
            raise InputError(f"`top_p` must be above 0 and at most 1, not {self.top_p}")


@quietly
def probabilities(logits: Float[Floats, "*N V"], choice: Choice) -> Float[Floats, "*N V"]:
    """The distribution a character is drawn from, float64: of each row of logits, if there are several."""
    logits = logits.astype(np.float64)
    if choice.temperature == 0:
        certain: Floats = (np.arange(logits.shape[-1]) == np.argmax(logits, axis=-1)[..., None]).astype(np.float64)
        return certain
    logits = (logits - logits.max(axis=-1, keepdims=True)) / choice.temperature
    p: Floats = np.exp(logits)
    if 0 < choice.top_k < p.shape[-1]:
        order = np.argsort(-logits, axis=-1, kind="stable")
        np.put_along_axis(p, order[..., choice.top_k :], 0, axis=-1)
    p /= p.sum(axis=-1, keepdims=True)
    if choice.top_p < 1:
        order = np.argsort(-logits, axis=-1, kind="stable")
        likeliest = np.take_along_axis(p, order, axis=-1)
        before = np.cumsum(likeliest, axis=-1) - likeliest  # what the likelier ones have; the likeliest always stays
        np.put_along_axis(p, order, np.where(before >= choice.top_p, 0, likeliest), axis=-1)
        p /= p.sum(axis=-1, keepdims=True)
    return p


class Sampled(NamedTuple):
    """An id that was drawn, and how much it surprised the model itself."""

    id: int
    surprise: float  # -ln p at temperature 1, unfiltered: nats


def generate(
    model: Network, prompt: Integer[Ids, " n"], length: int, choice: Choice, rng: np.random.Generator
) -> Iterator[int]:
    """Yield ids that follow a prompt, one after the other, as they are drawn.

    model: of ids, with as many inputs as outputs.
    prompt: ids (n,), n >= 1, read in one forward pass; then each step feeds the last id back.
    length: how many ids to draw.
    rng: equal model, prompt, choice and state of it give equal ids.

    InputError for an empty prompt, IndexError for ids that the model does not know.
    """
    for sampled in sample_continuation(model, prompt, length, choice, rng):
        yield sampled.id


def sample_continuation(
    model: Network, prompt: Integer[Ids, " n"], length: int, choice: Choice, rng: np.random.Generator
) -> Iterator[Sampled]:
    """As `generate`, with the surprise of each id: their mean is the model's loss over its own continuation."""
    for ((_, sampled),) in sample_side_by_side(model, prompt, length, choice, [rng]):
        yield sampled


def sample_side_by_side(
    model: Network,
    prompt: Integer[Ids, " n"],
    length: int,
    choice: Choice | Sequence[Choice],
    rngs: Sequence[np.random.Generator],
    until: Integer[Ids, " m"] | None = None,
) -> Iterator[list[tuple[int, Sampled]]]:
    """Several continuations of one prompt, a step of all at a time: 16 take far less than 16 times as long as one.

    Yields what was drawn in a step, each with the number of its continuation, 0 to len(rngs) - 1. choice: for all of
    them, or one for each. until: ids, 1 or more, whose coming ends a continuation; the others go on.

    Each draws from a generator of its own, so that it is what it would be alone, but for rounding: a product of
    matrices adds up in another order for other shapes.
    """
    logits, state = after_prompt(model, prompt, len(rngs))
    going = np.arange(len(rngs))
    ending = np.zeros(0, np.intp) if until is None else until
    tail = np.full((len(rngs), len(ending)), -1)  # the last ids of each
    for _ in range(length):
        chosen = _drawn(
            _distributions(logits, choice, going.tolist()), np.array([rngs[k].random() for k in going.tolist()])
        )
        drawn = zip(chosen.tolist(), surprises(logits, chosen).tolist(), strict=True)
        yield list(zip(going.tolist(), (Sampled(*each) for each in drawn), strict=True))
        if len(ending):
            tail = np.concatenate([tail[:, 1:], chosen[:, None]], axis=1)
            stay = np.flatnonzero((tail != ending).any(axis=1))
            if not stay.size:
                return
            going, chosen, tail = going[stay], chosen[stay], tail[stay]
            state = tuple(part[:, stay] for part in state)
        logits, state = step_ids(model, chosen, state)


def after_prompt(model: Network, prompt: Integer[Ids, " n"], B: int) -> tuple[Float[Floats, "B V"], State]:
    """The logits of what follows a prompt, which is read once, and the state, for B continuations."""
    if len(prompt) == 0:
        raise InputError("the prompt is empty: give at least one character")
    outputs, state = model.forward(prompt[:, None])  # (n, 1, V)
    return np.repeat(outputs[-1], B, axis=0), tuple(np.repeat(part, B, axis=1) for part in state)


def step_ids(model: Network, ids: Integer[Ids, " B"], state: State) -> tuple[Float[Floats, "B V"], State]:
    """One step of a model of ids: the logits of what follows, and the new state."""
    one_hot = np.zeros((len(ids), model.input_size), model.dtype)
    one_hot[np.arange(len(ids)), ids] = 1
    return model.step(one_hot, state)


def _distributions(logits: Float[Floats, "B V"], choice: Choice | Sequence[Choice], going: list[int]) -> Floats:
    """What each of some continuations draws from, (B, V)."""
    if isinstance(choice, Choice):
        return probabilities(logits, choice)
    return np.stack([probabilities(row, choice[k]) for row, k in zip(logits, going, strict=True)])


def _drawn(p: Float[Floats, "B V"], draws: Float[Floats, " B"]) -> Integer[Ids, " B"]:
    """The ids that draws from [0, 1) stand for: the first whose cumulative probability is above them."""
    chosen = np.count_nonzero(np.cumsum(p, axis=-1) <= draws[:, None], axis=-1)
    last = p.shape[-1] - 1 - np.argmax(p[:, ::-1] > 0, axis=-1)
    drawn: Ids = np.minimum(chosen, last)  # the sum may end a rounding error below 1
    return drawn


@quietly
def surprises(logits: Float[Floats, "B V"], chosen: Integer[Ids, " B"]) -> Float[Floats, " B"]:
    """-ln softmax(logits)[chosen] of each row, nats. The largest logit is taken off: exp cannot overflow."""
    logits = logits.astype(np.float64)
    top = logits.max(axis=-1)
    found: Floats = top - logits[np.arange(len(chosen)), chosen] + np.log(np.exp(logits - top[:, None]).sum(axis=-1))
    return found


def surprise(logits: Float[Floats, " V"], chosen: int) -> float:
    """-ln softmax(logits)[chosen], nats."""
    return float(surprises(logits[None], np.array([chosen]))[0])
