"""What a session shows of itself: immutable, made of copies and plain numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from lstm_model.curves.history import Buckets, Mark
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import Sizes, kind_of
from lstm_tui.session.probing import Probed
from lstm_tui.session.seen import Seen, observer_of
from lstm_tui.session.watched import Watched

NO_CURVE = Buckets(*(np.zeros(0) for _ in Buckets._fields))
NOTHING_SEEN = Seen()
NOTHING_PROBED = Probed()
NOTHING_WATCHED = Watched()


class Glimpse(NamedTuple):
    """A first validation loss: as of which step, and over how many items alone."""

    step: int
    loss: float
    items: int


class Status(StrEnum):
    """What a session is doing; the status line always shows one of these words."""

    TRAINING = "TRAINING"
    PAUSED = "PAUSED"
    EVALUATING = "EVALUATING"
    FINISHED = "FINISHED"
    DIVERGED = "DIVERGED"
    EVAL_ONLY = "EVAL-ONLY"
    ENDED = "ENDED"  # of a run that another process trained: somebody ended it, and it is saved
    KILLED = "KILLED"  # that one's process is gone


SHORT_EPOCH = 20.0  # seconds
STEPPING = Status.TRAINING, Status.EVALUATING  # what a pause interrupts


class Paused(StrEnum):
    """How long a pause lasts."""

    UNTIL_RESUMED = "until resumed"
    WHILE_AWAY = "while away"  # while another session is on the screen


Severity = Literal["information", "warning", "error"]


@dataclass(frozen=True)
class Notice:
    """Something worth saying once; numbered, so that a screen knows which ones it has shown."""

    number: int
    text: str
    severity: Severity


@dataclass(frozen=True)
class About:
    """Which model learns from which data."""

    unit: str = ""
    data_name: str = ""
    model: str = ""
    config: Config | None = None
    parameters: int = 0
    memory: Mapping[str, Any] | None = None  # what a checkpoint keeps of the data
    file: Path | None = None  # the checkpoint the model came from
    name: str = ""  # that a person gave the run
    validated_on: str = ""  # a sample of how much, where the loss that training is judged by is not of the whole part

    @property
    def sizes(self) -> Sizes | None:
        """Sizes of the network; None until the data are read."""
        return None if self.config is None else kind_of(self.config.task).sizes(self.config, self.memory)


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
    glimpse: Glimpse | None = None  # a first validation loss, until there is another one
    clipped: float | None = None  # share of the last steps whose gradient was clipped; None after too few of them

    @property
    def ends(self) -> str | None:
        """What eta and progress are of: run or epoch; None for an epoch so short that they would only flicker."""
        if self.has_limit:
            return "run"
        is_short = self.epoch > 0 and self.elapsed / self.epoch < SHORT_EPOCH
        return None if is_short else "epoch"

    @property
    def known_val_loss(self) -> float | None:
        """The loss that training is judged by; of a model that is only looked at, perhaps none but the whole part's."""
        return self.full_val_loss[1] if self.val_loss is None and self.full_val_loss else self.val_loss


@dataclass(frozen=True, eq=False)
class Curves:
    """Losses along the run, what happened at a step, and what the losses are held against."""

    train: Buckets = NO_CURVE
    val: Buckets = NO_CURVE
    marks: tuple[Mark, ...] = ()
    references: tuple[tuple[str, float], ...] = ()  # names and losses of forecasts that need no network


@dataclass(frozen=True)
class Files:
    """Where a run is saved, and whether it is."""

    folder: str | None = None
    saved_step: int | None = None
    save_failed: str | None = None
    failing_since: datetime | None = None  # when the first of the saves that fail did


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A session at one moment between two steps."""

    number: int
    task: str
    doing: Status  # leaving a pause aside
    paused: Paused | None = None
    job: str | None = None
    job_share: float = 0.0  # how much of the job is done
    about: About = About()
    figure: Figure = Figure()
    curves: Curves = Curves()
    files: Files = Files()
    seen: Seen = NOTHING_SEEN  # by the task's face
    probed: Probed = NOTHING_PROBED  # what an open view asked for, and what it has to show
    watched: Watched = NOTHING_WATCHED  # the last step that was taken to be watched
    rival: "Snapshot | None" = None  # in evaluation-only mode: another model to compare with (--against)
    side: str = ""  # "A" or "B" where there are two
    notices: tuple[Notice, ...] = ()
    shown_as: str = ""  # how it is looked at, where no session of this program trains it: "watched"
    is_in_bits: bool = False  # its losses, which else are as the task's kind says
    acknowledged: int = 0  # number of the last command that took effect

    @classmethod
    def waiting(cls, task: str, *, eval_only: bool, paused: Paused | None = None) -> "Snapshot":
        """What is shown until the data are read."""
        doing = Status.EVAL_ONLY if eval_only else Status.TRAINING
        return cls(0, task, doing, paused, seen=observer_of(task).nothing)

    @property
    def status(self) -> Status:
        """What the status line says. A pause shows at once, also while something is still measured."""
        return Status.PAUSED if self.paused and self.doing in STEPPING else self.doing

    @property
    def run(self) -> tuple[object, ...]:
        """Tells one run from another, and from itself once another of its checkpoints was loaded."""
        return self.task, self.files.folder, self.about.file

    def replaces(self, before: "Snapshot") -> bool:
        """Whether it is of another run than one shown before; the run that a first picture waits for is none."""
        waits = before.files.folder is None and before.about.file is None
        return self.run != before.run and not (waits and self.task == before.task)

    @property
    def swapped(self) -> "Snapshot":
        """The rival's snapshot, with this one as its rival; what was asked for and noticed stays. Needs a rival."""
        if self.rival is None:
            return self
        return replace(
            self.rival, rival=replace(self, rival=None), notices=self.notices, acknowledged=self.acknowledged
        )
