"""LSTM networks from scratch in NumPy: forward pass, backpropagation through time, training, sampling.

cell         the equations, one step forward and one step back: the reference
layer        one layer over a whole sequence, fast
model        LSTM: layers and head, BPTT, loss
losses optimizers averaging sampling gradient_check
crew helper board threads    a batch in shards, on several cores
text_file text               a file in pieces; corpus, vocabulary, batch streams
prices windows stock    CSV, windows, the price task
tasks config            what makes the tasks differ; settings and presets
trainer run history     one step; a run with all that happens now and then; bounded curves
recovery                going back after an explosion
checkpoint folders samples story    files
evaluation              errors of forecasts, baselines, the verdict
yardsticks kneser_ney compressors overlap text_verdict cache    the same for text
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "LSTM",
    "SGD",
    "Adagrad",
    "Adam",
    "Cell",
    "Choice",
    "Layer",
    "Trainer",
    "clip",
    "generate",
    "open_task",
    "preset_config",
]  # fmt: skip

if TYPE_CHECKING:
    from lstm_model.cell import Cell
    from lstm_model.config import preset_config
    from lstm_model.layer import Layer
    from lstm_model.model import LSTM
    from lstm_model.optimizers import SGD, Adagrad, Adam, clip
    from lstm_model.sampling import Choice, generate
    from lstm_model.tasks import open_task
    from lstm_model.trainer import Trainer

_HOMES = {
    "Cell": "cell", "preset_config": "config", "Layer": "layer", "LSTM": "model", "SGD": "optimizers",
    "Adagrad": "optimizers", "Adam": "optimizers", "clip": "optimizers", "Choice": "sampling", "generate": "sampling",
    "open_task": "tasks", "Trainer": "trainer",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import what is asked for and no more: `lstm-tui --version` should not wait for NumPy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
