"""How far a forecast may be off: an interval about it, and how often such intervals held.

Split conformal prediction: Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005); Lei, G'Sell,
Rinaldo, Tibshirani and Wasserman (2018). Its promise needs days that are exchangeable. Prices have calm and wild times,
so the promise is not taken on trust: the interval is made on one half of the validation part and tried on the other.
"""

import math
from dataclasses import dataclass

import numpy as np

from lstm_model.tasks.stock.judging.significance import Series

LEVEL = 0.9


@dataclass(frozen=True)
class Interval:
    """A forecast of p means p e^-radius to p e^radius: it is as wide as the price is high."""

    level: float  # how often it should hold
    radius: float  # in log price; infinite where there were too few days to make one
    coverage: float | None  # how often it held on the days it was tried on; None if there were none
    days: int  # that it was tried on

    def around(self, forecast: float) -> tuple[float | None, float | None]:
        """Low and high; None for each where there is no bound."""
        if not math.isfinite(self.radius) or forecast <= 0:
            return None, None
        return forecast * math.exp(-self.radius), forecast * math.exp(self.radius)


def interval_of(actual: Series, predicted: Series, level: float = LEVEL) -> Interval:
    """Make the interval on the first half of forecasts (n,) of closes `actual` (n,), and try it on the second."""
    half = len(actual) // 2
    radius = conformal_radius(actual[:half], predicted[:half], level)
    tried = len(actual) - half
    return Interval(level, radius, coverage(actual[half:], predicted[half:], radius), tried)


def conformal_radius(actual: Series, predicted: Series, level: float) -> float:
    """The k-th smallest |ln(actual / predicted)| of n, with k = ceil((n + 1) level); infinite where k is above n."""
    n = len(actual)
    k = math.ceil((n + 1) * level - 1e-9)  # a product such as 10 * 0.9 must not round up to the next
    return float(np.sort(_distances(actual, predicted))[k - 1]) if 0 < k <= n else math.inf


def coverage(actual: Series, predicted: Series, radius: float) -> float | None:
    """The share of closes (n,) that lie within `radius` of their forecasts; None for none, or without a radius."""
    if not len(actual) or not math.isfinite(radius):
        return None
    return float(np.mean(_distances(actual, predicted) <= radius))


def _distances(actual: Series, predicted: Series) -> Series:
    """|ln(actual / predicted)| (n,); infinite for a forecast that is no price."""
    ratio = np.where(predicted > 0, predicted, np.inf) / actual
    distances: Series = np.abs(np.log(ratio))
    return distances
