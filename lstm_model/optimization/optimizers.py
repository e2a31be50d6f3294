"""Adagrad, Adam and SGD with momentum.

All work on the one vector in which the parameters lie. An optimizer's state is a few vectors of the same length, by
name, so that a checkpoint can hold it and a loaded one can be copied into place.
"""

from collections.abc import Callable

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.settings.words import OptimizerName


class Optimizer:
    """The common part: `memory` holds the vectors that are carried from step to step, `steps` counts updates.

    size: n, the length of the parameters' vector. dtype: of the parameters.
    """

    REMEMBERS: tuple[str, ...] = ()

    def __init__(self, size: int, dtype: np.dtype[np.floating] | type[np.floating] = np.float32) -> None:
        self.steps = 0
        self.memory: dict[str, Floats] = {name: np.zeros(size, dtype) for name in self.REMEMBERS}
        self._scratch: Floats = np.empty(size, dtype)

    def update(self, parameters: Floats, gradient: Floats, learning_rate: float) -> None:
        """Take one step down the gradient. parameters: (n,), changed in place; gradient: (n,), left as it is."""
        raise NotImplementedError


class SGD(Optimizer):
    """Stochastic gradient descent with momentum: v = m v + g; p -= rate v (Polyak 1964, in PyTorch's form).

    size: n, the length of the parameters' vector. dtype: of the parameters.
    """

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
    """A rate for each parameter, shrinking as it moves: s += g^2; p -= rate g / (sqrt(s) + eps) (Duchi et al. 2011).

    size: n, the length of the parameters' vector. dtype: of the parameters.
    """

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

    size: n, the length of the parameters' vector. dtype: of the parameters. betas: (b1, b2), each at least 0, below 1.
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
