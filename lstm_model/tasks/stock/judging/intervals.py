"""How far a forecast may be off: an interval about it, and how often such intervals held.

Split conformal prediction: Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005); Lei, G'Sell,
Rinaldo, Tibshirani and Wasserman (2018). Its promise needs days that are exchangeable. Prices have calm and wild times,
so the promise is not taken on trust: the interval is made on one half of the validation part and tried on the other.
"""

import math
from dataclasses import dataclass

import numpy as np

from lstm_model.tasks.stock.judging.baselines import are_prices
from lstm_model.tasks.stock.judging.significance import Values

INTERVAL_LEVEL = 0.9


@dataclass(frozen=True)
class Interval:
    """A forecast of p means p e^-radius to p e^radius: it is as wide as the price is high.

    Of a series with values at or below 0, which have no logarithm, it means p - radius to p + radius.
    """

    level: float  # how often it should hold
    radius: float  # in log price, or in the values' own unit; infinite where there were too few days to make one
    coverage: float | None  # how often it held on the days it was tried on; None if there were none
    days: int  # that it was tried on
    relative: bool = True  # whether the radius is in log price

    def around(self, forecast: float) -> tuple[float | None, float | None]:
        """Low and high; None for each where there is no bound."""
        if not math.isfinite(self.radius) or (self.relative and forecast <= 0):
            return None, None
        if not self.relative:
            return forecast - self.radius, forecast + self.radius
        return forecast * math.exp(-self.radius), forecast * math.exp(self.radius)


def interval_of(actual: Values, predicted: Values, level: float = INTERVAL_LEVEL) -> Interval:
    """Make the interval on the first half of forecasts (n,) of closes `actual` (n,), and try it on the second."""
    half, relative = len(actual) // 2, are_prices(actual)
    radius = conformal_radius(actual[:half], predicted[:half], level, relative)
    held = coverage(actual[half:], predicted[half:], radius, relative)
    return Interval(level, radius, held, len(actual) - half, relative)


def conformal_radius(actual: Values, predicted: Values, level: float, relative: bool = True) -> float:
    """The k-th smallest |ln(actual / predicted)| of n, with k = ceil((n + 1) level); infinite where k is above n."""
    n = len(actual)
    k = math.ceil((n + 1) * level - 1e-9)  # a product such as 10 * 0.9 must not round up to the next
    return float(np.sort(_distances(actual, predicted, relative))[k - 1]) if 0 < k <= n else math.inf


def coverage(actual: Values, predicted: Values, radius: float, relative: bool = True) -> float | None:
    """The share of closes (n,) that lie within `radius` of their forecasts; None for none, or without a radius."""
    if not len(actual) or not math.isfinite(radius):
        return None
    return float(np.mean(_distances(actual, predicted, relative) <= radius))


def _distances(actual: Values, predicted: Values, relative: bool) -> Values:
    """|ln(actual / predicted)| (n,), infinite for one that is no price; or, if not relative, |actual - predicted|."""
    if not relative:
        plain: Values = np.abs(actual - predicted)
        return plain
    there = (predicted > 0) & (actual > 0)
    ratio = np.where(there, predicted, 1.0) / np.where(there, actual, 1.0)
    distances: Values = np.where(there, np.abs(np.log(ratio)), np.inf)
    return distances
