"""Giving up on trials early, by their validation curves: those that run badly leave their time to others.

A curve is a list of points, each the share of the trial that was done and the lowest validation loss up to there.
Trials are compared at equal shares, so it is no matter whether they end by steps or by time.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from operator import itemgetter
from statistics import median

Curve = Sequence[tuple[float, float]]  # (share done, lowest loss so far), shares rising

LEAST = 4  # other curves that must reach a share, before the median of them means something
WARM_UP = 0.2  # share of a trial that it may run as badly as it likes: rates rise, and curves cross
CUT = 3  # halving: of those that reach a rung, one in so many goes on; rungs lie at shares 1/9 and 1/3
ROUNDING = 1e-9  # two shares are the same that differ by less
RUNGS = (1 / CUT**2, 1 / CUT)

Rule = Callable[[Curve, Sequence[Curve]], str]  # why a trial is given up, "" for going on


def by_median(curve: Curve, others: Sequence[Curve]) -> str:
    """Give up if the trial is worse than the median of the others at the same share (Golovin et al., Vizier, 2017)."""
    share, loss = curve[-1]
    there = [value for value in (at(other, share) for other in others) if value is not None]
    if share < WARM_UP or share >= 1 or len(there) < LEAST or loss <= median(there):
        return ""
    return f"{loss:.4g} at {share:.0%}, above {median(there):.4g}, the median of {len(there)} others"


def by_halving(curve: Curve, others: Sequence[Curve]) -> str:
    """Give up if at a rung it is not among the best third of those that have been there so far.

    Asynchronous successive halving (Li et al., "A System for Massively Parallel Hyperparameter Tuning", 2020): nobody
    waits for the others at a rung.
    """
    share, loss = curve[-1]
    before = curve[-2][0] if len(curve) > 1 else 0.0
    passed = [rung for rung in RUNGS if before < rung <= share < 1]
    if not passed:
        return ""
    there = [value for value in (at(other, passed[-1]) for other in others) if value is not None]
    better = sum(value < loss for value in there)
    if len(there) + 1 < CUT or better < max(1, (len(there) + 1) // CUT):
        return ""
    return f"{loss:.4g} at {share:.0%}: {better} of {len(there)} others were better there, and one in {CUT} goes on"


def never(curve: Curve, others: Sequence[Curve]) -> str:  # noqa: ARG001
    """Let every trial run to its end."""
    return ""


RULES: dict[str, Rule] = {"none": never, "median": by_median, "halving": by_halving}


def at(curve: Curve, share: float) -> float | None:
    """The lowest loss up to a share; None where the curve does not reach it, or begins after it."""
    if not curve or curve[-1][0] < share - ROUNDING:
        return None
    place = bisect_right(curve, share + ROUNDING, key=itemgetter(0))
    return curve[place - 1][1] if place else None
