"""The picture of a run's losses: what is drawn, within which limits, and what the cursor reads. Plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lstm_model.curves.history import Array, Buckets, smoothed
from lstm_tui.charts.axes import rounded
from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import Picture
from lstm_tui.charts.view import ALL, View
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.session.units import scaled
from lstm_tui.wording import figure

SMOOTHED_OVER = 40  # the line follows about a fortieth of the curve: little lag at the start, little noise at the end
RAW_SHARE = 0.5, 99.5  # per cent of the raw values that the limits make room for; the others are arrows at the edge
MOST_POINTS = 24
BAND = 25, 75  # per cent: the part of scattered raw values that is shown
BAND_OVER = 25  # buckets
FAR = 12  # times as far from the median as the outer tenth begins
# On the axis: what happened at a step, its mark, and the mark where there is nothing but ASCII.
MARKS = {
    "saved": ("saved", "▲^"),
    "rate": ("rate changed", "◆r"),
    "back": ("went back", "◀<"),
    "dropout": ("dropout changed", "◇d"),
}


@dataclass(frozen=True)
class PictureSettings:
    """How the losses are to be shown. cursor: a step; ghost: the curve of another run; lines: most reference lines."""

    view: View = ALL
    log_scale: bool = False
    cursor: float | None = None
    ghost: Buckets | None = None
    lines: int = 5
    ascii_only: bool = False


def loss_picture(snapshot: Snapshot, look: PictureSettings = PictureSettings()) -> Picture:
    """Training loss, smoothed over its faint raw values, validation points, the best one, references, marks."""
    train, val = snapshot.curves.train, snapshot.curves.val
    last = last_step(snapshot)
    start, stop = look.view.span(last)
    hardest = sorted(snapshot.curves.references, key=lambda reference: reference[1])
    noisy = is_noisy(train)
    series = [
        *(_band(train) if noisy else _raw(train)),
        *_ghost(scaled(look.ghost) if look.ghost and snapshot.is_in_bits else look.ghost),
        *curves(train, val, (start, stop), ascii_only=look.ascii_only),
        *_best(snapshot, look.ascii_only),
    ]
    limits = _limits(series, start, stop, look.log_scale, least=hardest[:1] if noisy else ())
    if noisy and limits:
        series[0] = replace(series[0], y=np.clip(series[0].y, *limits))  # no arrows: it is no more than a backdrop
    return Picture(
        series=tuple(series) if len(train.step) else (),
        y_log=look.log_scale,
        horizontals=tuple((loss, "baseline", name) for name, loss in hardest[: look.lines]),
        verticals=() if look.cursor is None else ((look.cursor, "cursor"),),
        axis_marks=tuple((step, mark, "event") for step, _, mark in marks_in(snapshot, start, stop, look.ascii_only)),
        x_limits=_steps(start, stop, look.view),
        y_limits=limits,
        x_label="step",
        empty="The loss will be drawn here from the first step on.",
    )


def curves(train: Buckets, val: Buckets, span: tuple[float, float], *, ascii_only: bool) -> tuple[Series, Series]:
    """The smoothed training loss, and the validation: points while they can be told apart, a line if they are many."""
    line = Series("training", train.step, smooth_line(train), "train")
    if np.count_nonzero((val.step >= span[0]) & (val.step <= span[1])) > MOST_POINTS:
        return line, Series("validation", val.step, val.mean, "val")
    marker = "o" if ascii_only else "●"
    return line, Series("validation", val.step, val.mean, "val", kind="points", marker=marker)


def last_step(snapshot: Snapshot) -> float:
    """The newest step on the curve."""
    curves = snapshot.curves.train, snapshot.curves.val
    return float(max((curve.step[-1] for curve in curves if len(curve.step)), default=0.0))


def smooth_line(curve: Buckets) -> Array:
    """The means, smoothed; what lies far out counts as less far, for one spike would lift the line for a long time."""
    finite = curve.mean[np.isfinite(curve.mean)]
    calm = np.clip(curve.mean, *_usual(finite)) if finite.size else curve.mean
    return smoothed(calm, smoothing(len(curve.step)))


def smoothing(count: int) -> float:
    """Weight of the past for a curve of `count` buckets; it changes when the count doubles, not with every bucket."""
    doubled = 2.0 ** np.floor(np.log2(max(1, count)))
    return float(doubled / (doubled + SMOOTHED_OVER))


def marks_in(snapshot: Snapshot, start: float, stop: float, ascii_only: bool) -> list[tuple[float, str, str]]:
    """What happened between two steps: step, word, mark."""
    return [
        (float(step), MARKS[kind][0], MARKS[kind][1][ascii_only])
        for step, kind in snapshot.curves.marks
        if start <= step <= stop
    ]


def losses_at(snapshot: Snapshot, cursor: float) -> str:
    """The exact values at the cursor: the bucket of steps that it falls on, the validation before it, marks near it."""
    train, val = snapshot.curves.train, snapshot.curves.val
    if not len(train.step):
        return ""
    k = int(np.argmin(np.abs(train.step - cursor)))
    text = f"step {train.step[k]:,.0f}  loss {figure(float(train.mean[k]))}"
    if train.high[k] > train.low[k]:
        text += f" ({figure(float(train.low[k]))} to {figure(float(train.high[k]))})"
    before = np.flatnonzero(val.step <= cursor)
    if len(before):
        text += f"  val {figure(float(val.mean[before[-1]]))} at {val.step[before[-1]]:,.0f}"
    near = (train.step[-1] - train.step[0]) / max(1, len(train.step))
    return "  ".join(
        [text, *dict.fromkeys(word for _, word, _ in marks_in(snapshot, cursor - near, cursor + near, True))]
    )


def against(snapshot: Snapshot) -> str:
    """How far the validation lies above or below the hardest reference, where the picture cannot show it."""
    val, references = snapshot.figure.val_loss, snapshot.curves.references
    if val is None or not references or not is_noisy(snapshot.curves.train):
        return ""
    name, loss = min(references, key=lambda reference: reference[1])
    return f"validation {val / loss - 1:+.1%} against {name}" if loss > 0 else ""


def _raw(train: Buckets) -> list[Series]:
    """Least and greatest value of each bucket as one upright line: no spike is lost, however wide the buckets are."""
    steps = np.repeat(train.step, 2)
    return [Series("", steps, np.stack([train.low, train.high], axis=1).ravel(), "faint")]


def is_noisy(train: Buckets) -> bool:
    """Whether the raw values scatter more widely than their smoothed line moves: they would hide all else."""
    if len(train.step) < BAND_OVER or not np.isfinite(train.mean).all():
        return False
    line = smooth_line(train)
    (low, high), (least, most) = (np.percentile(values, [10, 90]) for values in (train.mean - line, line))
    return bool(high - low > most - least)


def _band(train: Buckets) -> list[Series]:
    """Uprights over the middle half of what the raw values are around each step."""
    over = np.lib.stride_tricks.sliding_window_view
    edges = [
        np.percentile(over(np.pad(values, BAND_OVER // 2, mode="edge"), BAND_OVER), share, axis=1)
        for values, share in ((train.low, BAND[0]), (train.high, BAND[1]))
    ]  # (n,) each
    low, high = (edge[: len(train.step)] for edge in edges)
    y = np.stack([np.clip(train.low, low, high), np.clip(train.high, low, high)], axis=1).ravel()
    return [Series("", np.repeat(train.step, 2), y, "faint")]


def _ghost(ghost: Buckets | None) -> list[Series]:
    if ghost is None or not len(ghost.step):
        return []
    return [Series("previous run", ghost.step, smooth_line(ghost), "ghost", marker="·")]


def _best(snapshot: Snapshot, ascii_only: bool) -> list[Series]:
    best, step = snapshot.figure.best_val_loss, float(snapshot.figure.best_step)
    if best is None:
        return []
    return [
        Series("best", np.array([step]), np.array([best]), "best", kind="points", marker="B" if ascii_only else "★")
    ]


def _steps(start: float, stop: float, view: View) -> tuple[float, float] | None:
    """Limits of the steps: round ones where all is shown, so that the curve stays put while it grows."""
    if stop <= start:
        return None
    low, high = rounded(start, stop, log=False)
    return (low, high) if view.stop is None else (start, stop)


def _limits(
    series: list[Series], start: float, stop: float, log_scale: bool, least: Sequence[tuple[str, float]] = ()
) -> tuple[float, float] | None:
    """Limits for nearly all of what is shown; what lies far out does not stretch them and is an arrow at the edge.

    least: reference lines that are to be seen whatever is.
    """
    values: list[Array] = [np.array([loss for _, loss in least])]
    for each in series:
        shown = each.y[(each.x >= start) & (each.x <= stop)]
        shown = shown[np.isfinite(shown) & ((shown > 0) | (not log_scale))]
        if each.role == "faint" and shown.size:
            shown = np.percentile(shown, RAW_SHARE)
        if each.role != "ghost":
            values.append(shown)
    together = np.concatenate(values) if values else np.zeros(0)
    return None if together.size < 2 else rounded(*_usual(together), log_scale)


def _usual(values: Array) -> tuple[float, float]:
    """Least and greatest of some finite values, but for those FAR out."""
    tenth, middle, ninetieth = np.percentile(values, [10, 50, 90])
    low, high = middle - FAR * (middle - tenth), middle + FAR * (ninetieth - middle)
    return float(max(values.min(), low)), float(min(values.max(), high))
