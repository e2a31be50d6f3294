"""The tasks there are: `open_task` makes the one that a run's settings name."""

from typing import Any

from lstm_model.config import Config
from lstm_model.stock_task import StockTask
from lstm_model.task import Task
from lstm_model.text import Vocabulary
from lstm_model.text_task import TextTask


def open_task(config: Config, memory: dict[str, Any] | None = None) -> Task:
    """Read a run's data. `memory` is what a checkpoint kept of it: its vocabulary or scalers are used again."""
    if config.task == "text":
        return TextTask(config, Vocabulary(memory["vocabulary"]) if memory else None)
    return StockTask(config, memory)
