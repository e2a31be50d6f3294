"""A sweep on a road: trials go out while there is room, and come back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from lstm_model.errors import InputError, WorkError
from lstm_model.sweeps.roads.road import Happened, Road
from lstm_model.sweeps.sweep import Trial
from lstm_model.sweeps.trial import Order, Outcome, Reached

GOES_ON = "all trials are kept: mend that, and the same command goes on"
TURN = 0.2  # seconds between two looks whether somebody wants it to end


class Trials(Protocol):
    """What is driven: a sweep, or a batch. See `Sweep` for what each means."""

    @property
    def over(self) -> bool:
        """Whether every trial has ended."""
        ...

    @property
    def trials(self) -> Mapping[int, Trial]:
        """Those that were begun, by number."""
        ...

    def next(self) -> Trial | None:
        """The next trial to train."""
        ...

    def order(self, trial: Trial, threads: int) -> Order:
        """What a worker needs to know of it."""
        ...

    def reached(self, trial: Trial, reached: Reached) -> str:
        """Take in a validation; why the trial is to be given up, if it is."""
        ...

    def ended(self, trial: Trial, outcome: Outcome) -> None:
        """Take in how it ended."""
        ...

    def died(self, trial: Trial, why: str) -> bool:
        """Take in that its process died; True if it is to be tried again."""
        ...

    def left(self, trial: Trial) -> None:
        """Take in that it was left."""
        ...


@dataclass(frozen=True)
class Told:
    """What happened to a trial: it began, was validated, is given up for a reason, died, or has ended."""

    trial: Trial
    what: str  # "begun", "reached", "given up", "died", "ended"
    why: str = ""


def drive(
    sweep: Trials,
    road: Road,
    threads: int,
    interrupted: Callable[[], bool],
    paused: Callable[[], bool] = lambda: False,
) -> Iterator[Told]:
    """Train until the sweep is over or interrupted; what happens, as it happens. The road is closed at the end.

    paused: while it says so, trials wait where they are, and none begins. WorkError if nothing can be trained any more,
    as on a full disk.
    """
    out: dict[int, Trial] = {}
    waits = False
    try:
        while not sweep.over and not interrupted():
            if waits is not paused():
                waits = not waits
                road.pause(waits)
            if not waits:
                yield from _send(sweep, road, threads, out)
            for happened in road.wait(TURN):
                yield from _take(sweep, road, out, happened)
                if happened.stuck is not None and not road.able:
                    raise WorkError(f"{happened.stuck}; {GOES_ON}")
    finally:
        for happened in road.close():
            for told in _take(sweep, road, out, happened):
                if told.what == "ended":
                    out.pop(told.trial.number, None)
        for trial in out.values():
            sweep.left(trial)


def _send(sweep: Trials, road: Road, threads: int, out: dict[int, Trial]) -> Iterator[Told]:
    while road.free > 0:
        trial = sweep.next()
        if trial is None:
            return
        try:
            order = sweep.order(trial, threads)
        except InputError as error:  # settings that make no sense together
            sweep.ended(trial, Outcome("failed", why=str(error)))
            yield Told(trial, "ended")
            continue
        out[trial.number] = trial
        road.start(trial.number, order)
        yield Told(trial, "begun")


def _take(sweep: Trials, road: Road, out: dict[int, Trial], happened: Happened) -> Iterator[Told]:
    trial = sweep.trials[happened.number]
    if happened.reached is not None:
        why = sweep.reached(trial, happened.reached)
        if why:
            road.give_up(trial.number)
            yield Told(trial, "given up", why)
        else:
            yield Told(trial, "reached")
    elif happened.outcome is not None:
        out.pop(trial.number, None)
        sweep.ended(trial, happened.outcome)
        yield Told(trial, "ended")
    elif happened.stuck is not None:
        out.pop(trial.number, None)
        sweep.left(trial)
    elif happened.died is not None:
        out.pop(trial.number, None)
        again = sweep.died(trial, happened.died)
        yield Told(trial, "died" if again else "ended", happened.died)
