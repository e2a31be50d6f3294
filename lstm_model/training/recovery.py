"""Noticing an explosion, and coming back from it: a copy of the last good state, and a lower rate."""

import numpy as np

from lstm_model.curves.history import Curve
from lstm_model.storage.checkpoint import Checkpoint
from lstm_model.training.trainer import Trainer


class Watch:
    """Notices a loss that explodes without leaving the numbers: its mean over SPAN steps against that at the start.

    A network that knows nothing yet is as bad as the data let it be; several times worse can only mean that its weights
    have run away. Single bad batches do not count.
    """

    SPAN = 50  # steps
    WORRYING, EXPLODED = 2.0, 4.0  # times the loss at the start

    def __init__(self, curve: Curve) -> None:
        """Watch what follows on a training curve, which may be empty: then the first SPAN steps are the start."""
        past = curve.buckets()
        first = past.mean[: max(1, int((past.step <= self.SPAN).sum()))]
        self.start = float(first.mean()) if first.size and np.isfinite(first).all() else None
        self._mean, self._steps = 0.0, 0

    def exploded(self, loss: float) -> bool:
        """Take in a step's loss."""
        self._steps += 1
        self._mean += (loss - self._mean) / min(self._steps, self.SPAN)
        if self._steps == self.SPAN and self.start is None:
            self.start = self._mean
        return self._steps >= self.SPAN and self._above(self.EXPLODED)

    @property
    def worrying(self) -> bool:
        """True if the state is none to come back to."""
        return self._above(self.WORRYING)

    def calm(self) -> None:
        """Begin anew, with the same start."""
        self._mean, self._steps = 0.0, 0

    def _above(self, times: float) -> bool:
        return self.start is not None and self._mean > times * self.start


class LastGood:
    """A trainer's state when it was last known to be good, kept in memory; how often in a row it was gone back to."""

    MOST = 5  # times in a row: a rate of a 32nd of what was asked for is not the reason any more
    SLOWER = 0.5  # what the rate is multiplied with each time

    def __init__(self) -> None:
        self._kept: Checkpoint | None = None
        self._times = 0

    @property
    def empty(self) -> bool:
        """True until a state was kept."""
        return self._kept is None

    def keep(self, trainer: Trainer) -> None:
        """Copy the trainer's state: it is good."""
        now = trainer.checkpoint()
        self._kept = Checkpoint({name: t.copy() for name, t in now.tensors.items()}, now.record)
        self._times = 0

    def go_back(self, trainer: Trainer) -> bool:
        """Put the trainer into the kept state, with a lower rate; False if that has not helped MOST times in a row.

        Its clock and the end of its schedule stay: time has passed, whatever the parameters were then.
        """
        if self._kept is None:
            return False
        elapsed, total, rate = trainer.elapsed, trainer.total_steps, trainer.base_rate
        trainer.restore(self._kept)
        trainer.elapsed, trainer.total_steps, trainer.base_rate = elapsed, total, rate * self.SLOWER
        self._times += 1
        return self._times <= self.MOST
