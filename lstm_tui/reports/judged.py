"""A saved model measured: its report, and what each task's face makes of it for a person."""

import textwrap
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar, Self

from lstm_model.runs.saved_model import SavedModel
from lstm_model.tasks.comparison import Comparison
from lstm_tui.options.given import Given
from lstm_tui.task_faces import part_of
from lstm_tui.visible import visible

Report = dict[str, Any]
WIDTH = 80  # of a report


@dataclass(frozen=True, eq=False)
class Judged(ABC):
    """What measuring a model gave. Each face has a class of its own; `rival` is another of the same task."""

    SAME: ClassVar[tuple[str, ...]] = ()  # what two models must be judged on alike, beside part and data

    report: Report
    notes: tuple[str, ...] = ()  # what a person should know beside it
    name: str = ""  # "A" or "B" where there are two

    @abstractmethod
    def lines(self) -> list[str]:
        """The report for a person, after the lines on model and data."""

    @abstractmethod
    def picture(self, rival: Self | None, width: int, *, ascii_only: bool) -> list[str]:
        """What stands below the report, in text."""

    @abstractmethod
    def draw(self, figure: Any, rival: Self | None) -> str:
        """Draw the same into a figure of matplotlib; the figures that count, for its title."""

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        text = visible("\n".join(self.lines()))
        return f"<pre>{escape(text)}</pre>"

    # Beside another

    @property
    @abstractmethod
    def measured(self) -> str:
        """How much was measured: "1,000 characters"."""

    @abstractmethod
    def rows(self, rival: Self) -> list[list[str]]:
        """The table of both, its heads first."""

    @abstractmethod
    def compare(self, rival: Self) -> Comparison:
        """Whether one is better."""


def measure(saved: SavedModel, given: Given, progress: Callable[[float], None]) -> Judged:
    """Measure a saved model as its task's face does it."""
    judged: Judged = part_of(saved.config.task, "measure").measure(saved, given, progress)
    return judged


def heading(saved: SavedModel, data: str, part: str) -> Report:
    """The model that is measured, and on what."""
    return {
        "task": saved.config.task,
        "part": part,
        "data": data,
        "checkpoint": str(saved.file),
        "model": saved.config.shape,
        "step": saved.record.step,
    }


def wrapped(text: str) -> list[str]:
    """A sentence in lines of at most WIDTH characters."""
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
