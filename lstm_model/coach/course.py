"""What a run has shown of itself, and what can be read from it: the evidence the coach judges by."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_model.curves.history import Buckets, Mark
from lstm_model.curves.trend import Trend, noise, pieces, trend
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import TaskKind, kind_of

EARLY = 100  # steps after the warm-up about which nothing is said
LONG = 400  # steps after the warm-up by which a good rate has learnt how often each character comes
PIECES = 12  # of the curve, for a trend
RECENT = 0.05  # share of the steps that says where the loss is now
LEAST_RECENT = 50  # steps
TELLING = 20_000  # time steps in a piece: the loss over fewer tells more of these characters or days than of the model


@dataclass(frozen=True, eq=False)
class Course:
    """What a run has shown of itself so far.

    guess: the loss of a model that knows nothing. references: the losses of
    forecasts that need no network, by name. clipped: the share of the last steps whose gradient was clipped, None where
    too few were taken.
    """

    config: Config
    step: int
    train: Buckets
    val: Buckets
    guess: float
    best_val_loss: float | None = None
    best_step: int = 0
    marks: tuple[Mark, ...] = ()
    references: tuple[tuple[str, float], ...] = ()
    clipped: float | None = None
    ended: bool = False
    diverged: bool = False


class Signs:
    """A course, and what several rules ask of it."""

    def __init__(self, course: Course) -> None:
        self.course = course

    @property
    def kind(self) -> TaskKind:
        """What is known of the run's task."""
        return kind_of(self.course.config.task)

    @property
    def is_early(self) -> bool:
        """Whether the warm-up is hardly over."""
        return self.course.step < self.course.config.warmup + EARLY

    @property
    def is_long(self) -> bool:
        """Whether a good rate would have learnt by now how often each character comes."""
        return self.course.step >= self.course.config.warmup + LONG

    @cached_property
    def since(self) -> float:
        """The step at which the rate was last changed: what was before tells nothing of the rate at hand."""
        return max((mark.step for mark in self.course.marks if mark.kind != "saved"), default=0)

    @cached_property
    def window(self) -> tuple[float, float]:
        """The recent half of the steps, since the rate was changed."""
        step = self.course.step
        return max(step / 2, self.since), step

    @cached_property
    def trend(self) -> Trend | None:
        """Of the training loss in the window; None where that is too short."""
        start, stop = self.window
        values = pieces(self.course.train, start, stop, PIECES)
        return trend(values) if len(values) and stop - start >= EARLY else None

    @cached_property
    def now(self) -> float:
        """The training loss of late; NaN where there is none."""
        step = self.course.step
        recent = pieces(self.course.train, step - max(LEAST_RECENT, RECENT * step), step, 1)
        return float(recent[0]) if len(recent) else math.nan

    @cached_property
    def simple(self) -> float | None:
        """The loss of the task's simplest forecast, such as "no change"; None before it is known."""
        return dict(self.course.references).get(self.kind.simplest)

    def is_poor(self, margin: float) -> bool:
        """After many steps worse than a simple forecast that is easy to beat, now and ever, by a share."""
        if not self.kind.simplest_is_easy or self.simple is None or not self.is_long:
            return False
        return min(self.now, self.best) > self.simple * (1 + margin)

    @cached_property
    def falls(self) -> bool:
        """Whether the training loss has fallen in the window, beyond doubt, however little."""
        return self.trend is not None and self.trend.change < -2 * self.trend.error

    @cached_property
    def recovers(self) -> bool:
        """Whether it falls, and not a little, in the later half of the steps since the rate was changed."""
        step = self.course.step
        values = pieces(self.course.train, (self.since + step) / 2, step, PIECES)
        if not self.since or not len(values):
            return False
        change, error, level = trend(values)
        return change < -max(2 * error, 0.02 * abs(level))

    @property
    def best(self) -> float:
        """The best validation loss, infinite before the first."""
        return math.inf if self.course.best_val_loss is None else self.course.best_val_loss

    @cached_property
    def gained(self) -> float:
        """How much the best validation of the window is below the best before it, as a share; NaN where unknown."""
        val, (start, _) = self.course.val, self.window
        later = val.step > start
        old, new = val.mean[~later & np.isfinite(val.mean)], val.mean[later & np.isfinite(val.mean)]
        return float(1 - new.min() / old.min()) if len(old) and len(new) and old.min() > 0 else math.nan

    def has_jumped(self, least: float) -> bool:
        """Whether the last two pieces of the training loss lie far above the lowest before them; least: 1, or less.

        Not if the validation, measured during these two, is about the best: then the text at hand is merely a hard one.
        """
        course = self.course
        a_step = course.config.batch_size * course.config.seq_length
        length = max(LEAST_RECENT, RECENT * course.step, TELLING / a_step)
        levels = pieces(course.train, course.config.warmup, course.step, max(1, int(course.step / length)))
        if len(levels) < 6:
            return False
        lowest = levels[:-2].min()
        risen = levels[-2:].min() - lowest > least * max(0.1 * abs(lowest), 5 * noise(levels[-PIECES:]))
        recent = course.val.mean[course.val.step > course.step - length]
        return bool(risen) and not (len(recent) and recent[-1] < 1.02 * self.best)
