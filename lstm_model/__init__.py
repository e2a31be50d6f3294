"""LSTM networks from scratch in NumPy: forward pass, backpropagation through time, training, sampling.

network        cells, layers, the model, losses, sampling, gradient check: the textbook
optimization   clipping, schedules, optimizers, the average of the weights
curves         curves of bounded length, and how they run
settings       all that can be set, presets with reasons
adaptation     a model that keeps learning while it reads
parallel       a batch in shards, on several cores
costs          parameters, memory, speed from settings
coach          what the curves say
storage        checkpoints and other files
inside         values and gradients of a pass, what units follow, keep and are worth
tasks          text and prices, each in a folder: data, task, judging
training       one step after another
runs           a run with all that happens now and then, its folder
notebook       a run in ten lines: train, look, ask, judge, save
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
    "load",
    "open_task",
    "preset_config",
    "trace",
    "train",
]  # fmt: skip

if TYPE_CHECKING:
    from lstm_model.inside.trace import trace
    from lstm_model.network.cells.lstm.equations import Cell
    from lstm_model.network.cells.lstm.sequence import Layer
    from lstm_model.network.model import LSTM
    from lstm_model.network.sampling import Choice, generate
    from lstm_model.notebook.training import load, train
    from lstm_model.optimization.clipping import clip
    from lstm_model.optimization.optimizers import SGD, Adagrad, Adam
    from lstm_model.settings.presets import preset_config
    from lstm_model.tasks.registry import open_task
    from lstm_model.training.trainer import Trainer

_HOMES = {
    "Cell": "network.cells.lstm.equations", "Layer": "network.cells.lstm.sequence", "LSTM": "network.model",
    "Choice": "network.sampling", "generate": "network.sampling", "SGD": "optimization.optimizers",
    "Adagrad": "optimization.optimizers", "Adam": "optimization.optimizers", "clip": "optimization.clipping",
    "preset_config": "settings.presets", "open_task": "tasks.registry", "Trainer": "training.trainer",
    "trace": "inside.trace", "train": "notebook.training", "load": "notebook.training",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import what is asked for and no more: `lstm-tui --version` should not wait for NumPy."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
