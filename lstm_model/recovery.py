"""Coming back after an explosion: a copy of the last good state, and a lower rate."""

from copy import deepcopy

from lstm_model.checkpoint import Checkpoint
from lstm_model.trainer import Trainer


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
        self._kept = Checkpoint({name: t.copy() for name, t in now.tensors.items()}, deepcopy(now.record))
        self._times = 0

    def go_back(self, trainer: Trainer) -> bool:
        """Put the trainer into the kept state, with a lower rate; False if that has not helped MOST times in a row.

        Its clock and the end of its schedule stay: time has passed, whatever the parameters were then.
        """
        if self._kept is None or self._times == self.MOST:
            return False
        self._times += 1
        elapsed, total, rate = trainer.elapsed, trainer.total_steps, trainer.base_rate
        trainer.restore(self._kept)
        trainer.elapsed, trainer.total_steps, trainer.base_rate = elapsed, total, rate * self.SLOWER
        return True
