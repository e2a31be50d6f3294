"""What can happen in every run, as plain facts for whoever shows them."""

from dataclasses import dataclass
from typing import Any

from lstm_model.events import Event
from lstm_model.training.observed import StepRecord


@dataclass(frozen=True)
class Figures(Event):
    """How the run stands, every few seconds and after each validation: a line of a log, a row of metrics.csv."""

    step: int
    epoch: float
    loss: float  # mean over the steps since the last figures
    val_loss: float | None  # where it was measured just now
    learning_rate: float
    grad_norm: float
    speed: float  # items a second
    elapsed_s: float

    def row(self) -> dict[str, Any]:
        """Six digits of each figure, an empty cell for what was not measured."""
        cells: dict[str, Any] = {}
        for name, value in vars(self).items():
            cells[name] = "" if value is None else float(f"{value:.6g}") if isinstance(value, float) else value
        return cells


@dataclass(frozen=True)
class Validated(Event):
    """A validation loss; `full` if it is over the whole part."""

    step: int
    loss: float
    best: bool
    full: bool


@dataclass(frozen=True)
class Glimpsed(Event):
    """A validation loss before the first that counts, over so few `items` that nothing is judged by it."""

    step: int
    loss: float
    items: int


@dataclass(frozen=True)
class SaveDone(Event):
    """A checkpoint was written; `kind`: last, best or step."""

    step: int
    kind: str
    path: str


@dataclass(frozen=True)
class SaveFailed(Event):
    """A checkpoint could not be written; the run goes on."""

    step: int
    reason: str


@dataclass(frozen=True)
class News(Event):
    """Something that a person should know, of the run's folder or of memory; the run goes on."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Finished(Event):
    """The run reached its limit, was measured over the whole validation part, and saved."""

    step: int


@dataclass(frozen=True)
class WentBack(Event):
    """The loss exploded; the run goes on from an earlier step, more slowly."""

    exploded_at: int
    step: int  # that it went back to
    rate: float  # the base rate from here on
    reason: str = "the loss was no finite number"

    def __str__(self) -> str:
        back = f"back to step {self.step:,}, at half the rate ({self.rate:.3g})"
        return f"{self.reason} at step {self.exploded_at:,}: {back}"


@dataclass(frozen=True)
class CoachActed(Event):
    """The coach did something on its own word."""

    step: int
    what: str

    def __str__(self) -> str:
        return f"step {self.step:,}, the coach: {self.what}"


@dataclass(frozen=True)
class Exploded(Event):
    """The loss exploded; training stopped, the parameters are the last good ones."""

    step: int
    reason: str


@dataclass(frozen=True, eq=False)
class StepWatched(Event):
    """A step was taken that was to be watched."""

    record: StepRecord
