"""Writing a run's files now and then, and going on if that fails."""

import contextlib
import errno
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np

from lstm_model.errors import CheckpointError, InputError, reason_of
from lstm_model.events import Event
from lstm_model.runs.card import write_card
from lstm_model.runs.events import News, SaveDone, SaveFailed
from lstm_model.runs.folder import RunFolder
from lstm_model.training.trainer import Trainer

Result = TypeVar("Result")
RETRY = 10.0  # seconds of training until a save that failed is tried again, if an autosave is not due before


class Saving:
    """What of a run is saved, and when it will be. Without a folder nothing is written."""

    def __init__(self, trainer: Trainer, folder: RunFolder | None, autosave: float) -> None:
        self._trainer, self._folder, self._autosave = trainer, folder, autosave
        self._saved_step = trainer.steps if trainer.steps else None
        self._due = trainer.elapsed + autosave

    @property
    def is_due(self) -> bool:
        """True if it is time for an autosave, or to try again."""
        return self._trainer.elapsed >= self._due

    @property
    def unsaved(self) -> bool:
        """True if steps were taken that `last`, which a resumed run starts from, does not hold."""
        return self._trainer.steps > 0 and self._trainer.steps != self._saved_step

    def save(self, kind: str) -> list[Event]:
        """Write a checkpoint now: SaveDone, or SaveFailed with the reason."""
        trainer, autosave = self._trainer, self._autosave
        if self._folder is None:
            return []
        if kind == "last":
            self._due = trainer.elapsed + min(autosave, RETRY)  # if this one fails
        if not all(np.isfinite(model.parameters.flat).all() for model in (trainer.model, trainer.judged)):
            return [SaveFailed(trainer.steps, "not saved: the parameters are no finite numbers; load an earlier save")]
        try:
            path = _again_if_stale(partial(self._folder.save, trainer, kind))
        except (OSError, InputError) as error:
            return [*self._news(), self._failed("save", error)]
        if kind == "last":
            self._saved_step, self._due = trainer.steps, trainer.elapsed + autosave
            with contextlib.suppress(OSError, CheckpointError):  # what is written at each save comes with the next
                write_card(path)
        elif kind == "step":
            trainer.history.mark(trainer.steps, "saved")
        return [*self._news(), SaveDone(trainer.steps, kind, str(path))]

    def write(self, action: Callable[[RunFolder], None]) -> list[Event]:
        """Let an action write something else into the folder: SaveFailed if that fails."""
        if self._folder is None:
            return []
        try:
            _again_if_stale(partial(action, self._folder))
        except (OSError, InputError) as error:
            return [*self._news(), self._failed("write", error)]
        return self._news()

    def _news(self) -> list[Event]:
        return [] if self._folder is None else [News(text) for text in self._folder.news()]

    def _failed(self, what: str, error: OSError | InputError) -> SaveFailed:
        """Say why: the disk refuses, or another process has the folder, which the error itself names."""
        if isinstance(error, InputError):
            return SaveFailed(self._trainer.steps, f"cannot {what}: {error}")
        where = "" if self._folder is None else f" in {self._folder.path}"
        return SaveFailed(self._trainer.steps, f"cannot {what}{where}: {reason_of(error)}")


def _again_if_stale(action: Callable[[], Result]) -> Result:
    """Do something, once more if a file server that came back does not know its files by their old numbers."""
    try:
        return action()
    except OSError as error:
        if error.errno != errno.ESTALE:
            raise
        return action()
