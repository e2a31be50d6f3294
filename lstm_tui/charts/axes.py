"""Axes: limits that stay, round ticks, and labels of a fixed width that never overlap. Pure numbers and text."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

FloatArray: TypeAlias = NDArray[np.floating[Any]]
IntArray: TypeAlias = NDArray[np.int64]
Ticks: TypeAlias = list[tuple[float, str]]  # position on the axis, label

LABEL = 6  # cells of a y label, always, so that the canvas stays where it is while the values change
GUTTER = LABEL + 1  # and one for the axis
MOST_LONGER = 1.8  # times as long as asked for an axis may become so that it has two ticks
MOST_ROWS_APART = 12  # of two y ticks
HUGE = 1e99  # at this size a value counts as infinite: no label of six cells could say it


class Scale(NamedTuple):
    """An axis from `low` to `high`, in its own units: log10 of the values on a log axis."""

    low: float
    high: float

    def dots(self, values: FloatArray, count: int) -> IntArray:
        """Which of `count` dots each value falls on, 0 the lowest; values outside fall on the edge."""
        share = (np.clip(values, self.low, self.high) - self.low) / (self.high - self.low)
        dots: IntArray = np.rint(share * (count - 1)).astype(np.int64)
        return dots

    def cell(self, value: float, cells: int, fineness: int) -> int:
        """Which of `cells` cells, each `fineness` dots long, one value falls on."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(share * (cells * fineness - 1)) // fineness


def given_limits(limits: tuple[float, float] | None, log: bool) -> Scale | None:
    """Limits as the caller wants them, or None where they make no axis."""
    if limits is None or not all(abs(limit) < HUGE and (limit > 1 / HUGE or not log) for limit in limits):
        return None
    low, high = (math.log10(limit) for limit in limits) if log else limits
    return Scale(low, high) if low < high and not _constant(low, high) else None


def limits_around(values: FloatArray, parts: int | None) -> Scale | None:
    """Limits around the values, widened to round steps, at most `parts` of them: they then stay for many redraws."""
    values = values[np.isfinite(values)]
    if not values.size:
        return None
    low, high = float(values.min()), float(values.max())
    if _constant(low, high):
        pad = abs(low) / 10 if abs(low) > 1e-80 else 1.0
        low, high = (max(low - pad, 0.0) if low >= 0 else low - pad), high + pad
    if parts is not None:
        step = _nice((high - low) / parts)
        low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return Scale(low, high)


def rounded(low: float, high: float, log: bool, parts: int = 20) -> tuple[float, float]:
    """Widen limits to round steps, `parts` of them or fewer, so that they stay while the values between them move.

    log: the steps are even on a logarithmic axis; both limits must be above 0 then.
    """
    scale = limits_around(np.log10([low, high]) if log else np.array([low, high]), parts)
    if scale is None:
        return low, high
    return (10**scale.low, 10**scale.high) if log else (scale.low, scale.high)


def _constant(low: float, high: float) -> bool:
    """Whether two limits are the same number but for rounding; labels could not tell them apart either."""
    return abs(high - low) <= 1e-9 * max(abs(low), abs(high), 1e-80)


def _nice(step: float) -> float:
    """Round up to the next of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return min(power * size for size in (1, 2, 5, 10) if power * size >= step * (1 - 1e-9))


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, min(last, first + 200) + 1)]


def tick_text(value: float, step: float) -> str:
    """Say a tick in at most six characters, as fine as its step needs: `0.05`, `250`, `1.5k`, `2e-7`, or `~3e8`."""
    if abs(value) < step / 1e3:
        return "0"
    texts = []
    for unit, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) > unit * 0.999 and step > unit * 0.0999:
            texts.append(f"{value / unit:.1f}".removesuffix(".0") + letter)
    texts.append(f"{value:.{max(0, -math.floor(math.log10(step) + 1e-9))}f}")
    for digits in range(4):
        mantissa, exponent = f"{value:.{digits}e}".split("e")
        if abs(float(f"{mantissa}e{exponent}") - value) < step / 10:
            texts.append(f"{mantissa}e{int(exponent)}")
    mantissa, exponent = f"{value:.0e}".split("e")
    return next((text for text in (*texts, f"~{mantissa}e{int(exponent)}") if len(text) <= LABEL), "")


def _is_said(label: str) -> bool:
    """Whether a label says its value, as finely as it needs."""
    return bool(label) and not label.startswith("~")


def _told_apart(ticks: Ticks, log: bool = False) -> Ticks:
    """The ticks that six characters can say; where that leaves fewer than two, all of them by their last digits.

    `..0041` is 7.80041 between 7.80038 and 7.80044: what comes before is the same for all.
    """
    said = [(value, label) for value, label in ticks if _is_said(label)]
    if len(said) == len(ticks) or len(said) > 1 or len(ticks) < 2:
        return said if len(said) > 1 else ticks
    values = [10**value if log else value for value, _ in ticks]
    ordered = sorted(values)
    unit = 10.0 ** math.floor(math.log10(min(b - a for a, b in pairwise(ordered))) + 1e-9)
    return [(value, _last_digits(round(true / unit))) for (value, _), true in zip(ticks, values, strict=True)]


def _last_digits(count: int) -> str:
    sign = "-" if count < 0 else ""
    digits = LABEL - len(sign) - 2
    return f"{sign}..{abs(count) % 10**digits:0{digits}}"


@lru_cache(64)  # limits stay for many redraws
def even(scale: Scale, rows: int) -> Scale:
    """A linear axis that is a little longer, on which ticks at a round step stand a whole number of rows apart.

    Of all round steps and distances, those that add least, and leave two ticks where that does not add too much. The
    ticks lie in the middle of their rows, and most of what is added at the upper end.
    """
    dots = 4 * rows - 1
    least, wanted = _rows_apart(rows), (scale.high - scale.low) / dots
    steps = [_nice(4 * wanted * least * 2**k) for k in range(-1, 4)]
    choices = sorted(step / (4 * apart) for step in steps for apart in range(least, MOST_ROWS_APART + 1))
    first = None
    for dot in choices:
        below = math.floor(scale.low / dot + 1e-6)  # dots from zero, where a tick is, to the lower end
        low = (below if below % 4 in (2, 3) else below - below % 4 - 1) * dot
        longer = Scale(low, low + dots * dot)
        if longer.high < scale.high - dot * 1e-6:
            continue
        if first is not None and dot > MOST_LONGER * wanted:
            break
        cells = [longer.cell(value, rows, 4) for value, _ in _linear_ticks(*longer, rows)]
        if len({b - a for a, b in pairwise(cells)}) <= 1:
            first = longer if first is None else first
            if len(cells) > 1:
                return longer
    return first or scale


def _rows_apart(rows: int) -> int:
    """The least distance of two ticks."""
    return 2 if rows < 16 else 3


def _linear_ticks(low: float, high: float, rows: int, *, are_even: bool = True) -> Ticks:
    """Multiples of a round step that leaves two rows or more between them, three on a high canvas.

    are_even: the first such step whose ticks all stand equally far apart, if there is one that leaves three.
    """
    step = _nice((high - low) / max(1.0, (rows - 1) / _rows_apart(rows)))
    first: Ticks | None = None
    while True:
        values = _multiples(low, high, step)
        cells = [Scale(low, high).cell(value, rows, 4) for value in values]
        ticks = [(value, tick_text(value, step)) for value in values]
        are_said = {_is_said(label) for _, label in ticks}  # some and not others would leave gaps
        first = ticks if first is None else first
        if len(ticks) <= 2 or not are_even:
            return first
        if len(are_said) == len({b - a for a, b in pairwise(cells)}) == 1:
            return ticks
        step = _nice(step * 1.01)


def _log_ticks(scale: Scale, rows: int) -> Ticks:
    """Powers of ten, then their double and fivefold; within less than a decade even steps, then halves of them."""
    if scale.high - scale.low < 0.7:
        low, high = 10**scale.low, 10**scale.high
        ticks = [tick for finer in (1, 2) for tick in _linear_ticks(low, high, finer * rows, are_even=False)]
        return [(math.log10(value), label) for value, label in ticks if value > 0]
    stride = math.ceil(2 * (scale.high - scale.low) / max(1, rows - 1))
    powers = [k for k in range(math.floor(scale.low), math.ceil(scale.high) + 1) if k % stride == 0]
    return [(k + math.log10(size), tick_text(size * 10.0**k, 10.0**k)) for size in (1, 2, 5) for k in powers]


def y_ticks_of(scale: Scale, rows: int, log: bool) -> Ticks:
    """Round values two rows apart or more, the first in the list first; where two do not fit, both ends of the axis."""
    kept: Ticks = []
    cells: list[int] = []
    for value, label in _log_ticks(scale, rows) if log else _linear_ticks(*scale, rows):
        cell = scale.cell(value, rows, 4)
        if scale.low <= value <= scale.high and all(abs(cell - other) >= 2 for other in cells):
            kept.append((value, label))
            cells.append(cell)
    if len(kept) < 2 <= rows:
        low, high = (10**end if log else end for end in scale)
        steps = [min(_nice((high - low) / 40), 10 ** (math.floor(end) - 1) if log else math.inf) for end in scale]
        kept = [(end, tick_text(10**end if log else end, step)) for end, step in zip(scale, steps, strict=True)]
    return _told_apart(kept, log)


def place_x_ticks(
    wanted: tuple[tuple[float, str], ...] | None, scale: Scale, columns: int, whole: bool
) -> list[tuple[int, int, str]]:
    """As many ticks as stand two blanks apart: column on the canvas, first cell of the label in its row, label."""
    choices: Iterable[Ticks]
    if wanted is None:
        least = max(_nice((scale.high - scale.low) / max(1, columns // 6)), 1.0 if whole else 0.0)
        steps = [_nice(least * 2**power) for power in range(10)]
        choices = (_told_apart([(x, tick_text(x, step)) for x in _multiples(*scale, step)]) for step in steps)
    else:
        given = sorted((x, label) for x, label in wanted if scale.low <= x <= scale.high and len(label) <= columns)
        choices = (given[::every] for every in range(1, len(given) + 1))
    return next((placed for ticks in choices if (placed := _place(ticks, scale, columns)) is not None), [])


def _place(ticks: Ticks, scale: Scale, columns: int) -> list[tuple[int, int, str]] | None:
    """Centre each label under its tick, shifted where it would leave the picture; None when two come too close."""
    placed: list[tuple[int, int, str]] = []
    free = 0
    for x, label in ticks:
        column = scale.cell(x, columns, 2)
        start = min(max(GUTTER + column - len(label) // 2, 0), GUTTER + columns - len(label))
        if start < free:
            return None
        free = start + len(label) + 2
        placed.append((column, start, label))
    return placed
