"""The part of a snapshot that a task's own panes show."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_model.runs.events import Forecast
from lstm_model.tasks.text.sample import Sample
from lstm_model.tasks.text.surprise import Passage


@dataclass(frozen=True)
class Scores:
    """A part's errors beside those of "tomorrow = today", with the keys of `eval --json`."""

    part: str
    metrics: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Seen:
    """What a model wrote, predicted or read, and what the next sample starts from."""

    V: int = 0  # characters of the vocabulary; 0 for prices
    temperature: float = 0.8
    prompt: str = ""
    samples: tuple[Sample, ...] = ()  # the last ones of this session
    samples_file: Path | None = None  # all of the run that were written down
    unwritten: int = 0  # how many of the last samples no file holds
    forecast: Forecast | None = None
    scores: tuple[Scores, ...] = ()
    passage: Passage | None = None  # in evaluation-only mode: held-out text as the model reads it
