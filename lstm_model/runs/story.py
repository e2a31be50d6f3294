"""The story of a checkpoint: how its run went, told without loading its weights."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_model.curves.history import Buckets, Curve
from lstm_model.errors import CheckpointError
from lstm_model.runs.saves import Saved, describe
from lstm_model.settings.config import Config
from lstm_model.storage.checkpoint import load_checkpoint

TRAIN, VAL = "history.train", "history.val"


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


def read_story(path: Path) -> Story:
    """Read what a checkpoint tells; CheckpointError, in one line, if it is missing, damaged or not ours.

    Of its tensors only the curves are read, so that a large file takes no longer than a small one.
    """
    checkpoint = load_checkpoint(path, only=(TRAIN, VAL))
    record = checkpoint.record
    try:
        saved = describe(path, record)
    except OSError as error:
        raise CheckpointError(f"cannot read {path}: {error.strerror or error}") from None
    config, name = Config.from_dict(record["config"]), record["data"]["name"]  # checked when they were read
    rate, best_step, elapsed = record["base_rate"], record["best_step"], record["elapsed_s"]
    train, val = (_curve(path, checkpoint.tensors.get(name)) for name in (TRAIN, VAL))
    return Story(saved, config, rate, best_step, elapsed, name, train, val)


def _curve(path: Path, state: Any) -> Buckets:
    try:
        return (Curve() if state is None else Curve.from_state(state)).buckets()
    except ValueError as error:
        raise CheckpointError(f"{path} is damaged (a curve: {error}): load another checkpoint") from None
