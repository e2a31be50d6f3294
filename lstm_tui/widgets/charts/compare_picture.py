"""The picture of several runs' losses over each other: told apart by letters on the curves, and by colour."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from lstm_model.curves.history import Array
from lstm_model.runs.comparing.curves import Axis, Compared
from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import Picture
from lstm_tui.widgets.charts.loss_picture import smooth_line

LETTERS = "ABCDEF"  # of the runs, in the order in which they were marked
Part = Literal["validation", "training"]


UNITS = (("s", 1.0), ("min", 60.0), ("h", 3600.0))
LEAST_OF_UNIT = 3  # a time is shown in the largest unit of which there are so many


def compare_picture(runs: Sequence[Compared], axis: Axis, part: Part, *, log_scale: bool) -> Picture:
    """A line for each run, with its letter at the end and at one place before, where the others have none."""
    lines: list[Series] = []
    letters: list[Series] = []
    unit, seconds = _unit(runs) if axis == "time" else (axis, 1.0)
    for k, (letter, run) in enumerate(zip(LETTERS, runs, strict=False)):
        curve = run.validation if part == "validation" else run.story.train
        x, role = run.over(axis, curve) / seconds, f"run-{letter.lower()}"
        y: Array = np.asarray(curve.mean if part == "validation" else smooth_line(curve), np.float64)
        there = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if not len(there):
            continue
        lines.append(Series(letter, x[there], y[there], role))
        before = there[round((len(there) - 1) * (k + 1) / (len(LETTERS) + 1))]
        ends = np.array([before, there[-1]])
        letters.append(Series("", x[ends], y[ends], role, kind="points", marker=letter))
    return Picture(
        series=(*lines, *letters), y_log=log_scale, x_label=unit, empty=f"no {part} loss over {axis} is known"
    )


def usual_part(runs: Sequence[Compared]) -> Part:
    """The validation, if that is a curve in any run."""
    return "validation" if any(len(run.validation.step) > 1 for run in runs) else "training"


def _unit(runs: Sequence[Compared]) -> tuple[str, float]:
    """The unit for the longest of the times, and its seconds."""
    longest = max(run.story.elapsed for run in runs)
    return [unit for unit in UNITS if unit[1] == 1 or longest >= LEAST_OF_UNIT * unit[1]][-1]
