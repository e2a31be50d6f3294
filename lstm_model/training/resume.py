"""A trainer that goes on from a checkpoint: its data are opened here, and no part is believed before it is checked."""

from collections.abc import Mapping
from typing import Any

from lstm_model.costs.memory import require_memory
from lstm_model.errors import CheckpointError, reason_of
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import kind_of
from lstm_model.storage.checkpoint import Checkpoint
from lstm_model.storage.weights import require_model
from lstm_model.tasks.base import Task
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer


def restore_trainer(checkpoint: Checkpoint, changed: Mapping[str, Any] | None = None) -> Trainer:
    """A trainer that goes on where the checkpoint was taken.

    changed: fields of Config that may differ from the checkpoint's, e.g. `data`, another file to go on with (the
    vocabulary or the scalers stay the checkpoint's), or `learning_rate`. CheckpointError if a part is missing or does
    not fit.
    """
    changed, record = dict(changed or {}), checkpoint.record
    config = record.config.changed(**changed)
    sizes = kind_of(config.task).sizes(config, record.data.memory)
    require_model(checkpoint.tensors, config, sizes)  # before one of a wrong size is built
    require_memory(config, sizes)
    trainer = Trainer(_opened_task(config, record.data.memory))
    trainer.restore(checkpoint)
    if "learning_rate" in changed:
        trainer.base_rate = changed["learning_rate"]
    return trainer


def _opened_task(config: Config, memory: dict[str, Any]) -> Task:
    try:
        return open_task(config, memory)
    except OSError as error:
        raise CheckpointError(f"cannot read {error.filename or 'its data'}: {reason_of(error)}") from None
