"""The record of a checkpoint, checked before anything believes it.

A file may be damaged or made to do harm, so every entry that is read anywhere has its type and its range here. What a
newer program added under another name is left alone.
"""

import json
import math
import os
from collections.abc import Callable
from typing import Any

from lstm_model.errors import InputError
from lstm_model.settings.config import Config
from lstm_model.settings.kinds import LARGEST_COUNT, in_short
from lstm_model.settings.task_kinds import kind_of

MOST_ENTRIES = 100_000  # commas and brackets of a record: each costs memory, and a run writes some hundred
MOST_MARKS = 1_000  # a run keeps some hundred
LARGEST_LOSS = 1e60  # the sum of all losses a run could have, and still far from what overflows when it is drawn
LONGEST = {"data": 4_096, "preset": 100}  # characters of a setting

Check = Callable[[Any], bool]


def parse_record(text: str) -> dict[str, Any]:
    """Read a record from JSON; ValueError, with a few words on why, for what is none or would eat the memory."""
    if text.count(",") + text.count("[") + text.count("{") > MOST_ENTRIES:
        raise ValueError("has too many entries")
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):  # also a number of thousands of digits, and brackets within brackets
        raise ValueError("cannot be read") from None
    if not isinstance(record, dict):
        raise ValueError("cannot be read")  # noqa: TRY004 - it is the text that is wrong, not its type
    return record


def check_record(record: dict[str, Any]) -> Config:
    """Check every entry that is read from a record; its settings. ValueError, with a few words, for the first wrong."""
    config = _checked_config(record.get("config"))
    for name, (right, wanted) in _ENTRIES.items():
        if name not in record:
            raise ValueError(f"is incomplete: there is no {name}")
        if not right(record[name]):
            raise ValueError(f"makes no sense: {name} is no {wanted} but {in_short(record[name])}")
    marks = record.get("marks", [])
    if not _is_list_of(marks, _is_mark) or len(marks) > MOST_MARKS:
        raise ValueError("makes no sense: marks are no list of steps and words")
    _check_data(record["data"], config)
    return config


def _checked_config(values: Any) -> Config:
    if not isinstance(values, dict):
        raise ValueError("is incomplete: there are no settings")  # noqa: TRY004
    try:
        config = Config.from_dict(values)
    except InputError as error:
        raise ValueError(f"makes no sense, its settings: {error}") from None
    for name, most in LONGEST.items():
        text = getattr(config, name) or ""
        if len(text) > most or (name == "preset" and not text.isprintable()):
            raise ValueError(f"makes no sense, its settings: {name} is {in_short(text)}")
    if config.data is not None and not _is_path(config.data):
        raise ValueError(f"makes no sense, its settings: data is {in_short(config.data)}, no path")
    return config


def _check_data(data: dict[str, Any], config: Config) -> None:
    """What was kept of the data: where they are from, and what the task remembers of them."""
    if not _is_text(data.get("name"), 4_096) or not _is_text(data.get("sha256"), 200):
        raise ValueError("is incomplete: there is no name or no sha256 of the data")
    kind_of(config.task).check_saved(config.of_task, data)


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
    return isinstance(value, dict) and _is_count(value.get("position")) and _is_count(value.get("epochs"))


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
