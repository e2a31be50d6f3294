"""A run as a task sees it that looks at it: see `Looked` in tasks/looks.py."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from lstm_model.events import Event
from lstm_model.network.model import Network
from lstm_model.runs.driving.saving import Saving
from lstm_model.runs.folder import RunFolder
from lstm_model.training.trainer import Trainer


class RunView:
    """The model of a run, random numbers that training does not see, and a way to write into the run's folder.

    file: the checkpoint the run came from, where there is no folder to find its earlier files in.
    """

    def __init__(
        self, trainer: Trainer, folder: RunFolder | None, saving: Saving, file: Path | None, look_length: int | None
    ) -> None:
        self._trainer, self._folder, self._saving, self._file = trainer, folder, saving, file
        self._look_length = look_length

    @property
    def model(self) -> Network:
        """The model that is measured and handed out."""
        return self._trainer.judged

    @property
    def steps(self) -> int:
        """Steps taken."""
        return self._trainer.steps

    @property
    def look_length(self) -> int | None:
        """How long a look is to be; None: as long as usual."""
        return self._look_length

    @property
    def files(self) -> Path | None:
        """Where the run's files lie; of a model that is only looked at, those that were written in its training."""
        if self._folder is not None:
            return self._folder.files
        return None if self._file is None else self._file.parent

    def rng(self, count: int) -> np.random.Generator:
        """Random numbers for look `count` of this step."""
        return self._trainer.rng_for_look(count)

    def write(self, action: Callable[[Path], None]) -> list[Event]:
        """Let an action write into the run's folder, if it has one: SaveFailed if that fails."""
        return self._saving.write(lambda folder: folder.add(self._trainer, action))
