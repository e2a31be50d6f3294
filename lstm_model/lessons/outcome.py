"""What a lesson has found."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from lstm_model.lessons.table import LESSONS

Progress = Callable[[float], None]  # the share that is done


@dataclass(frozen=True)
class Outcome:
    """A table, what it shows, and what to look at."""

    about: str  # what was done, in one or two sentences
    columns: tuple[str, ...]  # the first names the rows
    rows: tuple[tuple[str | float | int | None, ...], ...]
    said: str  # what tells right and wrong apart


def outcome_of(name: str, progress: Progress) -> Outcome:
    """Make a lesson, a name in LESSONS."""
    found: Outcome = import_module(f"lstm_model.lessons.{LESSONS[name].module}").outcome(progress)
    return found
