"""What a session shows of itself: immutable, made of copies and plain numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import numpy as np

from lstm_model.curves.history import Buckets, Mark
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import Sizes, kind_of
from lstm_model.tasks.stock.forecast import Forecast, Scores
from lstm_model.tasks.text.sample import Sample
from lstm_model.tasks.text.surprise import Passage

NO_CURVE = Buckets(*(np.zeros(0) for _ in Buckets._fields))


class Status(StrEnum):
    """What a session is doing; the status line always shows one of these words."""

    TRAINING = "TRAINING"
    PAUSED = "PAUSED"
    EVALUATING = "EVALUATING"
    FINISHED = "FINISHED"
    DIVERGED = "DIVERGED"
    EVAL_ONLY = "EVAL-ONLY"


Severity = Literal["information", "warning", "error"]


@dataclass(frozen=True)
class Notice:
    """Something worth saying once; numbered, so that a screen knows which ones it has shown."""

    number: int
    step: int
    text: str
    severity: Severity


@dataclass(frozen=True)
class Figure:
    """The numbers of the progress pane. Times in seconds; losses in nats per character or scaled squared error."""

    step: int = 0
    epoch: float = 0.0
    loss: float | None = None
    val_loss: float | None = None
    full_val_loss: tuple[int, float] | None = None  # step and loss over the whole part
    best_val_loss: float | None = None
    best_step: int = 0
    grad_norm: float | None = None
    learning_rate: float = 0.0
    base_rate: float = 0.0
    speed: float = 0.0
    elapsed: float = 0.0
    eta: float | None = None
    progress: float = 0.0
    has_limit: bool = False  # else progress and eta are those of the epoch
    clipped: float | None = None  # share of the last steps whose gradient was clipped; None after too few of them


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A session at one moment between two steps."""

    number: int
    task: str
    status: Status
    unit: str = ""
    job: str | None = None
    job_share: float = 0.0  # how much of the job is done
    data_name: str = ""
    model: str = ""
    config: Config | None = None
    parameters: int = 0
    memory: Mapping[str, Any] | None = None  # what a checkpoint keeps of the data
    figure: Figure = Figure()
    temperature: float = 0.8
    prompt: str = ""
    train: Buckets = NO_CURVE
    val: Buckets = NO_CURVE
    marks: tuple[Mark, ...] = ()
    references: tuple[tuple[str, float], ...] = ()  # names and losses of forecasts that need no network
    samples: tuple[Sample, ...] = ()  # the last ones of this session
    samples_file: Path | None = None  # all of the run that were written down
    unwritten: int = 0  # how many of the last samples no file holds
    forecast: Forecast | None = None
    scores: tuple[Scores, ...] = ()
    passage: Passage | None = None  # in evaluation-only mode: held-out text as the model reads it
    source: Path | None = None  # the checkpoint the model came from
    rival: "Snapshot | None" = None  # in evaluation-only mode: another model to compare with (--against)
    side: str = ""  # "A" or "B" where there are two
    folder: str | None = None
    saved_step: int | None = None
    save_failed: str | None = None
    failing_since: datetime | None = None  # when the first of the saves that fail did
    notices: tuple[Notice, ...] = ()
    acknowledged: int = 0  # number of the last command that took effect
    acknowledged_at: int = 0  # and the step at which it did

    @classmethod
    def waiting(cls, task: str, *, eval_only: bool) -> "Snapshot":
        """What is shown until the data are read."""
        return cls(0, task, Status.EVAL_ONLY if eval_only else Status.TRAINING)

    @property
    def sizes(self) -> Sizes | None:
        """Sizes of the network; None until the data are read."""
        return None if self.config is None else kind_of(self.task).sizes(self.config, self.memory)

    @property
    def swapped(self) -> "Snapshot":
        """The rival's snapshot, with this one as its rival; what was asked for and noticed stays. Needs a rival."""
        if self.rival is None:
            return self
        return replace(
            self.rival,
            rival=replace(self, rival=None),
            notices=self.notices,
            acknowledged=self.acknowledged,
            acknowledged_at=self.acknowledged_at,
        )
