"""The record of a checkpoint: all that a file holds beside its tensors, checked before anything believes it.

A file may be damaged or made to do harm, so every entry that is read anywhere has its type and its range here, and
nobody else knows the names under which they stand in the file. What a newer program added under another name is left
out.
"""

import json
import math
import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, get_args

from lstm_model.curves.history import LARGEST_LOSS, Mark, MarkKind
from lstm_model.errors import InputError
from lstm_model.settings.config import Config
from lstm_model.settings.kinds import LARGEST_COUNT, in_short
from lstm_model.settings.task_kinds import Sizes, kind_of

MOST_ENTRIES = 100_000  # commas and brackets of a record: each costs memory, and a run writes some hundred
MOST_MARKS = 1_000  # a run keeps some hundred
LONGEST_SETTING = {"data": 4_096, "preset": 100}  # characters of a setting

Check = Callable[[Any], bool]


@dataclass(frozen=True)
class DataRecord:
    """What a run keeps of its data: the file's name, a sha256 of what was read, and the task's own memory."""

    name: str
    sha256: str
    memory: dict[str, Any]  # what `Task.memory` gave: the vocabulary or the scaler


@dataclass(frozen=True)
class Record:
    """Where a run stands. The fields bear the names they have in the file."""

    config: Config
    step: int
    optimizer_steps: int
    base_rate: float  # the learning rate before its schedule
    total_steps: int | None  # where the schedule ends, if it does
    cursor: dict[str, int]  # what `Task.cursor` gave
    loss: float | None
    val_loss: float | None
    best_val_loss: float | None
    best_step: int
    elapsed_s: float  # seconds of training
    marks: tuple[Mark, ...]
    data: DataRecord
    alone: bool = False  # the model alone, as those that ship: without the optimizer's vectors

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as JSON holds them; `parse_record` reads them again."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values |= {
            "config": self.config.as_dict(),
            "marks": [list(mark) for mark in self.marks],
            "data": {"name": self.data.name, "sha256": self.data.sha256, **self.data.memory},
        }
        if not self.alone:
            del values["alone"]
        return values

    def to_json(self) -> str:
        """The text that a file holds."""
        return json.dumps(self.as_dict())

    @property
    def sizes(self) -> Sizes:
        """Sizes of the model's network."""
        return kind_of(self.config.task).sizes(self.config, self.data.memory)


def read_entries(text: str) -> dict[str, Any]:
    """Read a record's entries from JSON; ValueError, with a few words on why, for what would eat the memory."""
    if text.count(",") + text.count("[") + text.count("{") > MOST_ENTRIES:
        raise ValueError("has too many entries")
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):  # also a number of thousands of digits, and brackets within brackets
        raise ValueError("cannot be read") from None
    if not isinstance(entries, dict):
        raise ValueError("cannot be read")  # noqa: TRY004 - it is the text that is wrong, not its type
    return entries


def parse_record(entries: dict[str, Any]) -> Record:
    """The record that plain entries make. ValueError, with a few words on why, for the first entry that is wrong."""
    config = _checked_config(entries.get("config"))
    for name, (right, wanted) in _ENTRIES.items():
        if name not in entries:
            raise ValueError(f"is incomplete: there is no {name}")
        if not right(entries[name]):
            raise ValueError(f"makes no sense: {name} is no {wanted} but {in_short(entries[name])}")
    return Record(
        config=config,
        step=entries["step"],
        optimizer_steps=entries["optimizer_steps"],
        base_rate=float(entries["base_rate"]),
        total_steps=entries["total_steps"],
        cursor={name: entries["cursor"][name] for name in _CURSOR},
        loss=_number_or_none(entries["loss"]),
        val_loss=_number_or_none(entries["val_loss"]),
        best_val_loss=_number_or_none(entries["best_val_loss"]),
        best_step=entries["best_step"],
        elapsed_s=float(entries["elapsed_s"]),
        marks=_marks(entries.get("marks", [])),
        data=_data(entries["data"], config),
        alone=entries.get("alone") is True,
    )


def _checked_config(values: Any) -> Config:
    if not isinstance(values, dict):
        raise ValueError("is incomplete: there are no settings")  # noqa: TRY004
    try:
        config = Config.from_dict(values)
    except InputError as error:
        raise ValueError(f"makes no sense, its settings: {error}") from None
    for name, most in LONGEST_SETTING.items():
        text = getattr(config, name) or ""
        if len(text) > most or (name == "preset" and not text.isprintable()):
            raise ValueError(f"makes no sense, its settings: {name} is {in_short(text)}")
    named = () if config.data is None else (config.data, *config.more_data)
    for path in named:
        if len(path) > LONGEST_SETTING["data"] or not _is_path(path):
            raise ValueError(f"makes no sense, its settings: data is {in_short(path)}, no path")
    return config


def _data(entries: dict[str, Any], config: Config) -> DataRecord:
    memory = dict(entries)
    name, sha256 = memory.pop("name", None), memory.pop("sha256", None)
    if not _is_text(name, 4_096) or not _is_text(sha256, 200):
        raise ValueError("is incomplete: there is no name or no sha256 of the data")
    kind_of(config.task).check_saved(config.of_task, memory)
    return DataRecord(name, sha256, memory)


def _marks(entries: Any) -> tuple[Mark, ...]:
    """The marks of the kinds that this version knows."""
    if not _is_list_of(entries, _is_mark) or len(entries) > MOST_MARKS:
        raise ValueError("makes no sense: marks are no list of steps and words")
    return tuple(Mark(step, kind) for step, kind in entries if kind in get_args(MarkKind))


def _number_or_none(value: float | None) -> float | None:
    return None if value is None else float(value)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LARGEST_COUNT


def _is_number(value: Any, least: float, most: float) -> bool:
    return type(value) in (int, float) and least <= value <= most  # NaN is neither


def _is_loss(value: Any) -> bool:
    """A loss may be missing, and of a run that exploded it may be no finite number."""
    if value is None or (type(value) is float and not math.isfinite(value)):
        return True
    return _is_number(value, -LARGEST_LOSS, LARGEST_LOSS)


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest


def _is_path(text: str) -> bool:
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeError:
        return False


def _is_list_of(value: Any, right: Check) -> bool:
    return isinstance(value, list) and all(map(right, value))


def _is_mark(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and _is_count(value[0]) and _is_text(value[1], 40)


def _is_place(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_count(value.get(name)) for name in _CURSOR)


_CURSOR = ("position", "epochs")  # what every task counts
_ENTRIES: dict[str, tuple[Check, str]] = {
    "step": (_is_count, "count"),
    "optimizer_steps": (_is_count, "count"),
    "best_step": (_is_count, "count"),
    "total_steps": (lambda value: value is None or _is_count(value), "count"),
    "base_rate": (lambda value: _is_number(value, 0, 1e30), "learning rate"),
    "elapsed_s": (lambda value: _is_number(value, 0, 1e12), "time in seconds"),
    "loss": (_is_loss, "loss"),
    "val_loss": (_is_loss, "loss"),
    "best_val_loss": (lambda value: value is None or (_is_loss(value) and math.isfinite(value)), "finite loss"),
    "cursor": (_is_place, "place in the data"),
    "data": (lambda value: isinstance(value, dict), "description of the data"),
}
