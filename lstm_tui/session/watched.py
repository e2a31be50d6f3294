"""One training step taken to be watched: whether one is awaited, and what the last one did."""

from dataclasses import dataclass
from typing import Any

from lstm_model.tasks.base import Task
from lstm_model.training.observed import StepRecord
from lstm_tui.task_faces import part_of


@dataclass(frozen=True)
class ShownBatch:
    """A batch as a person reads it."""

    name: str  # what it holds: "32 streams of 64 characters"
    rows: tuple[str, ...]  # its first sequences, a line each


@dataclass(frozen=True, eq=False)
class Watched:
    """The steps of a run that are watched."""

    awaited: bool = False
    record: StepRecord | None = None  # of the last one; None where none was taken
    batch: ShownBatch | None = None


def batch_of(record: StepRecord, task: Task) -> ShownBatch:
    """The batch of a step, as the face of its task writes it: the task's own cursor stays where it is."""
    reader = task.beside()
    reader.seek(dict(record.cursor))
    face: Any = part_of(task.config.task, "batch")
    shown: ShownBatch = face.next_batch_shown(reader)
    return shown
