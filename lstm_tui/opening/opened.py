"""What opening comes to."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Run
from lstm_model.training.trainer import Trainer


@dataclass(frozen=True)
class Opened:
    """A trainer that is ready; `folder` None if nothing is to be written, `file` the checkpoint it came from.

    notes: what a person should know beside what the task says of its data.
    """

    trainer: Trainer
    folder: RunFolder | None
    file: Path | None = None
    notes: tuple[str, ...] = ()

    def run(self, plan: Plan) -> Run:
        """The run of it."""
        return Run(self.trainer, self.folder, plan, file=self.file, notes=self.notes)


@contextlib.contextmanager
def released_on_failure(folder: RunFolder | None) -> Iterator[None]:
    """Let other processes have a folder again if nothing comes of what was to be written into it."""
    try:
        yield
    except BaseException:
        if folder is not None:
            folder.release()
        raise
