"""How the weights move after a segment: dynamic evaluation (Krause, Kahembwe, Murray and Renals 2018)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from lstm_model.arrays import Floats, quietly
from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import Optimizer
from lstm_model.settings.words import ClipMode

PIECE = 1 << 16  # weights moved at a time: what they need stays in the cache


class Update(Protocol):
    """What turns a segment's gradient into new weights."""

    def apply(self, weights: Floats, gradients: Floats) -> None:
        """Move the weights (n,), in place, by their gradients (n,), which may be overwritten."""

    def slow_down(self) -> None:
        """Take smaller steps from now on: the weights have run away and are back where they began."""


@dataclass(frozen=True)
class Rule:
    """How fast a model learns from what it reads, and how fast it comes back to what training taught it.

    rate: what a step is multiplied with. pull: the share of the way back to the trained weights that each step goes.
    """

    rate: float
    pull: float

    def slower(self) -> "Rule":
        """The same at half the rate."""
        return replace(self, rate=self.rate / 2)


class Dynamic:
    """The update w <- w - rate * g / (s + mean of s) + pull * (w0 - w), and with no scales w - rate * g in its middle.

    start: the trained weights w0 (n,). scales: s (n,), the root of the mean square of each weight's gradient, see
    scales.py. Krause et al. divide by s plus a small number of their choice; the mean of s is one that fits any model.
    """

    def __init__(self, rule: Rule, start: Floats, scales: Floats | None = None) -> None:
        self.rule, self._start = rule, start
        self._divisor = None if scales is None else (scales + scales.mean()).astype(start.dtype)

    @quietly
    def apply(self, weights: Floats, gradients: Floats) -> None:
        """Move the weights, in place."""
        rate, pull = (weights.dtype.type(number) for number in (self.rule.rate, self.rule.pull))
        for begin in range(0, len(weights), PIECE):
            some = slice(begin, begin + PIECE)
            w, g = weights[some], gradients[some]
            if self._divisor is not None:
                g /= self._divisor[some]
            g *= rate
            w -= g
            if pull:
                np.subtract(self._start[some], w, out=g)
                g *= pull
                w += g

    def slow_down(self) -> None:
        """Half the rate."""
        self.rule = self.rule.slower()


class Optimized:
    """The update of an optimizer, with a bound on the gradient: for a model that begins with nothing.

    rate: by the number of steps taken. most, mode: of the bound, see `clip`.
    """

    def __init__(self, optimizer: Optimizer, rate: Callable[[int], float], most: float, mode: ClipMode) -> None:
        self.optimizer, self._rate, self._most, self._mode = optimizer, rate, most, mode
        self._factor = 1.0

    @quietly
    def apply(self, weights: Floats, gradients: Floats) -> None:
        """Move the weights, in place."""
        clip(gradients, self._most, self._mode)
        self.optimizer.update(weights, gradients, self._factor * self._rate(self.optimizer.steps))

    def slow_down(self) -> None:
        """Half the rate."""
        self._factor /= 2
