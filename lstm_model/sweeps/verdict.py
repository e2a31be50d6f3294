"""What a sweep comes to, and how much of it is luck.

The lowest of many noisy losses is lower than what its settings are worth: of forty that are equally good one comes out
best by chance. So the winner is trained again from seeds that had no part in its winning. What these lose against the
winning loss was luck; what they come to on the test part, which nothing was chosen by, is what to expect.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Protocol

from lstm_model.sweeps.space import Settings
from lstm_model.sweeps.sweep import Trial


class Tried(Protocol):
    """A sweep, or how one stands."""

    @property
    def trials(self) -> Mapping[int, Trial]:
        """All trials by number."""
        ...

    @property
    def searched(self) -> Mapping[int, Trial]:
        """Those of them that are not of the winner."""
        ...

    @property
    def losses(self) -> Mapping[int, Sequence[float]]:
        """See `Sweep.losses`."""
        ...


@dataclass(frozen=True)
class Over:
    """A loss over some seeds; spread: the sample standard deviation, None of one."""

    n: int
    mean: float
    spread: float | None

    @classmethod
    def of(cls, losses: Sequence[float]) -> "Over | None":
        """None for no losses."""
        return cls(len(losses), fmean(losses), stdev(losses) if len(losses) > 1 else None) if losses else None


@dataclass(frozen=True)
class Ranked:
    """Settings that were tried from every seed, and the loss that they are ranked by. group: their trials' number."""

    settings: Settings
    loss: Over
    group: int


@dataclass(frozen=True)
class Verdict:
    """The winner: its loss in the sweep, again from fresh seeds, and on the test part, where there is any.

    runs: of the winner from fresh seeds. second: the best of the others.
    """

    winner: Ranked
    again: Over | None
    test: Over | None
    runs: list[Trial]
    second: Ranked | None

    @property
    def luck(self) -> float | None:
        """How much worse the winner is when nothing was chosen by it; below 0: it even had bad luck."""
        return None if self.again is None else self.again.mean - self.winner.loss.mean

    @property
    def noise(self) -> float | None:
        """The standard error of `luck`, as the spread over seeds tells it; None where there is none."""
        sides = [over for over in (self.winner.loss, self.again) if over is not None and over.spread is not None]
        if not sides:
            return None
        widest = max(over.spread or 0.0 for over in sides)  # of one seed there is no spread: it has that of the others
        return math.sqrt(sum(widest**2 / over.n for over in (self.winner.loss, self.again) if over is not None))


def ranking(sweep: Tried) -> list[Ranked]:
    """The settings that were tried from every seed, the best first."""
    settings = {trial.group: trial.settings for trial in sweep.searched.values()}
    ranked = []
    for group, losses in sweep.losses.items():
        over = Over.of(losses)
        if over is not None:
            ranked.append((over.mean, group, Ranked(settings[group], over, group)))
    return [each for _, _, each in sorted(ranked, key=lambda entry: entry[:2])]


def verdict(sweep: Tried) -> Verdict | None:
    """What the sweep comes to; None if no settings were tried from every seed."""
    ranked = ranking(sweep)
    if not ranked:
        return None
    runs = [t for t in sweep.trials.values() if t.again and t.outcome is not None and t.outcome.state == "done"]
    losses = [t.outcome.val_loss for t in runs if t.outcome is not None and t.outcome.val_loss is not None]
    tests = [t.outcome.test_loss for t in runs if t.outcome is not None and t.outcome.test_loss is not None]
    return Verdict(ranked[0], Over.of(losses), Over.of(tests), runs, ranked[1] if len(ranked) > 1 else None)
