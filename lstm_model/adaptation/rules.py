"""How the weights move after a segment: dynamic evaluation (Krause, Kahembwe, Murray and Renals 2018)."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from lstm_model.arrays import Floats, quietly
from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import Optimizer

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
    """The update of an optimizer, with a bound on the gradient's norm: for a model that begins with nothing."""

    def __init__(self, optimizer: Optimizer, rate: float, bound: float) -> None:
        self.optimizer, self.rate, self._bound = optimizer, rate, bound

    @quietly
    def apply(self, weights: Floats, gradients: Floats) -> None:
        """Move the weights, in place."""
        clip(gradients, self._bound, "norm")
        self.optimizer.update(weights, gradients, self.rate)

    def slow_down(self) -> None:
        """Half the rate."""
        self.rate /= 2
