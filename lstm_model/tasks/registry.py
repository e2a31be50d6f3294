"""The tasks there are: `open_task` makes the one that a run's settings name."""

from typing import Any

import numpy as np

from lstm_model.errors import InputError, about
from lstm_model.settings.config import Config
from lstm_model.tasks.base import Task
from lstm_model.tasks.data_files import require_plain_file
from lstm_model.tasks.stock.task import StockTask
from lstm_model.tasks.text.corpus import Vocabulary
from lstm_model.tasks.text.task import TextTask

FARTHEST = 1e9  # standard deviations from the mean: squares of such inputs still have a float32 sum


def open_task(config: Config, memory: dict[str, Any] | None = None) -> Task:
    """Read a run's data, from a file of `config.data` or those that ship.

    config: the settings of a run; the task's own `config` may have a smaller batch or sequence, where the data are few.
    memory: what a checkpoint kept of its data, `task.memory()`: its vocabulary or scalers are used again.

    InputError, about `data` where it names no other field, for data that cannot be used; OSError for a file that
    cannot be read.
    """
    with about("data"):
        return _opened(config, memory)


def _opened(config: Config, memory: dict[str, Any] | None) -> Task:
    if memory is not None:
        require_plain_file(config.data)
    if config.task == "text":
        return TextTask(config, Vocabulary(memory["vocabulary"]) if memory else None)
    with np.errstate(over="ignore"):  # a scaler that does not fit is noticed just below
        task = StockTask(config, memory)
    if not np.abs(task.data.x).max() <= FARTHEST:
        raise InputError(f"the prices of {task.name} are far from those that the model was trained on: name others")
    return task
