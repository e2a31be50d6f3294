"""How a sweep stands at one moment, as plain data for whoever shows it: it does not move on while it is looked at."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from lstm_model.sweeps.design import Design
from lstm_model.sweeps.sweep import Sweep, Trial, whole_losses

State = Literal["running", "waiting", "done", "pruned", "failed"]  # waiting: begun, and nobody trains it now
ORDER: tuple[State, ...] = ("running", "waiting", "done", "pruned", "failed")


@dataclass(frozen=True)
class Standing:
    """See the module's docstring.

    trials: by number, none of them changed by anybody any more. running: the numbers of those that are being trained.
    process: that trains them, where it is known.
    """

    design: Design
    folder: Path
    trials: Mapping[int, Trial]
    running: frozenset[int]
    paused: bool = False
    over: bool = False
    process: int | None = None

    @classmethod
    def of(cls, sweep: Sweep, running: Collection[int], *, paused: bool = False) -> "Standing":
        """That of a sweep, as whoever drives it sees it; what has ended is shared, for nobody changes it."""
        trials = {
            number: replace(trial, curve=list(trial.curve)) if trial.outcome is None else trial
            for number, trial in sweep.trials.items()
        }
        return cls(sweep.design, sweep.folder, trials, frozenset(running), paused, sweep.over, os.getpid())

    def state(self, trial: Trial) -> State:
        """What has become of a trial."""
        if trial.outcome is not None:
            return trial.outcome.state
        return "running" if trial.number in self.running else "waiting"

    @property
    def searched(self) -> dict[int, Trial]:
        """The trials that are not of the winner."""
        return {number: trial for number, trial in self.trials.items() if not trial.again}

    @property
    def losses(self) -> dict[int, list[float]]:
        """See `Sweep.losses`."""
        return whole_losses(self.trials.values(), self.design.seeds)

    def count(self, state: State) -> int:
        """How many trials of the search are so."""
        return sum(self.state(trial) == state for trial in self.searched.values())

    @property
    def seconds_left(self) -> float | None:
        """About how long it goes on, from what trials have taken so far; None while nothing tells that.

        What is left of those that were begun, those that come, and the winner's; as many at once as there are now.
        """
        design = self.design
        took = [t.outcome.elapsed_s for t in self.trials.values() if t.outcome is not None and t.outcome.elapsed_s > 0]
        usual = 60 * design.minutes if design.minutes is not None else None
        if took:
            usual = sum(took) / len(took)
        if self.over or usual is None or not self.running:
            return 0.0 if self.over else None
        whole = design.trials + design.again
        begun = sum(1 - reached(trial) for trial in self.trials.values() if trial.outcome is None)
        return usual * (whole - len(self.trials) + begun) / len(self.running)


def reached(trial: Trial) -> float:
    """The share of a trial that is done."""
    if trial.outcome is not None:
        return 1.0
    return trial.curve[-1][0] if trial.curve else 0.0


def loss_of(trial: Trial) -> float | None:
    """The lowest validation loss of a trial so far."""
    if trial.outcome is not None and trial.outcome.val_loss is not None:
        return trial.outcome.val_loss
    return trial.curve[-1][1] if trial.curve else None


def why(trial: Trial) -> str:
    """Why a trial was given up, also while it still ends, or has failed; "" for others."""
    return trial.given_up if trial.outcome is None else trial.outcome.why
