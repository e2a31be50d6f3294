"""The loss chart: training loss smoothed over its faint raw values, and the validation points."""

import numpy as np
from numpy.typing import NDArray
from textual.app import ComposeResult

from lstm_model.history import Array, Buckets, smoothed
from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import Picture
from lstm_tui.snapshot import Snapshot
from lstm_tui.widgets.pane import Pane
from lstm_tui.widgets.plot import Plot

ROWS_A_LINE = 5  # a reference line for so many rows: more would hide the curves of a low chart
RECENT = 0.2  # the share of all steps that the recent view shows

SMOOTHED_OVER = 40  # the line follows about a fortieth of the curve: little lag at the start, little noise at the end


class LossChart(Pane):
    """Shows the curves of a snapshot; `recent` and `log` choose how."""

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.recent = self.log_scale = False
        self._ascii = ascii_only
        self._snapshot: Snapshot | None = None

    def compose(self) -> ComposeResult:
        """One plot."""
        yield Plot(ascii_only=self._ascii)

    def show(self, snapshot: Snapshot) -> None:
        """Draw the curves as they stand in a snapshot."""
        self._snapshot = snapshot
        unit = "nats per character" if snapshot.task == "text" else "squared error, scaled"
        view = ["recent" if self.recent else "all", *(["log"] if self.log_scale else [])]
        self.entitle(f"Loss, {unit}", ", ".join(view))
        plot = self.query_one(Plot)
        lines = plot.size.height // ROWS_A_LINE
        plot.show(loss_picture(snapshot, recent=self.recent, log_scale=self.log_scale, lines=lines))

    def toggle(self, *, recent: bool = False, log_scale: bool = False) -> None:
        """Change the view and draw again."""
        self.recent ^= recent
        self.log_scale ^= log_scale
        if self._snapshot is not None:
            self.show(self._snapshot)


def loss_picture(snapshot: Snapshot, *, recent: bool, log_scale: bool, lines: int = 5) -> Picture:
    """The picture of a snapshot's curves, with the lowest `lines` of its references: those that are hard to beat."""
    train, val = snapshot.train, snapshot.val
    hardest = sorted(snapshot.references, key=lambda reference: reference[1])
    start = 0.0
    if recent and len(train.step):
        start = train.step[-1] * (1 - RECENT)
    smooth = smoothed(train.mean, weight=len(train.step) / (len(train.step) + SMOOTHED_OVER))
    shown, points = train.step >= start, val.step >= start
    series = (
        Series("", train.step[shown], train.mean[shown], "faint"),
        Series("training", train.step[shown], smooth[shown], "train"),
        Series("validation", val.step[points], val.mean[points], "val", kind="points", marker="●"),
    )
    return Picture(
        series=series if shown.any() else (),
        y_log=log_scale,
        horizontals=tuple((loss, "baseline", name) for name, loss in hardest[:lines]),
        y_limits=_limits(train, smooth, shown, val, points),
        x_label="step",
        empty="The loss will be drawn here from the first step on.",
    )


def _limits(
    train: Buckets, smooth: Array, shown: NDArray[np.bool_], val: Buckets, points: NDArray[np.bool_]
) -> tuple[float, float] | None:
    """Limits that a single raw spike cannot stretch: room for all that is smooth, and for most that is raw."""
    values = [smooth[shown], val.mean[points]]
    raw = train.mean[shown]
    raw = raw[np.isfinite(raw)]
    if raw.size:
        values.append(np.percentile(raw, [0.5, 99.5]))
    together = np.concatenate(values) if values else np.zeros(0)
    together = together[np.isfinite(together)]
    if together.size < 2 or together.min() == together.max():
        return None
    low, high = float(together.min()), float(together.max())
    room = 0.03 * (high - low)
    return max(low - room, low / 2) if low > 0 else low - room, high + room
