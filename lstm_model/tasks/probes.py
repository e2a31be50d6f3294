"""Sequences to look inside of a network with, and what stands in them: features that are computed from data alone.

Each task has its own, found by name, see the task's kind. A feature is a line in the task's table.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Inputs
from lstm_model.errors import InputError
from lstm_model.tasks.base import Reading


@dataclass(frozen=True)
class Feature:
    """Something a unit may follow. It is known at each place of what is read, from there and from what came before."""

    name: str  # "column in the line"
    of: Callable[[Any], NDArray[Any]]  # of what is read, N places: a number for each, or whether it holds, (N,)
    yes_no: bool = False


@dataclass(frozen=True, eq=False)
class HeldOut:
    """B sequences of T steps, held out from training, to be read from a state of zeros."""

    x: Inputs  # (T, B) ids or (T, B, D) floats
    targets: Inputs  # (T, B) ids or (T, B, O) floats: what comes after each step
    source: Any  # of N places: what features are computed from
    places: NDArray[np.intp]  # (T, B): which place of the source each step reads
    warm_up: int = 0  # steps at the start in which a network knows too little to be judged

    def values(self, feature: Feature) -> NDArray[np.float64]:
        """A feature at every step of every sequence, (T, B)."""
        of_source = np.asarray(feature.of(self.source), np.float64)
        return of_source[self.places]


class Probes(ABC):
    """What the networks of a task can be probed with. `features`: the table of what units may follow.

    task: its data; text: one's own, to be read in place of the held-out part. InputError for a text that has no meaning
    for the task, or a character that the model does not know.
    """

    features: ClassVar[tuple[Feature, ...]]

    def __init__(self, task: Any, text: str | None = None) -> None:
        self.task, self.text = task, text

    @classmethod
    def own_text(cls, task: Any, raw: bytes, where: str) -> str:  # noqa: ARG003 - most read none
        """The text of a person's file, as the task's models read texts; `where` it is from, for messages."""
        raise InputError(f"a {task.kind.name} model reads no text: leave {where} out")

    def reading(self, number: int, length: int) -> Reading:
        """One sequence to look at: of the task, or the text of one's own, whose length it then has."""
        if self.text is not None:
            raise InputError(f"a {self.task.kind.name} model reads no text: leave the text out")
        reading: Reading = self.task.reading(number, length)
        return reading

    @abstractmethod
    def many(self, most: int | None = None) -> HeldOut:
        """Sequences side by side: enough for statistics, or as many as there are, or `most` of them."""
