"""The story of a checkpoint: how its run went, told without loading its weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lstm_model.curves.history import Buckets, Curve, Mark
from lstm_model.runs.saved_model import naming
from lstm_model.runs.saves import Saved, describe
from lstm_model.settings.config import Config
from lstm_model.storage.checkpoint import Checkpoint, load_part
from lstm_model.training.trainer import TRAIN, VAL


@dataclass(frozen=True, eq=False)
class Story:
    """What a preview shows of a checkpoint."""

    saved: Saved  # what a list shows of it: path, step, losses, size, age
    config: Config
    base_rate: float  # the learning rate before its schedule; keys may have moved it away from the one in `config`
    best_step: int
    elapsed: float  # seconds of training
    data_name: str
    train: Buckets  # empty where the file holds no curve
    val: Buckets
    marks: tuple[Mark, ...] = ()
    memory: Mapping[str, Any] = field(default_factory=dict)  # what it keeps of its data


def read_story(file: Path) -> Story:
    """Read what a checkpoint tells; CheckpointError, in one line, if it is missing, damaged or not ours.

    Of its tensors only the curves are read, so that a large file takes no longer than a small one.
    """
    checkpoint = load_part(file, (TRAIN, VAL))
    record = checkpoint.record
    with naming(file):
        train, val = (_buckets(checkpoint, name) for name in (TRAIN, VAL))
    return Story(
        describe(file, record), record.config, record.base_rate, record.best_step, record.elapsed_s, record.data.name,
        train, val, record.marks, record.data.memory,
    )  # fmt: skip


def _buckets(checkpoint: Checkpoint, name: str) -> Buckets:
    return (checkpoint.curve(name) if name in checkpoint.tensors else Curve()).buckets()
