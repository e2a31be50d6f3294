"""Curves made ready for a canvas: cleaned, cut to the limits, and thinned to two points a column."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lstm_tui.charts.axes import HUGE, FloatArray, IntArray, Scale

DOTS = 2, 4  # across and down a cell, of a fine curve

BoolArray: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Series:
    """One curve, or one set of points. Of each column only the highest and the lowest point are drawn."""

    label: str  # shown in the legend; "" keeps it out of there
    x: FloatArray  # (n,)
    y: FloatArray  # (n,); NaN, and in a log picture whatever has no logarithm, is a gap in the line
    role: str  # "train", "faint", "val", "test", "truth", "best", ...: the theme gives it a colour
    kind: Literal["line", "points"] = "line"
    marker: str | None = None  # one character; None: fine (braille) dots


class DrawableCurve(NamedTuple):
    """A series ready to be drawn: x ascending and finite, y in the units of its axis, NaN for gaps."""

    series: Series
    x: FloatArray  # (n,)
    y: FloatArray  # (n,)


def clean(series: Series, y_log: bool) -> DrawableCurve:
    """Sort by x, turn what cannot be drawn into gaps, and take logarithms."""
    n = min(len(series.x), len(series.y))
    x, y = np.asarray(series.x[:n], np.float64), np.asarray(series.y[:n], np.float64)
    y = np.where(np.abs(y) < HUGE, y, np.nan)
    if y_log:
        y = np.log10(np.where(y > 1 / HUGE, y, np.nan))
    placed = np.abs(x) < HUGE
    x, y = x[placed], y[placed]
    if np.any(x[1:] < x[:-1]):
        order = np.argsort(x, kind="stable")
        x, y = x[order], y[order]
    return DrawableCurve(series, x, y)


def cut_to(curve: DrawableCurve, scale: Scale) -> DrawableCurve:
    """Cut a curve to the limits of x; a line is cut exactly at the edge, between two of its points."""
    series, x, y = curve
    within = (x >= scale.low) & (x <= scale.high)
    if within.all():
        return curve
    edges = np.array([edge for edge in scale if series.kind == "line" and x[0] < edge < x[-1]])
    ends = np.interp(edges, x, y)
    x, y = np.append(x[within], edges), np.append(y[within], ends)
    order = np.argsort(x, kind="stable")
    return DrawableCurve(series, x[order], y[order])


def points_of(
    curve: DrawableCurve, dots: tuple[int, int], x: Scale, y: Scale, rows: int, columns: int
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Where to draw a curve, in cells from the top left, and whether a line leads to each point; all (k,).

    Points lie at the centres of dots, `dots` of them across and down a cell, so that no rounding can move them. A mark
    that fills a cell stands in the cell of the dot that a fine curve would have there. None is NaN: plotext's kernel
    ends the whole process over one.
    """
    wide, high = dots
    known = np.isfinite(curve.y)
    finer = (DOTS[0] // wide, DOTS[1] // high) if curve.series.kind == "points" else (1, 1)
    column = x.dots(curve.x[known], columns * wide * finer[0]) // finer[0]
    row = rows * high - 1 - y.dots(curve.y[known], rows * high * finer[1]) // finer[1]
    stretch = np.cumsum(~known)[known]  # points of one stretch have no gap between them
    keep = _extremes(column // wide, row)
    column, row, stretch = column[keep], row[keep], stretch[keep]
    joined = np.append(False, stretch[1:] == stretch[:-1])[: len(column)] & (curve.series.kind == "line")
    keep = ~_straight(column, row, joined)
    return (column[keep] + 0.5) / wide, (row[keep] + 0.5) / high, joined[keep]


def _extremes(cell: IntArray, row: IntArray) -> BoolArray:
    """Mark the first highest and the first lowest point of each column; `cell` (n,) ascends."""
    keep = np.zeros(len(cell), dtype=bool)
    if not len(cell):
        return keep
    starts = np.flatnonzero(np.append(True, cell[1:] != cell[:-1]))
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(cell))))  # (n,)
    for extreme in (np.minimum, np.maximum):
        hits = np.flatnonzero(row == extreme.reduceat(row, starts)[group])
        keep[hits[np.append(True, group[hits][1:] != group[hits][:-1])]] = True
    return keep


def _straight(column: IntArray, row: IntArray, joined: BoolArray) -> BoolArray:
    """Mark the points that a line passes through anyway, on its way from the one before to the one after."""
    right, down = np.diff(column), np.diff(row)
    straight = np.zeros(len(column), dtype=bool)
    parallel = right[:-1] * down[1:] == right[1:] * down[:-1]
    onward = right[:-1] * right[1:] + down[:-1] * down[1:] > 0
    straight[1:-1] = parallel & onward & joined[1:-1] & joined[2:]
    return straight
