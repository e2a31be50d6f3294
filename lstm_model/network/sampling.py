"""Sampling from a model: draw an id from the logits, feed it back, repeat."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lstm_model.arrays import Float, Floats, Ids, Integer, quietly
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
def probabilities(logits: Float[Floats, " V"], choice: Choice) -> Float[Floats, " V"]:
    """The distribution a character is drawn from, float64."""
    logits = logits.astype(np.float64)
    if choice.temperature == 0:
        certain: Floats = (np.arange(len(logits)) == np.argmax(logits)).astype(np.float64)
        return certain
    logits = (logits - logits.max()) / choice.temperature
    order = np.argsort(-logits, kind="stable")
    p: Floats = np.exp(logits)
    if 0 < choice.top_k < len(p):
        p[order[choice.top_k :]] = 0
    p /= p.sum()
    if choice.top_p < 1:
        before = np.cumsum(p[order]) - p[order]  # what the likelier ones have together; the likeliest always stays
        p[order[before >= choice.top_p]] = 0
        p /= p.sum()
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
    if len(prompt) == 0:
        raise InputError("the prompt is empty: give at least one character")
    outputs, state = model.forward(prompt[:, None])  # (n, 1, V)
    logits = outputs[-1, 0].copy()
    one_hot = np.zeros((1, model.input_size), model.dtype)
    for _ in range(length):
        p = probabilities(logits, choice)
        chosen = int(np.searchsorted(np.cumsum(p), rng.random(), side="right"))
        chosen = min(chosen, int(np.flatnonzero(p)[-1]))  # the sum may end a rounding error below 1
        yield Sampled(chosen, surprise(logits, chosen))
        one_hot[0, chosen] = 1
        outputs, state = model.step(one_hot, state)
        one_hot[0, chosen] = 0
        logits = outputs[0]


@quietly
def surprise(logits: Float[Floats, " V"], chosen: int) -> float:
    """-ln softmax(logits)[chosen], nats. The largest logit is taken off: exp cannot overflow."""
    logits = logits.astype(np.float64)
    top = logits.max()
    return float(top - logits[chosen] + np.log(np.exp(logits - top).sum()))
