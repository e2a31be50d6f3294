"""Curves of bounded length: every step counts, memory does not grow."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


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

    def __init__(self, capacity: int = 1024) -> None:
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
    def from_state(cls, state: Array, capacity: int = 1024) -> "Curve":
        """Read what `state` gave; ValueError if the array is no curve."""
        if state.ndim != 2 or state.shape[0] != len(cls.FIELDS) + 1 or state.shape[1] > capacity:
            raise ValueError(f"an array of shape {state.shape} is no curve")
        curve = cls(capacity)
        curve.used = state.shape[1]
        for name, row in zip(cls.FIELDS, state, strict=False):
            curve._data[name][: curve.used] = row
        if curve.used:
            curve.width = max(1, int(state[-1, 0]))
            curve.points = int(np.nansum(state[cls.FIELDS.index("count")]))
        return curve


class History:
    """The curves of a run: training loss at every step, validation loss where it was measured."""

    def __init__(self, train: Curve | None = None, val: Curve | None = None) -> None:
        self.train = train or Curve()
        self.val = val or Curve()


def smoothed(values: Array, weight: float = 0.95) -> Array:
    """Exponential moving average, corrected for its start at zero (as Adam's means are); NaN leaves a gap."""
    out = np.empty_like(values)
    total = weights = 0.0
    for k, value in enumerate(values.tolist()):
        if value == value:  # not NaN
            total = weight * total + (1 - weight) * value
            weights = weight * weights + (1 - weight)
            out[k] = total / weights
        else:
            out[k] = np.nan
    return out
