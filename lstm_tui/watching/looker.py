"""What the task's own panes show of a run that is watched: what its folder keeps, else a look at each new checkpoint.

A run without a screen writes no samples, and no forecast is ever written. So the watcher reads the newest checkpoint
and makes its own, in a thread of its own, and rests long enough to leave the machine to whoever trains.
"""

import threading
import time
from dataclasses import replace
from pathlib import Path

from lstm_model.arrays import quietly
from lstm_model.errors import LSTMError
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.saves import BEST, LAST
from lstm_model.training.trainer import Trainer
from lstm_tui.options.wording import with_flags
from lstm_tui.session.seen import Seen, observer_of

LOOK_EVERY = 0.5  # seconds
REST = 10  # times as long as a look at a checkpoint took, there is no other
LEAST_REST = 10.0  # seconds

Stamp = tuple[int, int]


def newest_checkpoint(folder: Path) -> tuple[Path, Stamp] | None:
    """The checkpoint that was written last, `last` or `best`, and what tells it from the one before."""
    found = []
    for name in (LAST, BEST):
        try:
            status = (folder / name).stat()
        except OSError:
            continue
        found.append((status.st_mtime_ns, status.st_ino, folder / name))
    if not found:
        return None
    modified, inode, file = max(found)
    return file, (modified, inode)


class Looker:
    """`seen`: the newest, None while there is nothing; `why_not`: why there is nothing, in one line."""

    def __init__(self, folder: Path, task: str) -> None:
        self.folder = folder
        self.seen: Seen | None = None
        self.why_not = ""
        observer = observer_of(task)
        self._kept = observer.kept_in(folder)
        self._observer = observer()
        self._stamp: Stamp | None = None
        self._trainer: Trainer | None = None
        self._rests_until = 0.0
        self._ended = threading.Event()

    def start(self) -> None:
        """Look from now on."""
        threading.Thread(target=self._work, name="looks", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()

    def _work(self) -> None:
        while not self._ended.wait(LOOK_EVERY):
            self.look()

    def look(self) -> None:
        """Look at what is new, if something is."""
        if self._kept is not None and (seen := self._kept.seen()) is not None:
            self.seen, self._trainer = seen, None
            return
        found = newest_checkpoint(self.folder)
        if found is None or found[1] == self._stamp or time.monotonic() < self._rests_until:
            return
        begun = time.monotonic()
        self._stamp = found[1]
        try:
            self._look_at(found[0])
            self.why_not = ""
        except (LSTMError, OSError, MemoryError) as error:
            self.why_not = with_flags(error)
        took = time.monotonic() - begun
        self._rests_until = time.monotonic() + max(LEAST_REST, REST * took)

    @quietly
    def _look_at(self, file: Path) -> None:
        """Do what a run does now and then, with the model of a checkpoint. Nothing is written, for it has no folder."""
        saved = SavedModel.read(file)
        if self._trainer is None or self._trainer.config != saved.config:
            self._trainer = None  # before there are two
            self._trainer = saved.trainer()
        else:
            self._trainer.restore(saved.checkpoint)
        run = Run(self._trainer, None, replace(Plan(), look_every=None), file=file)
        run.look()
        while run.job and not self._ended.is_set():
            self._observer.note(run.work(), run)
        self.seen = self._observer.seen(run)
