"""A trainer that the coach may act on: see coach/acting.py for what it does and when."""

from lstm_model.coach.acting import Act, act
from lstm_model.coach.course import Course
from lstm_model.training.trainer import Trainer


def act_on(trainer: Trainer) -> Act | None:
    """Let the coach change the dropout where it would; what it did, or that the run is to end, or None."""
    task, history = trainer.task, trainer.history
    deed = act(
        Course(
            config=trainer.config,
            step=trainer.steps,
            train=history.train.buckets(),
            val=history.shown_val(),
            guess=task.kind.guess(task.sizes),
            best_val_loss=trainer.best_val_loss,
            best_step=trainer.best_step,
            marks=tuple(history.marks),
        )
    )
    if deed is not None and deed.dropout is not None:
        trainer.change_dropout(deed.dropout)
    return deed
