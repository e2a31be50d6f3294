"""The one door to a saved model: its file is found, read and checked once, and handed on as a value.

It stands in this room, rather than with the storage, because it knows which file of a run's folder is meant, and which
other one may do in its place.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_model.errors import CheckpointError, InputError
from lstm_model.runs.keeping.names import run_called
from lstm_model.runs.saves import Saved, checkpoint_file, look_up, the_one_before
from lstm_model.settings.config import Config
from lstm_model.storage.checkpoint import Checkpoint, load_checkpoint
from lstm_model.storage.home import expanded
from lstm_model.storage.record import Record
from lstm_model.tasks.base import Task
from lstm_model.training.resume import restore_trainer
from lstm_model.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class SavedModel:
    """A checkpoint, and the file it is from, which every error about it names."""

    file: Path
    checkpoint: Checkpoint

    @classmethod
    def read(cls, path: Path) -> "SavedModel":
        """Read the checkpoint that a path names: a file, a run's folder, or a run's name.

        CheckpointError if it cannot be used.
        """
        file = _named_by(path)
        with _or_the_one_before(file):
            return cls(file, load_checkpoint(file))

    @property
    def record(self) -> Record:
        """Where the run stood."""
        return self.checkpoint.record

    @property
    def config(self) -> Config:
        """The settings it was trained with."""
        return self.record.config

    def trainer(self, changed: Mapping[str, Any] | None = None) -> Trainer:
        """A trainer that goes on from it; see `restore_trainer`."""
        with naming(self.file):
            return restore_trainer(self.checkpoint, changed)

    def was_trained_on(self, fingerprint: str) -> bool:
        """Whether data with this fingerprint are those it was trained on."""
        return self.record.data.sha256 == fingerprint

    def require_its_data(self, task: Task) -> None:
        """InputError unless a task's data are those it was trained on: another text's best would replace its own."""
        if self.was_trained_on(task.fingerprint):
            return
        run = self.file.parent
        if _same_files(task.config, self.config):
            changes = task.changes_since(self.record.data.memory)
            them = f"the files of {task.name}" if changes else "it"
            wrong = f"{changes or f'{task.name} has changed'} since {run} was trained on {them}"
        else:
            wrong = f"{task.name} is other data than {run} was trained on ({self.record.data.name})"
        raise InputError(f"{wrong}: name another folder with `save`, and {run.name} stays as it is")

    def notes(self, task: Task) -> tuple[str, ...]:
        """What a person should know who goes on with it over a task's data, beside what the task says itself."""
        if self.was_trained_on(task.fingerprint):
            return ()
        run, had = self.file.parent.name, self.record.data.name
        changes = task.changes_since(self.record.data.memory) if _same_files(task.config, self.config) else ""
        if changes:
            return (f"{changes} since {run} was trained on the files of {task.name}: they are read from their start",)
        return (f"the data are not those {run} was trained on ({had}): they are read from their start",)


def peek(path: Path) -> Saved:
    """What a list shows of the checkpoint that a path names, without reading its tensors; errors as in `read`."""
    file = _named_by(path)
    with _or_the_one_before(file):
        return look_up(file)


def _named_by(path: Path) -> Path:
    """The checkpoint that a path names; where there is no such file, that of the run which goes by this name."""
    there = expanded(path)
    return checkpoint_file(there if there.exists() else run_called(str(path)) or there)


def _same_files(one: Config, other: Config) -> bool:
    """Whether two settings name the same data; None are those that ship."""
    if one.data is None or other.data is None:
        return one.data == other.data
    a, b = ([Path(path).resolve() for path in (str(each.data), *each.more_data)] for each in (one, other))
    return a == b


@contextlib.contextmanager
def _or_the_one_before(file: Path) -> Iterator[None]:
    """Let a CheckpointError about a run's `last` name the save before it, if that can be used."""
    try:
        yield
    except CheckpointError as error:
        raise CheckpointError(f"{error}{the_one_before(file)}") from None


@contextlib.contextmanager
def naming(file: Path) -> Iterator[None]:
    """Let a CheckpointError say which file it is about."""
    try:
        yield
    except CheckpointError as error:
        raise CheckpointError(f"{file}: {error}", field=error.field) from None
