"""A network of another kind beside one that trains: as many parameters, the same data, a cursor of its own."""

from lstm_model.costs.memory import parameter_count
from lstm_model.tasks.base import Task
from lstm_model.training.trainer import Trainer


def twin_trainer(task: Task, cell: str) -> Trainer:
    """A trainer of a network of another cell with about as many parameters, from its start, on one core.

    It reads the task's data and moves no cursor of it. No weights are averaged, and nothing is dropped:
    what is compared is how cells learn.
    """
    beside = task.beside()
    config = task.config.changed(cell=cell, threads=1, average=0.0, dropout=0.0)
    wanted = parameter_count(task.config, task.sizes)
    low, high = 1, 2
    while parameter_count(config.changed(hidden_size=high), task.sizes) < wanted:
        low, high = high, 2 * high
    while high - low > 1:  # the number grows with the width
        middle = (low + high) // 2
        below = parameter_count(config.changed(hidden_size=middle), task.sizes) < wanted
        low, high = (middle, high) if below else (low, middle)
    beside.config = config.changed(hidden_size=high)
    return Trainer(beside)
