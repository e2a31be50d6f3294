"""A short look at the validation part in the first seconds of a run, before it was measured."""

from lstm_model.runs.events import Glimpsed
from lstm_model.tasks.base import Glimpse, Slices
from lstm_model.tasks.looks import Job
from lstm_model.training.trainer import Trainer


def glimpse_of(trainer: Trainer) -> Job | None:
    """The look as a job; None once there is a measurement, and for tasks whose first one comes soon enough."""
    found = None if trainer.val_loss is not None else trainer.task.glimpse(trainer.judged)
    return None if found is None else _told(trainer, found)


def _told(trainer: Trainer, found: Slices[Glimpse]) -> Job:
    loss, items = yield from found
    return [Glimpsed(trainer.steps, loss, items)]
