"""Adagrad, Adam and SGD with momentum; clipping; learning-rate schedules.

All work on the one vector in which the parameters lie. An optimizer's state is a few vectors of the same length, by
name, so that a checkpoint can hold it and a loaded one can be copied into place.
"""

import math
from collections.abc import Callable
from typing import Literal

import numpy as np

from lstm_model.arrays import Floats

OptimizerName = Literal["adam", "adagrad", "sgd"]
ScheduleName = Literal["constant", "cosine", "sqrt"]
ClipMode = Literal["norm", "value"]
SETTLING = 3000  # steps before a rate without an end begins to fall


class Optimizer:
    """The common part: `memory` holds the vectors that are carried from step to step, `steps` counts updates."""

    REMEMBERS: tuple[str, ...] = ()

    def __init__(self, size: int, dtype: np.dtype[np.floating] | type[np.floating] = np.float32) -> None:
        self.steps = 0
        self.memory: dict[str, Floats] = {name: np.zeros(size, dtype) for name in self.REMEMBERS}
        self._scratch: Floats = np.empty(size, dtype)

    def update(self, parameters: Floats, gradient: Floats, learning_rate: float) -> None:
        """Take one step down the gradient, in place. parameters, gradient: (n,) vectors."""
        raise NotImplementedError


class SGD(Optimizer):
    """Stochastic gradient descent with momentum: v = m v + g; p -= rate v (Polyak 1964, in PyTorch's form)."""

    REMEMBERS = ("velocity",)
    MOMENTUM = 0.9

    def update(self, parameters: Floats, gradient: Floats, learning_rate: float) -> None:
        """Take one step, in place."""
        self.steps += 1
        velocity = self.memory["velocity"]
        velocity *= self.MOMENTUM
        velocity += gradient
        parameters -= np.multiply(velocity, learning_rate, out=self._scratch)


class Adagrad(Optimizer):
    """A rate for each parameter, shrinking as it moves: s += g^2; p -= rate g / (sqrt(s) + eps) (Duchi et al. 2011)."""

    REMEMBERS = ("sum_of_squares",)
    EPSILON = 1e-8

    def update(self, parameters: Floats, gradient: Floats, learning_rate: float) -> None:
        """Take one step, in place."""
        self.steps += 1
        total, scratch = self.memory["sum_of_squares"], self._scratch
        total += np.multiply(gradient, gradient, out=scratch)
        np.sqrt(total, out=scratch)
        scratch += self.EPSILON
        np.divide(gradient, scratch, out=scratch)
        scratch *= learning_rate
        parameters -= scratch


class Adam(Optimizer):
    """Running means of g and g^2, both corrected for their start at zero (Kingma & Ba 2015, algorithm 1).

    p -= rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps). The second beta is 0.99, as small character
    models have it: few steps are taken, so the mean of squares should forget the first ones sooner than 0.999 lets it.
    """

    REMEMBERS = ("mean", "mean_of_squares")
    EPSILON = 1e-8

    def __init__(
        self,
        size: int,
        dtype: np.dtype[np.floating] | type[np.floating] = np.float32,
        betas: tuple[float, float] = (0.9, 0.99),
    ) -> None:
        super().__init__(size, dtype)
        self.betas = betas

    def update(self, parameters: Floats, gradient: Floats, learning_rate: float) -> None:
        """Take one step, in place."""
        self.steps += 1
        (b1, b2), scratch = self.betas, self._scratch
        mean, squares = self.memory["mean"], self.memory["mean_of_squares"]
        mean *= b1
        mean += np.multiply(gradient, 1 - b1, out=scratch)
        squares *= b2
        np.multiply(gradient, gradient, out=scratch)
        scratch *= 1 - b2
        squares += scratch
        np.divide(squares, 1 - b2**self.steps, out=scratch)
        np.sqrt(scratch, out=scratch)
        scratch += self.EPSILON
        np.divide(mean, scratch, out=scratch)
        scratch *= learning_rate / (1 - b1**self.steps)
        parameters -= scratch


OPTIMIZERS: dict[OptimizerName, Callable[[int, np.dtype[np.floating]], Optimizer]] = {
    "adam": Adam,
    "adagrad": Adagrad,
    "sgd": SGD,
}


def clip(gradient: Floats, most: float, mode: ClipMode) -> float:
    """Bound a gradient vector in place; return its norm before.

    "norm": scale the whole so that its norm is at most `most`, which keeps its direction (Pascanu et al. 2013);
    "value": each entry into [-most, most]. 0 clips nothing.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        squares = float(np.dot(gradient, gradient))
    if not 1e-30 < squares < 1e30:
        # A float32 sum of squares overflows from 1.8e19 on and would call a finite gradient infinite; in float64 it is
        # right, and ten times slower.
        squares = float(np.einsum("i,i->", gradient, gradient, dtype=np.float64))
    norm = math.sqrt(squares)
    if most > 0 and mode == "value":
        np.clip(gradient, -most, most, out=gradient)
    elif most > 0 and norm > most:
        gradient *= most / norm
    return norm


def was_clipped(gradient: Floats, norm: float, most: float, mode: ClipMode) -> bool:
    """Whether `clip` changed the gradient that it has just bounded and whose norm it returned.

    An entry that lay exactly on the bound counts as one that was cut to it.
    """
    if most <= 0 or norm <= most:  # no entry is larger than the norm
        return False
    return mode == "norm" or bool(max(gradient.max(), -gradient.min()) >= most)


def rate_factor(schedule: ScheduleName, step: int, warmup: int, total: int | None) -> float:
    """What the learning rate is multiplied with at a step counted from 0.

    All schedules rise linearly over `warmup` steps. "constant" then stays at 1. "sqrt" needs no end: from SETTLING
    steps on it falls as 1 / sqrt(step), fast enough to settle and slow enough never to stop (Robbins & Monro 1951 ask
    for a power between 1/2 and 1). "cosine" falls along half a cosine to 1 % at `total` (Loshchilov & Hutter 2017);
    where no end is known it is "sqrt".
    """
    if step < warmup:
        return (step + 1) / warmup
    if schedule == "constant":
        return 1.0
    if schedule == "sqrt" or total is None:
        return min(1.0, math.sqrt(SETTLING / max(1, step)))
    progress = min(1.0, (step - warmup) / max(1, total - warmup))
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress))
