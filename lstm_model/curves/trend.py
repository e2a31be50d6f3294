"""How a noisy curve runs: medians of its pieces, a slope that outliers do not bend, and how sure that is."""

import math
from typing import NamedTuple

import numpy as np

from lstm_model.curves.history import Array, Buckets

MAD = 1.4826  # times the median distance from the median: the standard deviation, if the noise is normal


class Trend(NamedTuple):
    """Along some pieces of a curve: the change from the first to the last, its standard error, and where it ends."""

    change: float
    error: float
    level: float


def pieces(curve: Buckets, start: float, stop: float, count: int) -> Array:
    """Medians (count,) of equal pieces of a curve between two steps; empty if it has fewer than 2 values for each.

    Gaps are left out. What does not divide evenly is left out at the start.
    """
    values = curve.mean[(curve.step > start) & (curve.step <= stop) & np.isfinite(curve.mean)]
    size = len(values) // count
    if size < 2:
        return np.zeros(0)
    return np.median(values[len(values) - size * count :].reshape(count, size), axis=1)


def trend(values: Array) -> Trend:
    """The run of values (n,), n at least 3: their median slope (Theil 1950, Sen 1968) over the whole length.

    The error is that of a least-squares slope, over the length, with the noise taken from the residuals' median.
    """
    n = len(values)
    first, second = np.triu_indices(n, 1)
    slope = float(np.median((values[second] - values[first]) / (second - first)))
    rest = values - slope * np.arange(n)
    middle = float(np.median(rest))
    spread = MAD * float(np.median(np.abs(rest - middle))) * math.sqrt(n / (n - 2))  # two numbers were fitted
    return Trend(slope * (n - 1), spread * math.sqrt(12 * (n - 1) / (n * (n + 1))), middle + slope * (n - 1))


def noise(values: Array) -> float:
    """Standard deviation of the noise on values (n,) that bend slowly: from second differences; 0 for fewer than 4."""
    if len(values) < 4:
        return 0.0
    bends = np.diff(values, 2)  # of independent noise: a variance of 1 + 4 + 1 times its own
    return MAD * float(np.median(np.abs(bends))) / math.sqrt(6.0)
