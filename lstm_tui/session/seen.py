"""The part of a snapshot that a task's own panes show."""

from dataclasses import dataclass
from pathlib import Path

from lstm_model.tasks.stock.forecast import Forecast, Scores
from lstm_model.tasks.text.sample import Sample
from lstm_model.tasks.text.surprise import Passage


@dataclass(frozen=True, eq=False)
class Seen:
    """What a model wrote, predicted or read, and what the next sample starts from."""

    temperature: float = 0.8
    prompt: str = ""
    samples: tuple[Sample, ...] = ()  # the last ones of this session
    samples_file: Path | None = None  # all of the run that were written down
    unwritten: int = 0  # how many of the last samples no file holds
    forecast: Forecast | None = None
    passage: Passage | None = None  # in evaluation-only mode: held-out text as the model reads it

    @property
    def scores(self) -> tuple[Scores, ...]:
        """How good the forecast is, part by part."""
        return () if self.forecast is None else self.forecast.scores
