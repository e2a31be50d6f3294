"""What the steps gave since it was last told."""

import numpy as np

from lstm_model.runs.events import Figures
from lstm_model.training.trainer import Trainer


class Tally:
    """Gathers losses until figures are made of them, every so many seconds of training."""

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._losses: list[float] = []
        self._val_loss: float | None = None
        self._last = trainer.elapsed

    def step(self, loss: float) -> None:
        """Take in the loss of a step."""
        self._losses.append(loss)

    def validated(self, loss: float) -> None:
        """Take in a validation loss."""
        self._val_loss = loss

    def forget(self) -> None:
        """Leave out what was taken in: the run has gone back."""
        self._losses, self._val_loss = [], None

    @property
    def is_empty(self) -> bool:
        """True if there was no step since the last figures."""
        return not self._losses

    def is_due(self, every: float) -> bool:
        """True if the last figures are so many seconds old."""
        return self._trainer.elapsed - self._last >= every

    def figures(self, speed: float) -> Figures:
        """How the run stands; then gather anew."""
        trainer, last = self._trainer, self._trainer.last
        figures = Figures(
            step=trainer.steps,
            epoch=trainer.task.epoch,
            loss=float(np.mean(self._losses)),
            val_loss=self._val_loss,
            learning_rate=last.learning_rate if last else trainer.learning_rate,
            grad_norm=last.grad_norm if last else 0.0,
            speed=speed,
            elapsed_s=trainer.elapsed,
        )
        self.forget()
        self._last = trainer.elapsed
        return figures
