"""The curves of a saved run over steps, over its time of training, or over epochs.

A checkpoint knows the steps of its curves. How long they took, and which epoch they were of, stands in the rows of
metrics.csv beside it, between which is interpolated.
"""

import csv
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from lstm_model.curves.history import Array, Buckets
from lstm_model.runs.metrics import ROWS
from lstm_model.runs.story import Story, read_story

Axis = Literal["step", "time", "epoch"]
AXES: tuple[Axis, ...] = get_args(Axis)
MOST_BYTES = 64_000_000  # of metrics.csv: a row every five seconds for a month takes 40 million


@dataclass(frozen=True, eq=False)
class Rows:
    """What metrics.csv says at some steps, which ascend; all (n,)."""

    step: Array
    elapsed_s: Array
    epoch: Array


@dataclass(frozen=True, eq=False)
class Compared:
    """A run that is compared with others."""

    file: Path
    story: Story
    rows: Rows

    @classmethod
    def read(cls, file: Path) -> "Compared":
        """Read a checkpoint's curves and its run's rows; CheckpointError if the checkpoint cannot be read."""
        return cls(file, read_story(file), read_rows(file.parent))

    @property
    def validation(self) -> Buckets:
        """The validation losses, with the best where it was measured after the last that the curve keeps."""
        curve, saved = self.story.val, self.story.saved
        best, step = saved.best_val_loss, saved.best_step
        if best is None or (len(curve.step) and curve.step[-1] >= step):
            return curve
        return Buckets(*(np.append(values, one) for values, one in zip(curve, (step, best, best, best), strict=True)))

    def over(self, axis: Axis, curve: Buckets) -> Array:
        """Where the points of a curve lie on an axis, (n,), times in seconds; NaN where that is not known."""
        steps = np.asarray(curve.step, np.float64)
        if axis == "step":
            return steps
        rows = self.rows
        known = rows.elapsed_s if axis == "time" else rows.epoch
        if len(known):
            return _along(steps, rows.step, known)
        if axis == "time" and self.story.saved.step:
            return steps * (self.story.elapsed / self.story.saved.step)
        return np.full(len(steps), np.nan)


def read_rows(folder: Path) -> Rows:
    """The rows of a run's metrics.csv that make sense; none where there is no such file.

    A run that went back to an earlier step has rows of the same steps twice: the later ones count.
    """
    kept: list[tuple[float, float, float]] = []
    path = folder / ROWS
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return _rows([])
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            for row in csv.DictReader(file):
                found = tuple(_number(row.get(name)) for name in ("step", "elapsed_s", "epoch"))
                if all(map(math.isfinite, found)):
                    while kept and kept[-1][0] >= found[0]:
                        kept.pop()
                    kept.append(found)  # type: ignore[arg-type]
    except (OSError, csv.Error):
        return _rows(kept)
    return _rows(kept)


def _rows(kept: list[tuple[float, float, float]]) -> Rows:
    table = np.array(kept, np.float64).reshape(-1, 3)
    return Rows(table[:, 0], table[:, 1], table[:, 2])


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan


def _along(steps: Array, at: Array, values: Array) -> Array:
    """Values between those that are known at some steps; before the first and after the last in proportion to steps."""
    found = np.interp(steps, at, values)
    for outside, edge in ((steps < at[0], 0), (steps > at[-1], -1)):
        if at[edge] > 0:
            found = np.where(outside, steps * (values[edge] / at[edge]), found)
    return found
