"""What is known of a saved run, as a row: its settings under the names of the options, and its figures."""

import difflib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lstm_model.errors import InputError
from lstm_model.runs.baselines import Losses, passed
from lstm_model.runs.keeping.labels import NO_LABEL, Label
from lstm_model.runs.saves import Saved
from lstm_tui.options.table import SETTINGS
from lstm_tui.visible import pasteable
from lstm_tui.wording import ago, duration, figure, size

Row = dict[str, Any]  # by column; None where there is nothing

TIMES = {"s": 1, "min": 60, "h": 3_600, "d": 86_400}
SIZES = {"kB": 1e3, "MB": 1e6, "GB": 1e9}


class Share(int):
    """A count, and of how many."""

    of: int

    @classmethod
    def counted(cls, count: int, of: int) -> "Share":
        """So many of so many."""
        share = cls(count)
        share.of = of
        return share

    def __str__(self) -> str:
        return f"{int(self)}/{self.of}"


def _plain(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _count(value: Any) -> str:
    return "-" if value is None else f"{value:,}"


@dataclass(frozen=True)
class Column:
    """A column: its name in conditions and in CSV, its head, and how a value is written for a person."""

    name: str
    head: str
    text: Callable[[Any], str] = _plain
    right: bool = True
    units: Mapping[str, float] = field(default_factory=dict)  # that a number in a condition may end in
    is_setting: bool = False
    stands_alone: bool = False  # in a condition: fulfilled where there is something


def _mark(value: Any) -> str:
    return "*" if value else ""


def _words(value: Any) -> str:
    return value or ""


STAR = "yes"  # what stands in the column of a run that has one
_FRONT = (Column("run", "load with", right=False), Column("task", "task", right=False))
_LABEL = (
    Column("star", "star", _mark, right=False, stands_alone=True),
    Column("name", "name", _words, right=False, stands_alone=True),
    Column("note", "note", _words, right=False, stands_alone=True),
)
_FIGURES = (
    Column("step", "step", _count),
    Column("loss", "loss", figure),
    Column("val_loss", "val loss", figure),
    Column("best_val_loss", "best", figure),
    Column("best_step", "best at", _count),
    Column("passed", "passed"),
    Column("time", "time", duration, units=TIMES),
    Column("age", "age", ago, units=TIMES),
    Column("size", "size", size, units=SIZES),
    Column("data", "data", right=False),
    Column("settings", "settings", right=False),
)
_NAMES = {option.field: name for name, option in SETTINGS.items() if option.field not in (None, "data")}
_SETTINGS = tuple(Column(name, name.replace("_", " "), is_setting=True) for name in _NAMES.values())
COLUMNS = {column.name: column for column in (*_FRONT, *_LABEL, *_SETTINGS, *_FIGURES)}
ALIASES = {str(field): name for field, name in _NAMES.items()} | {"best": "best_val_loss", "elapsed_s": "time"}
ALWAYS = ("cell",)  # settings that are shown also where all runs have the same
LEAVE = (
    "note",
    "settings",
    "size",
    "best_step",
    "loss",
    "val_loss",
    "age",
    "time",
    "passed",
)  # a narrow screen, in this order


def row_of(save: Saved, losses: Losses, where: str, label: Label = NO_LABEL) -> Row:
    """The row of a saved run; `where`: what `--load` takes to open it; label: what a person calls it."""
    best = passed(save, losses)
    settings = {name: _setting(name, save.values.get(str(field))) for field, name in _NAMES.items()}
    return {
        "run": pasteable(where), "task": save.task,
        "star": STAR if label.star else None, "name": label.name or None, "note": label.note or None, **settings,
        "step": save.step, "loss": save.loss, "val_loss": save.val_loss, "best_val_loss": save.best_val_loss,
        "best_step": save.best_step, "passed": best and Share.counted(len(best.names), best.of),
        "time": save.elapsed_s, "age": time.time() - save.modified, "size": save.bytes, "data": save.data,
        "settings": save.settings,
    }  # fmt: skip


def column_of(name: str, what: str) -> Column:
    """The column of a name, as somebody wrote it for an option; an InputError with a guess for one there is not."""
    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    wanted = ALIASES.get(wanted, wanted)
    if wanted in COLUMNS:
        return COLUMNS[wanted]
    close = difflib.get_close_matches(wanted[:40], [*COLUMNS, *ALIASES], 1)
    guess = f"did you mean {close[0]}?" if close else f"there are {', '.join(COLUMNS)}"
    raise InputError(f"{what}: there is no column {name[:40]!r}: {guess}")


def differing(rows: Sequence[Row]) -> list[Column]:
    """The settings in which runs of one task differ, and those that are always shown, where any run has them."""
    shown = []
    for column in (column for column in _SETTINGS if SETTINGS[column.name].kept):
        by_task: dict[str, set[Any]] = {}
        for row in rows:
            by_task.setdefault(row["task"], set()).add(row[column.name])
        known = any(values != {None} for values in by_task.values())
        if known and (column.name in ALWAYS or any(len(values) > 1 for values in by_task.values())):
            shown.append(column)
    return shown


def usual(rows: Sequence[Row]) -> list[Column]:
    """The columns of a table for a person: what differs, and the figures."""
    figures = [column for column in _FIGURES if column.name != "data" or len({row["data"] for row in rows}) > 1]
    with_passed = any(row["passed"] is not None for row in rows)
    figures = [column for column in figures if column.name != "passed" or with_passed]
    labels = [column for column in _LABEL if any(row[column.name] is not None for row in rows)]
    return [*_FRONT, *labels, *differing(rows), *figures]


def all_columns(rows: Sequence[Row]) -> list[Column]:
    """Every column in which some run has something, for programs."""
    return [column for column in COLUMNS.values() if any(row[column.name] is not None for row in rows)]


def _setting(name: str, value: Any) -> Any:
    """Numbers and words as they are, of several values the text that the option takes."""
    return SETTINGS[name].text(tuple(value)) if isinstance(value, list | tuple) else value
