"""Where a run ends, at a step or a time, and how far it is from there."""

from lstm_model.runs.driving.pace import Pace
from lstm_model.training.trainer import Trainer

JUMP = 0.03  # of the rate: less than that a schedule falls by within a few hundred steps


class Limit:
    """The step at which a run ends, or the minutes from now after which it does; neither: it goes on until stopped.

    The schedule of the rate ends where the run does. `jump` says what that does to the rate of a run that goes on, if
    it makes a difference: its schedule had another end.
    """

    def __init__(self, trainer: Trainer, steps: int | None, minutes: float | None) -> None:
        self._trainer, self.steps, self._minutes = trainer, steps, minutes
        self.ends_at = None if minutes is None else trainer.elapsed + 60 * minutes
        self.jump = self._set_end()

    def _set_end(self) -> str:
        trainer, steps = self._trainer, self.steps
        had, before = trainer.total_steps, trainer.learning_rate
        trainer.total_steps = steps  # also None: a finished run that goes on must leave its schedule's end behind
        after = trainer.learning_rate
        if not trainer.steps or abs(after - before) <= JUMP * before:
            return ""
        ends = "has no end" if steps is None else f"ends at step {steps:,}"
        if self.ends_at is not None and steps is None:
            ends = "ends with the time of the run"
        return (
            f"the rate jumps from {before:.3g} to {after:.3g}, for the schedule now {ends},"
            f" {'and had no end' if had is None else f'not at step {had:,}'}"
        )

    @property
    def exists(self) -> bool:
        """True if the run ends at a step or a time."""
        return self.steps is not None or self.ends_at is not None

    @property
    def reached(self) -> bool:
        """True once the run is there."""
        by_steps = self.steps is not None and self._trainer.steps >= self.steps
        return by_steps or (self.ends_at is not None and self._trainer.elapsed >= self.ends_at)

    @property
    def progress(self) -> float:
        """The share that is done: of the limit if there is one, else of the current epoch."""
        trainer = self._trainer
        if self.steps is not None:
            return min(1.0, trainer.steps / max(1, self.steps))
        if self.ends_at is not None and self._minutes:
            return min(1.0, 1 - (self.ends_at - trainer.elapsed) / (60 * self._minutes))
        return trainer.task.epoch % 1

    def eta(self, pace: Pace) -> float | None:
        """Seconds until the limit, or the end of the epoch where there is none; None while the speed is unknown."""
        trainer, rate = self._trainer, pace.progress
        if self.ends_at is not None:
            return max(0.0, self.ends_at - trainer.elapsed)
        if rate <= 0:
            return None
        if self.steps is not None:
            return max(0, self.steps - trainer.steps) / rate
        epoch = trainer.task.epoch
        done = trainer.steps / epoch if epoch else None
        return None if done is None else (1 - epoch % 1) * done / rate

    def follow(self, pace: Pace) -> None:
        """Where a time is the limit: end the schedule at the step that the pace so far leads to."""
        if self.ends_at is not None:
            left = (self.ends_at - self._trainer.elapsed) * pace.progress
            self._trainer.total_steps = self._trainer.steps + max(0, int(left))
