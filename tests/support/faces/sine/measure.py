"""What `eval` says of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Self

from lstm_model.runs.saved_model import SavedModel
from lstm_model.tasks.base import finish
from lstm_model.tasks.comparison import Comparison
from lstm_tui.options.given import Given
from lstm_tui.reports.judged import Judged, heading


@dataclass(frozen=True, eq=False)
class SineJudged(Judged):
    """A model of waves, measured."""

    def lines(self) -> list[str]:
        """Its loss, and that of a flat line."""
        return [f"squared error {self.report['loss']:.4f}, flat {self.report['flat']:.4f}"]

    def picture(self, rival: Self | None, width: int, *, ascii_only: bool) -> list[str]:
        """A wave."""
        return ["~" * width]

    def draw(self, figure: Any, rival: Self | None) -> str:
        """A point."""
        figure.subplots().plot([0], [self.report["loss"]])
        return "a wave"

    @property
    def measured(self) -> str:
        """All of it."""
        return "a wave"

    def rows(self, rival: Self) -> list[list[str]]:
        """Both losses."""
        return [["", "A", "B"], ["loss", *(f"{one.report['loss']:.4f}" for one in (self, rival))]]

    def compare(self, rival: Self) -> Comparison:
        """By their losses."""
        better: Literal["a", "b"] = "a" if self.report["loss"] < rival.report["loss"] else "b"
        return Comparison(better, None, f"{better.upper()} is better.")


def measure(saved: SavedModel, given: Given, progress: Callable[[float], None]) -> SineJudged:
    """Measure it on the whole wave."""
    trainer = saved.trainer()
    loss = finish(trainer.task.validation_loss(trainer.judged), progress)
    return SineJudged(heading(saved, "a wave", "val") | {"loss": loss, **trainer.task.references()})
