"""Looks inside a model while it trains: what a view asks for is made between two steps, at a pace training can afford.

    view -> Probe -> command -> Prober, a slice between two steps -> Probed, a part of the snapshot

With no view open nothing is asked for and nothing is spent.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from lstm_model.arrays import quietly
from lstm_model.errors import LSTMError
from lstm_model.runs.run import Run
from lstm_tui.options.wording import with_flags

REST = 25  # times as long as a slice took, no other is made: training keeps more than 95 % of its speed
AT_ONCE = 0.05  # seconds of slices in a row, while a view shows nothing yet
NEXT_STEP = -1.0  # a probe yields this to be gone on with right after the next training step


class Early(NamedTuple):
    """What a probe yields to show a part of its answer before it has the rest."""

    found: object


Making = Generator[float | Early, None, object]  # yields the share that is done, or a part; returns the answer


@dataclass(frozen=True)
class Probe(ABC):
    """What a view asks of a run, with all that the answer depends on: equal probes have equal answers."""

    @abstractmethod
    def made(self, run: Run, before: object | None, *, steps: bool) -> Making:
        """Make it in slices, and return an immutable answer that training does not change.

        Training goes on between two slices: what is read of the weights is copied before the first of them ends.
        before: the last answer to a probe of this kind; steps: whether there are steps to wait for. LSTMError: why not.
        """

    def kept(self, folder: Path, task: str, up_to: int) -> object | None:  # noqa: ARG002
        """The answer that a run's folder keeps, up to a step, for whoever has no run; None for what needs its model."""
        return None


@dataclass(frozen=True, eq=False)
class Probed:
    """What was asked for, and the newest answer: of an earlier step while the next one is being made."""

    asked: Probe | None = None
    found: object | None = None  # also to another probe of its kind, until there is one to this
    step: int = 0  # of what was found
    share: float = 0.0  # how much of the next answer is done
    refused: str = ""  # why there is no answer, in one line

    def asking(self, probe: Probe | None) -> "Probed":
        """Once something else is asked for: what was found stays while the answer will be of the same kind."""
        if probe == self.asked:
            return self
        same = type(probe) is type(self.asked)
        return Probed(probe, self.found if same else None, self.step if same else 0)


class Prober:
    """Makes what was asked for of one run, over and over while it changes. Belongs to the worker's thread."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.probed = Probed()
        self._clock = clock
        self._work: Making | None = None
        self._begun_at = -1  # the step the work in hand, or the last answer, is about
        self._answered = False  # whether there is an answer to this very probe
        self._awaits: int | None = None  # goes on once the run is beyond this step
        self._rests_until = 0.0

    def ask(self, probe: Probe | None) -> None:
        """Make this from now on; None: nothing. What is asked for anyway is not begun anew."""
        if probe != self.probed.asked:
            self._drop()
            self.probed = self.probed.asking(probe)
            self._begun_at, self._answered = -1, False

    def is_due(self, run: Run, *, steps: bool) -> bool:
        """Whether `advance` would do something now. steps: whether the run trains."""
        if self.probed.asked is None:
            return False
        if self._work is None:
            if self._begun_at == run.trainer.steps:
                return False
        elif self._awaits is not None and steps:
            return run.trainer.steps > self._awaits
        return not (steps and self._answered and self._clock() < self._rests_until)

    def advance(self, run: Run, *, steps: bool) -> None:
        """Do a slice; until there is an answer, as many as fit between two steps without holding up a key."""
        begun = self._clock()
        self._slice(run, steps=steps)
        while not self._answered and self._awaits is None and self._clock() - begun < AT_ONCE:
            self._slice(run, steps=steps)

    @quietly
    def _slice(self, run: Run, *, steps: bool) -> None:
        """A fault in it is told where the answer would be: no view may stop a training."""
        begun = self._clock()
        try:
            if self._work is None and self.probed.asked is not None:
                self._begun_at = run.trainer.steps
                self._work = self.probed.asked.made(run, self.probed.found, steps=steps)
            if self._work is not None:
                self._take(run, next(self._work), steps=steps)
        except StopIteration as done:
            self._drop()
            self._answer(done.value)
        except LSTMError as error:
            self._refuse(with_flags(error))
        except Exception as error:  # noqa: BLE001 - see above
            self._refuse(f"this view failed, training goes on: {error!r}")
        now = self._clock()
        self._rests_until = now + REST * (now - begun)

    def _take(self, run: Run, slice_of: float | Early, *, steps: bool) -> None:
        if isinstance(slice_of, Early):
            self._answer(slice_of.found)
            return
        self._awaits = run.trainer.steps if slice_of == NEXT_STEP and steps else None
        self.probed = replace(self.probed, share=max(0.0, slice_of))

    def _answer(self, found: object) -> None:
        self._answered = True
        self.probed = replace(self.probed, found=found, step=self._begun_at, share=0.0, refused="")

    def _refuse(self, why: str) -> None:
        self._drop()
        self._answered = True
        self.probed = replace(self.probed, found=None, share=0.0, refused=why)

    def _drop(self) -> None:
        self._work = self._awaits = None
