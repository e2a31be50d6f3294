"""The order of trials: which settings come next. What is drawn follows from the seed and a number alone.

So no generator is carried along, and a sweep that was killed draws what an unbroken one would have drawn.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from lstm_model.errors import InputError
from lstm_model.sweeps.space import Settings, Space

MOST_COUNTED = 1_000_000  # settings that are put in a random order whole, so that none comes twice


class Order(Protocol):
    """Where settings come from, one group of trials after another.

    most: how many groups there can be, None for no end. learns: whether what was asked and told makes a difference.
    """

    most: int | None
    learns: bool

    def settings(self, group: int, asked: Mapping[int, Settings], told: Mapping[int, float | None]) -> Settings:
        """The settings of a group.

        asked: the settings of the groups before it. told: the loss of those that are done, None of one that failed.
        """
        ...


class Grid:
    """All combinations of values, one after another."""

    learns = False

    def __init__(self, space: Space) -> None:
        self.most = space.size
        self._space = space
        if self.most is None:
            name = next(d.name for d in space.dimensions if not hasattr(d, "values"))
            raise InputError(f"a grid needs values, and {name} is a range: name some, or let `sampler` be random")

    def settings(self, group: int, asked: Mapping[int, Settings], told: Mapping[int, float | None]) -> Settings:  # noqa: ARG002
        """The group's place on the grid."""
        return self._space.on_grid(group)


class Random:
    """Settings at random; from values alone, each combination once."""

    learns = False

    def __init__(self, space: Space, seed: int) -> None:
        self._space, self._seed = space, seed
        self.most = space.size if (space.size or MOST_COUNTED + 1) <= MOST_COUNTED else None
        self._places = None if self.most is None else np.random.default_rng(seed).permutation(self.most)

    def settings(self, group: int, asked: Mapping[int, Settings], told: Mapping[int, float | None]) -> Settings:  # noqa: ARG002
        """Drawn from the seed and the group's number."""
        if self._places is not None:
            return self._space.on_grid(int(self._places[group]))
        return self._space.drawn(np.random.default_rng([self._seed, group]))


def order_of(sampler: str, space: Space, seed: int, folder: Path) -> Order:
    """The order that a word stands for. InputError if what it needs is not installed, or it cannot be."""
    if sampler == "grid":
        return Grid(space)
    if sampler == "random":
        return Random(space, seed)
    try:
        from lstm_model.sweeps.suggested import Suggested
    except ModuleNotFoundError as error:
        raise InputError(f"`sampler` optuna needs the package {error.name}: pip install 'lstm-tui[sweep]'") from None
    return Suggested(space, seed, folder)
