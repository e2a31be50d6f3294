"""The coach: says from the curves alone, in one line of plain words, what is going on and what helps.

`diagnose` judges a run as it stands; `Coach` lets a line stand for some steps, so that it does not flicker. Every rule
compares a change with the noise of the curve itself, and says nothing where that leaves it open.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lstm_model.coach.course import EARLY, PIECES, Course, Signs
from lstm_model.curves.trend import noise, pieces, trend

AdviceKind = Literal["diverged", "went back", "overfitting", "rate too high", "rate too low", "clipped", "no better",
                     "plateau", "falling"]  # fmt: skip
# Load a save; lower the learning rate, or raise it; begin another run; see a sample or a forecast.
Action = Literal["load", "rate(-1)", "rate(1)", "new_run", "look"]


@dataclass(frozen=True)
class Advice:
    """What is going on, and the action that helps; (*) in `text` stands where whoever has keys names the action's."""

    kind: AdviceKind
    text: str
    action: Action

    @property
    def chapter(self) -> str:
        """Where this is explained: a document of the project, and a heading in it."""
        return CHAPTERS[self.kind]


CHAPTERS: dict[AdviceKind, str] = {
    "diverged": "docs/book/09-taking-steps.md#clipping",
    "went back": "docs/book/09-taking-steps.md#clipping",
    "overfitting": "docs/book/08-long-texts.md#dropout",
    "rate too high": "docs/book/09-taking-steps.md#the-schedule",
    "rate too low": "docs/book/09-taking-steps.md#the-schedule",
    "clipped": "docs/book/09-taking-steps.md#clipping",
    "no better": "docs/evaluation.md",
    "plateau": "docs/book/09-taking-steps.md#the-average",
    "falling": "docs/book/05-losses.md#the-loss-of-a-text-in-plain-words",
}
BACK_STANDS = 0.1  # share of the steps, after going back, for which that is said
VALIDATIONS = 5  # before a model is called no better than a simple forecast
POOR = 0.02  # share by which a loss lies above that of the simplest forecast, to be called poor
EQUAL = 0.005  # two losses that differ by this share are the same
MOST_CLIPPED = 0.1  # share of the steps beyond a half
MOST_CELLS = 76  # a line fits a terminal of 80 columns
STAYS = 0.5  # what a rule asks for is multiplied with while its line stands: it goes later than it comes


def diagnose(course: Course, before: AdviceKind | None = None) -> Advice | None:
    """What there is to say of a run now, the most pressing first; None while it is too early or nothing is clear.

    before: the kind of the line that stands, which needs less to stay than it needed to come.
    """
    if course.diverged:
        return Advice("diverged", "The loss is not a number. Load an earlier save (*), then lower the rate.", "load")
    if back := _went_back(course):
        return back
    signs = Signs(course)
    if signs.is_early:
        return None
    for kind, rule in RULES.items():
        if found := rule(signs, STAYS if kind == before else 1.0):
            return found
    return None


class Coach:
    """Holds the line that stands. Another takes its place once it has been found for a while: HOLD steps, counted."""

    HOLD, HOLD_SHARE = 50, 0.03  # steps at least, and as a share of all
    AT_ONCE = ("diverged", "went back")

    def __init__(self) -> None:
        self.advice: Advice | None = None
        self._next: Advice | None = None
        self._since = self._step = 0
        self._is_new = True  # a run that is opened late has its line at once

    def look(self, course: Course) -> Advice | None:
        """The line to show for a run that has gone on, or that another run has taken the place of."""
        if course.step < self._step:  # gone back, or another run
            self.advice = self._next = None
            self._is_new = True
        self._step = course.step
        found = diagnose(course, self.advice.kind if self.advice else None)
        if found != self._next:
            self._next, self._since = found, course.step
        waited = course.step - self._since
        at_once = self._is_new or course.ended or (found is not None and found.kind in self.AT_ONCE)
        self._is_new = False
        if at_once or waited >= max(self.HOLD, self.HOLD_SHARE * course.step):
            self.advice = found
        return self.advice


def _went_back(course: Course) -> Advice | None:
    stands = max(2 * EARLY, BACK_STANDS * course.step)
    backs = [mark.step for mark in course.marks if mark.kind == "back"]
    if not backs or course.step - backs[-1] > stands or course.ended:
        return None
    return Advice("went back", "The loss exploded: back at a good state, half the rate. Lower it more (*).", "rate(-1)")


def _overfitting(signs: Signs, least: float) -> Advice | None:
    """Validation clearly above its best for three measurements in a row, while training falls since that best."""
    course = signs.course
    if course.best_val_loss is None:
        return None
    best, val = course.best_val_loss, course.val
    known = np.isfinite(val.mean)
    after = val.mean[known & (val.step > course.best_step)]
    by_chance = signs.kind.val_noise * abs(best) + 5 * noise(val.mean[known][-24:])
    margin = least * by_chance  # the best of many lies below the others
    if len(after) < 3 or np.median(after[-3:]) < best + margin or after[-3:].min() < best + margin / 2:
        return None
    values = pieces(course.train, course.best_step, course.step, PIECES)
    then = pieces(course.train, course.best_step - max(EARLY, 0.1 * course.best_step), course.best_step, 1)
    if not len(values) or (len(then) and np.median(values[-3:]) > then[0]):
        return None  # it falls, if at all, from somewhere above
    change, error, _ = trend(values)
    if change > (2 * error if least < 1 else 0):
        return None
    since = f"Overfits since step {course.best_step:,}, which is kept."
    return Advice("overfitting", f"{since} More dropout: a new run (*).", "new_run")


def _rate_too_high(signs: Signs, least: float) -> Advice | None:
    """Loss above that of a guess, or back far above what it was, or stuck where nothing is known but the alphabet."""
    course = signs.course
    if signs.recovers:
        return None
    if signs.now > course.guess * (1 + 0.1 * least):
        return Advice(
            "rate too high", "The rate is too high: the loss is above that of a guess. Lower it (*).", "rate(-1)"
        )
    if signs.has_jumped(least):
        return Advice(
            "rate too high", "The loss is far above what it was. Lower the rate (*), or load the best.", "rate(-1)"
        )
    if signs.is_poor(POOR * least) and not signs.falls:
        return Advice(
            "rate too high", "The loss stays high and does not fall. The rate may be too high (*).", "rate(-1)"
        )
    return None


def _rate_too_low(signs: Signs, least: float) -> Advice | None:
    """After many steps worse than a simple forecast that is easy to beat, and falling slowly but surely."""
    if not (signs.is_poor(POOR * least) and signs.falls):
        return None
    return Advice("rate too low", "The loss falls very slowly. The rate may be too low: raise it (*).", "rate(1)")


def _clipped(signs: Signs, least: float) -> Advice | None:
    share = signs.course.clipped
    if share is None or share <= 0.5 + MOST_CLIPPED * least:
        return None
    return Advice("clipped", "Gradient clipped in most steps. If the loss shakes, lower the rate (*).", "rate(-1)")


def _no_better(signs: Signs, least: float) -> Advice | None:  # noqa: ARG001
    """Validation not below the task's simplest forecast.

    `least` has no say: the best of all validations does not go up and down.
    """
    course = signs.course
    enough = signs.is_long and np.isfinite(course.val.mean).sum() >= VALIDATIONS
    if signs.simple is None or not enough or signs.best < signs.simple * (1 - EQUAL):
        return None
    return Advice("no better", f"{signs.kind.words.no_better} (*).", "new_run")


def _plateau(signs: Signs, least: float) -> Advice | None:
    """Neither training nor validation has fallen by a hundredth in the recent half, and the noise is small enough."""
    run = signs.trend
    if run is None or not signs.is_long:
        return None
    share = 0.01 * (2 if least < 1 else 1)
    level = abs(run.level)
    if -run.change > share * level or run.error > share * level or signs.gained > share:
        return None
    if signs.course.ended:
        return Advice("plateau", "Plateau: it hardly fell any more. A larger model may learn more (*).", "new_run")
    return Advice("plateau", "Plateau: the loss hardly falls any more. A lower rate may help (*).", "rate(-1)")


def _falling(signs: Signs, least: float) -> Advice | None:
    """Training or validation has fallen, beyond doubt, in the recent half, and validation has not stopped to."""
    run = signs.trend
    if run is None:
        return None
    surely = -run.change > max(2 * run.error, 0.01 * abs(run.level)) * least
    gained, least_gain = signs.gained, 0.01 * least  # not known: NaN, which is neither more nor less
    changed = signs.since > signs.course.best_step  # then what was before is no measure
    if (gained <= 0 and not changed) or not (surely or gained > least_gain):
        return None
    if signs.course.ended:
        return Advice("falling", "The loss was still falling at the end: load it (*) and it goes on.", "load")
    return Advice("falling", _falling_text(signs), "look")


def _falling_text(signs: Signs) -> str:
    """How far it has come, measured by what needs no network; of the best validation, which only goes down."""
    look = f"{signs.kind.words.look} (*)."
    references = signs.course.references if math.isfinite(signs.best) else ()
    passed = sorted((loss, name) for name, loss in references if loss > signs.best)
    ahead = sorted((-loss, name) for name, loss in references if loss <= signs.best)
    known = [f'below "{passed[0][1]}"'] if passed else []
    known += [f'next "{ahead[0][1]}"'] if ahead else []
    text = f"Still falling: {', '.join(known)}. {look}"
    return text if known and len(text) <= MOST_CELLS else f"Still falling. {look}"


Rule = Callable[[Signs, float], Advice | None]  # float: what its demands are multiplied with
RULES: dict[AdviceKind, Rule] = {  # the most pressing first
    "rate too high": _rate_too_high,
    "overfitting": _overfitting,
    "rate too low": _rate_too_low,
    "clipped": _clipped,
    "no better": _no_better,
    "plateau": _plateau,
    "falling": _falling,
}
