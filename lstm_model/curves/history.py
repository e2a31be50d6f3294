"""Curves of bounded length: every step counts, memory does not grow."""

from collections import deque
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_model.settings.kinds import LARGEST_COUNT

Array = NDArray[np.floating[Any]]
CAPACITY = 2048  # buckets: more than twice the columns of a chart, so that there is something to zoom into


class Buckets(NamedTuple):
    """What a curve shows: for each bucket the step at its middle, and mean, least and greatest value."""

    step: Array
    mean: Array
    low: Array
    high: Array


class Curve:
    """A series of (step, value) kept in at most `capacity` buckets of equal width in points.

    When all buckets are full, neighbours are merged and the width doubles: a spike stays in `low` or `high` for ever.
    A value that is no number is kept as a gap.
    """

    FIELDS = ("first", "last", "total", "count", "low", "high")

    def __init__(self, capacity: int = CAPACITY) -> None:
        if capacity < 2 or capacity % 2:
            raise ValueError("capacity must be even and at least 2")
        self.capacity, self.width, self.used = capacity, 1, 0
        self._data: dict[str, Array] = {name: np.zeros(capacity) for name in self.FIELDS}
        self.points = 0

    def add(self, step: int, value: float) -> None:
        """Append a value; steps never go down."""
        data, k = self._data, self.used - 1
        self.points += 1
        if k >= 0 and data["count"][k] < self.width:
            data["last"][k], data["total"][k] = step, data["total"][k] + value
            data["count"][k] += 1
            data["low"][k] = np.minimum(data["low"][k], value)  # of NaN and a number: NaN
            data["high"][k] = np.maximum(data["high"][k], value)
            return
        if self.used == self.capacity:
            self._merge()
        k, self.used = self.used, self.used + 1
        for name, start in zip(self.FIELDS, (step, step, value, 1, value, value), strict=True):
            data[name][k] = start

    def _merge(self) -> None:
        old = {name: values.reshape(-1, 2) for name, values in self._data.items()}
        self.used = half = self.capacity // 2
        self.width *= 2
        merged = {"first": old["first"][:, 0], "last": old["last"][:, 1], "low": old["low"].min(axis=1),
                  "high": old["high"].max(axis=1), "total": old["total"].sum(axis=1),
                  "count": old["count"].sum(axis=1)}  # fmt: skip
        for name, values in merged.items():
            self._data[name][:half] = values

    def __len__(self) -> int:
        return self.used

    @property
    def last_step(self) -> int | None:
        """The step of the newest value."""
        return int(self._data["last"][self.used - 1]) if self.used else None

    def buckets(self) -> Buckets:
        """The curve as it stands: copies, safe to hand to another thread."""
        data = {name: values[: self.used] for name, values in self._data.items()}
        middle = (data["first"] + data["last"]) / 2
        return Buckets(middle, data["total"] / data["count"], data["low"].copy(), data["high"].copy())

    def state(self) -> Array:
        """The curve as one array (7, used), for a checkpoint."""
        rows = [self._data[name][: self.used] for name in self.FIELDS]
        return np.array([*rows, np.full(self.used, self.width)])

    @classmethod
    def from_state(cls, state: Array, capacity: int = CAPACITY) -> "Curve":
        """Read what `state` gave; ValueError if the array is no curve."""
        if state.ndim != 2 or state.shape[0] != len(cls.FIELDS) + 1 or state.shape[1] > capacity:
            raise ValueError(f"an array of shape {state.shape} is no curve")
        if state.dtype.kind != "f" or not _is_curve(np.asarray(state, np.float64)):
            raise ValueError("its numbers are those of no curve")
        curve = cls(capacity)
        curve.used = state.shape[1]
        for name, row in zip(cls.FIELDS, state, strict=False):
            curve._data[name][: curve.used] = row
        if curve.used:
            curve.width = int(state[-1, 0])
            curve.points = int(state[cls.FIELDS.index("count")].sum())
        return curve


LARGEST_LOSS = 1e60  # of a loss, or a sum of losses, that is a number: what a chart draws must not overflow on its way


def _is_curve(state: Array) -> bool:
    """Whether `add` could have made this: steps that do not go down, buckets that hold points and not too many."""
    (first, last, _, count, _, _, width), values = state, state[[2, 4, 5]]
    if not first.size:
        return True
    steps = np.column_stack([first, last]).ravel()  # of a bucket after each other
    with np.errstate(invalid="ignore"):
        return bool(
            (np.isfinite(steps) & (steps >= 0) & (steps <= LARGEST_COUNT)).all()
            and (np.diff(steps) >= 0).all()
            and ((width == width[0]) & (count >= 1) & (count <= width) & (width <= LARGEST_COUNT)).all()
            and ((count % 1 == 0) & (width % 1 == 0)).all()
            and (~np.isfinite(values) | (np.abs(values) <= LARGEST_LOSS)).all()
        )


MarkKind = Literal["saved", "rate", "back", "dropout"]


class Mark(NamedTuple):
    """What happened at a step: saved by hand, another rate or dropout, gone back to after an explosion."""

    step: int
    kind: MarkKind


class History:
    """The curves of a run: training loss at every step, validation loss where it was measured; and its marks."""

    MARKS = 200  # kept: the newest

    def __init__(self, train: Curve | None = None, val: Curve | None = None, marks: Iterable[Mark] = ()) -> None:
        self.train = train or Curve()
        self.val = val or Curve()
        self.marks: deque[Mark] = deque(marks, maxlen=self.MARKS)
        self._beside: tuple[int, float] | None = None  # the newest validation loss, where the curve does not hold it

    def validated(self, step: int, loss: float, *, kept: bool) -> None:
        """Note a validation loss.

        kept: whether the curve holds it. One that was measured because the run ended there, or because somebody asked,
        is only shown until the next one: a run that goes on has the curve of one that nobody stopped.
        """
        if not kept:
            self._beside = step, loss
            return
        self._beside = None
        if self.val.last_step != step:  # else it was measured before, as at the end of a run
            self.val.add(step, loss)

    def shown_val(self) -> Buckets:
        """The validation curve with the newest loss at its end."""
        found = self.val.buckets()
        if self._beside is None:
            return found
        step, loss = self._beside
        return Buckets(*(np.append(values, one) for values, one in zip(found, (step, loss, loss, loss), strict=True)))

    def mark(self, step: int, kind: MarkKind) -> None:
        """Note that something happened; the same again at the same step is noted once."""
        if Mark(step, kind) not in self.marks:
            self.marks.append(Mark(step, kind))


BLOCK = 64  # values whose moving averages are one product


def smoothed(values: Array, weight: float = 0.95) -> Array:
    """Exponential moving average, corrected for its start at zero (as Adam's means are); NaN leaves a gap."""
    known = np.isfinite(values)
    total, weights = _moving(np.where(known, values, 0.0), weight), _moving(known.astype(np.float64), weight)
    return np.where(known, total / np.where(known, weights, 1.0), np.nan)


def _moving(values: Array, weight: float) -> Array:
    """The plain moving average that starts at zero: m[k] = weight * m[k - 1] + (1 - weight) * values[k].

    A chart asks for it every second, so BLOCK values at a time are a product with the powers of the weight, and only
    what one block hands to the next is a loop.
    """
    count = len(values)
    rows = np.concatenate([values, np.zeros(-count % BLOCK)]).reshape(-1, BLOCK)
    apart = np.arange(BLOCK)[:, None] - np.arange(BLOCK)
    powers = np.where(apart >= 0, float(weight) ** np.maximum(apart, 0), 0.0)  # (BLOCK, BLOCK)
    averages = (1 - weight) * rows @ powers.T
    fading = float(weight) ** np.arange(1, BLOCK + 1)
    before = 0.0
    for row in averages:
        row += before * fading
        before = row[-1]
    return averages.ravel()[:count]
