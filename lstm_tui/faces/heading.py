"""A saved model measured: its report, which begins alike for all, and what a picture of it needs."""

import textwrap
from dataclasses import dataclass
from typing import Any

from lstm_model.runs.saved_model import SavedModel
from lstm_model.tasks.stock.paths import PricePaths

Report = dict[str, Any]
WIDTH = 80  # of a report


@dataclass(frozen=True, eq=False)
class Judged:
    """What measuring a model gave."""

    report: Report
    notes: tuple[str, ...] = ()  # what a person should know beside it
    paths: PricePaths | None = None  # of prices, what was predicted
    name: str = ""  # "A" or "B" where there are two


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


def ahead(horizon: int, row: str) -> str:
    """How far ahead forecasts look: "one day ahead", "5 weeks ahead"."""
    return f"one {row} ahead" if horizon == 1 else f"{horizon} {row}s ahead"
