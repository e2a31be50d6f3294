"""A file shown as a run would read it: for which task, why that one, and what its face makes of it for a person."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lstm_model.settings.config import Config, setting_types
from lstm_model.settings.presets import preset_config
from lstm_tui.options.given import Given, settings_of
from lstm_tui.options.table import OPTIONS, TASKS
from lstm_tui.reports.judged import Report
from lstm_tui.task_faces import part_of

LABEL = 12  # cells of what a line is about


@dataclass(frozen=True, eq=False)
class Described(ABC):
    """What reading a file gave. Each face has a class of its own."""

    report: Report  # of `--json`, beside what is the same for all
    notes: tuple[str, ...]  # what was mended, and what a person should know, in the order in which it was found

    @property
    @abstractmethod
    def brief(self) -> str:
        """What the file is, in a line."""

    @property
    def learnt_from(self) -> int | None:
        """How many items a run would learn from, where settings may follow from that."""
        return None

    @abstractmethod
    def lines(self) -> list[str]:
        """How the file was read, its first and last items, the parts."""

    @abstractmethod
    def picture(self, width: int, *, ascii_only: bool) -> list[str]:
        """What stands below."""


def labelled(label: str, text: str) -> str:
    """A line of the description: what is meant, and what there is."""
    return f"{label:<{LABEL}}{text}"


def guessed_task(path: Path, given: Given) -> tuple[str, str]:
    """The task a file is for, and why: an option of that task was given, or its face claims the file.

    Tasks without a setting that was given are out of the question.
    """
    for option in OPTIONS:
        if option.task is not None and option.name in given:
            return option.task, f"{option.flag} is for it"
    if path.is_dir():
        return TASKS[0], "it is a folder"
    able = [task for task in TASKS if settings_of(given).keys() <= setting_types(task).keys()]
    for task in able:
        if why := part_of(task, "described").claim(path, reading_settings(task, given)):
            return task, why
    others = [kind for kind in (part_of(task, "options").DATA for task in TASKS[1:]) if kind]
    return TASKS[0], f"it is not {', or '.join(others)}"


def describe(
    path: Path, task: str, given: Given, progress: Callable[[float], None], *, quick: bool = False
) -> Described:
    """Read a file and describe it as its task's face does it; `quick` leaves out what takes longer than reading."""
    config = reading_settings(task, given)
    described: Described = part_of(task, "described").describe(path, config, progress, quick=quick)
    return described


def reading_settings(task: str, given: Given) -> Config:
    """The settings of a new run of a task, with those that were given."""
    return preset_config(task, **settings_of(given))
