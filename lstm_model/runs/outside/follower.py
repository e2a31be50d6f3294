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
from lstm_model.runs.saves import LAST, holds_run
from lstm_model.storage.checkpoint import read_record
from lstm_model.storage.holder import holder_of, is_stopped

QUIET_AFTER = 30.0  # seconds without a row; while a network trains, one comes every 5


class State(StrEnum):
    """What has become of a run, as far as its folder tells."""

    ABSENT = "absent"  # no run there yet
    TRAINING = "training"
    QUIET = "quiet"  # its process lives and writes no figures: paused, or in a long job
    STOPPED = "stopped"  # its process was stopped, as Ctrl+Z does it
    ENDED = "ended"  # all its steps are saved
    LOST = "lost"  # its process is gone, and steps are not saved: it was killed, or its training exploded


LIVING = State.ABSENT, State.TRAINING, State.QUIET, State.STOPPED


@dataclass(frozen=True)
class Look:
    """What a look found. rows: new since the look before, the oldest first; where steps go down, the run went back."""

    folder: Path
    state: State
    rows: tuple[Figures, ...]
    process: int | None  # that trains it, if known
    saved_step: int | None  # of `last`, once no process trains it


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
        process = holder_of(self.folder)  # before the rest: a process lets go when all is written
        self._was_held = self._was_held or process is not None
        rows = tuple(self._rows.new())
        self._step = rows[-1].step if rows else self._step
        if not holds_run(self.folder):
            return Look(self.folder, State.ABSENT, rows, process, None)
        is_quiet = self._silence() > QUIET_AFTER
        if process is not None:
            living = State.QUIET if is_quiet else State.TRAINING
            return Look(self.folder, State.STOPPED if is_stopped(process) else living, rows, process, None)
        if not (self._was_held or is_quiet):  # it may be on another machine, whose locks cannot be seen from here
            return Look(self.folder, State.TRAINING, rows, None, None)
        saved = self._saved_step()
        return Look(
            self.folder, State.ENDED if saved is not None and saved >= self._step else State.LOST, rows, None, saved
        )

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
