"""A forecast of prices, and how good it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lstm_model.events import Event
from lstm_model.tasks.stock.paths import PricePaths


@dataclass(frozen=True)
class Scores:
    """A part's errors beside those of "tomorrow = today", with the keys of `eval --json`."""

    part: str
    metrics: Mapping[str, Any]


@dataclass(frozen=True)
class Forecast(Event):
    """Predicted closes for all days, as of a step, and their scores on the parts that may be seen."""

    step: int
    paths: PricePaths
    scores: tuple[Scores, ...] = ()
