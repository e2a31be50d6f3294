"""Which settings matter, as far as the trials that ran to their ends can tell.

For each setting the values, or the halves of a range, with the mean of their losses; and how far the best of them lies
below all the others, with the standard error of that difference (Welch's, as the two sides need not scatter equally).
What else was tried varies on both sides, and is part of the error. The best is chosen by what it is then compared by,
so with more values a larger difference is asked for (Bonferroni). Settings of which a trial was given up have no loss
to compare, though they were the worse ones: `tried` counts them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, median, variance
from typing import Any

from lstm_model.sweeps.space import Dimension, Range, Values
from lstm_model.sweeps.standing import Standing

LEAST = 3  # settings on each side, below which nothing can be said
DOUBT = 0.05  # how often chance alone is to pass for a difference, for one setting


@dataclass(frozen=True)
class Level:
    """A value of a setting, or a part of its range from `value` to `high`.

    n: settings with it that ran to their ends, of `tried` that were begun; mean: of their losses.
    """

    value: Any
    high: float | None
    n: int
    mean: float | None
    tried: int


@dataclass(frozen=True)
class Effect:
    """How much a setting matters. levels: the best first.

    lower: how far the loss is lower at the best level than at all others together, and its standard error. None, as for
    `matters`, where there are too few trials on one of the sides.
    """

    dimension: Dimension
    levels: tuple[Level, ...]
    lower: float | None = None
    error: float | None = None
    matters: bool | None = None


def effects(standing: Standing) -> list[Effect]:
    """Of each setting, those that clearly matter first, then by how many standard errors it is from nothing."""
    losses = {group: fmean(each) for group, each in standing.losses.items()}
    found = [_effect(dimension, standing, losses) for dimension in standing.design.space.dimensions]
    return sorted(found, key=lambda effect: -_clearness(effect))


def _clearness(effect: Effect) -> float:
    if effect.lower is None or not effect.error:
        return -1.0 if effect.lower is None else math.inf
    return effect.lower / effect.error + (1e6 if effect.matters else 0)


def _effect(dimension: Dimension, standing: Standing, losses: dict[int, float]) -> Effect:
    groups = {trial.group: trial.settings[dimension.field] for trial in standing.searched.values()}
    known = [groups[group] for group in losses]
    parts = _parts(dimension, known or list(groups.values()))
    levels: list[tuple[Level, list[float]]] = []
    for part, (value, high) in enumerate(parts):
        here = [loss for group, loss in losses.items() if _part_of(dimension, parts, groups[group]) == part]
        tried = sum(_part_of(dimension, parts, value) == part for value in groups.values())
        levels.append((Level(value, high, len(here), fmean(here) if here else None, tried), here))
    levels.sort(key=lambda each: math.inf if each[0].mean is None else each[0].mean)
    shown = tuple(level for level, _ in levels)
    best, others = (levels[0][1], [loss for _, here in levels[1:] for loss in here]) if levels else ([], [])
    if min(len(best), len(others)) < LEAST:
        return Effect(dimension, shown)
    lower = fmean(others) - fmean(best)
    error, freedom = _welch(best, others)
    sides = sum(bool(here) for _, here in levels)
    return Effect(dimension, shown, lower, error, lower > _student(1 - DOUBT / sides, freedom) * error)


def _parts(dimension: Dimension, values: Sequence[Any]) -> list[tuple[Any, float | None]]:
    """The values, or the two halves of what was tried of a range."""
    if isinstance(dimension, Values):
        return [(value, None) for value in dimension.values]
    middle = median(values) if values else dimension.at(0.5)
    return [(dimension.low, middle), (middle, dimension.high)]


def _part_of(dimension: Dimension, parts: Sequence[tuple[Any, float | None]], value: Any) -> int:
    if isinstance(dimension, Range):
        return int(value >= parts[1][0])
    return next((k for k, (each, _) in enumerate(parts) if each == value), -1)


def _welch(a: Sequence[float], b: Sequence[float]) -> tuple[float, float]:
    """The standard error of the difference of two means, and its degrees of freedom (Welch, 1947)."""
    parts = variance(a) / len(a), variance(b) / len(b)
    total = sum(parts)
    below = parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1)
    return math.sqrt(total), total**2 / below if below else math.inf


def _student(share: float, freedom: float) -> float:
    """A quantile of Student's t, by the series around the normal one (Abramowitz and Stegun, 26.7.5)."""
    z = NormalDist().inv_cdf(share)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
