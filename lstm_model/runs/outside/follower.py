"""A run that another process trains, followed by its folder alone."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lstm_model.errors import CheckpointError
from lstm_model.runs.events import Figures
from lstm_model.runs.metrics import ROWS
from lstm_model.runs.outside.rows import Rows
from lstm_model.runs.remote.standing import STATUS, Doing, Standing, read_standing
from lstm_model.runs.saves import LAST, holds_run
from lstm_model.storage import holder
from lstm_model.storage.checkpoint import read_record
from lstm_model.storage.claim import LOCK

QUIET_AFTER = 30.0  # seconds without a row; while a network trains, one comes every 5


class State(StrEnum):
    """What has become of a run, as far as its folder tells."""

    ABSENT = "absent"  # no run there yet
    TRAINING = "training"
    PAUSED = "paused"
    QUIET = "quiet"  # its process lives and writes no figures: it is in a long job
    STOPPED = "stopped"  # its process was stopped, as Ctrl+Z does it
    ENDED = "ended"  # its process says so, or all its steps are saved
    LOST = "lost"  # its process is gone, has not said why, and steps are not saved: it was killed


LIVING = State.ABSENT, State.TRAINING, State.PAUSED, State.QUIET, State.STOPPED


@dataclass(frozen=True)
class Look:
    """What a look found. rows: new since the look before, the oldest first; where steps go down, the run went back."""

    folder: Path
    state: State
    rows: tuple[Figures, ...]
    process: int | None  # that trains it, if known
    saved_step: int | None  # of `last`, once it does not live any more
    standing: Standing | None = None  # what its process says of it


class Follower:
    """Looks at a run folder as often as it is asked. now: seconds since the epoch, as files have them."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._now = now
        self._rows = Rows(folder)
        self._was_held = False
        self._step = 0  # of the last row

    def look(self) -> Look:
        """See what is new."""
        process = holder.holder_of(self.folder)  # before the rest: a process lets go when all is written
        self._was_held = self._was_held or process is not None
        rows = tuple(self._rows.new())
        self._step = rows[-1].step if rows else self._step
        if not holds_run(self.folder):
            return Look(self.folder, State.ABSENT, rows, process, None)
        standing = self._standing(process)
        state = self._state(process, standing)
        saved = self._saved_step() if state is State.LOST or state is State.ENDED else None
        if state is State.LOST and saved is not None and saved >= self._step:
            state = State.ENDED
        return Look(self.folder, state, rows, process, saved, standing)

    def _state(self, process: int | None, standing: Standing | None) -> State:
        said = None if standing is None else standing.status
        if process is not None and holder.is_stopped(process):
            return State.STOPPED
        if said is Doing.ENDED:
            return State.ENDED
        is_quiet = self._silence() > QUIET_AFTER
        if process is None:
            # It may be on another machine, whose locks cannot be seen from here; then rows, or a pause, say it lives.
            is_silent = is_quiet and (said is not Doing.PAUSED or holder.LOCKS.exists())
            if self._was_held or is_silent:
                return State.LOST
        if said is Doing.PAUSED:
            return State.PAUSED
        return State.QUIET if is_quiet else State.TRAINING

    def _standing(self, process: int | None) -> Standing | None:
        """What the process says that has the folder; what one before it said is out of date."""
        standing = read_standing(self.folder)
        if standing is None or (standing.status is Doing.ENDED and standing.step < self._step):
            return None  # an older version has gone on
        if process is None:
            return standing
        try:
            claimed, said = ((self.folder / name).stat().st_mtime_ns for name in (LOCK, STATUS))
        except OSError:
            return None
        return standing if said >= claimed else None

    def _silence(self) -> float:
        """Seconds since a row was written, or since the run began."""
        for name in (ROWS, "config.json"):
            try:
                return self._now() - (self.folder / name).stat().st_mtime
            except OSError:
                continue
        return float("inf")

    def _saved_step(self) -> int | None:
        try:
            return read_record(self.folder / LAST).step
        except CheckpointError:
            return None
