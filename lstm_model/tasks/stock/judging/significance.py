"""Whether a difference between forecasts, or a share of right ones, is more than chance."""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Series: TypeAlias = NDArray[np.float64]  # (n,)

Z_95 = 1.959963984540054  # the normal distribution's 97.5 % point
APART = 4  # forecasts that share no day with each other: with fewer, overlapping ones prove nothing
LEVEL = 0.05  # a difference with a larger p-value is called none


def diebold_mariano(errors: Series, reference: Series, horizon: int = 1) -> float | None:
    """Two-sided p-value that two forecasts with these errors (n,) have the same expected squared error.

    Diebold and Mariano (1995) with the small-sample correction of Harvey, Leybourne and Newbold (1997), against
    Student's t with n - 1 degrees of freedom, for d = e1² - e2². Forecasts h = `horizon` days ahead share h - 1 days
    with the next ones, so that the variance of the mean of d takes in its autocovariances up to h - 1, all alike; where
    that comes out negative, as it can, with Bartlett's weights 1 - k/h (Newey and West 1987), which cannot. For one day
    ahead none enters, and the correction is (n - 1)/n under the root, which makes the statistic the t of the mean of d.
    Forecasts of equal squared errors have p = 1. None for a single day, and for h > 1 where there are fewer than 4 h
    days: below that random walks were called foretold in 7 of 100 trials, above in 4 at most.
    """
    scale = max(float(np.abs(errors).max()), float(np.abs(reference).max()))
    if scale == 0:
        return 1.0
    d = np.square(errors / scale) - np.square(reference / scale)  # the test does not depend on the scale
    if not d.any():
        return 1.0
    return mean_p_value(d, horizon)


def mean_p_value(d: Series, horizon: int = 1) -> float | None:
    """Two-sided p-value that the mean of d (n,) is 0, see `diebold_mariano`; d is not all 0."""
    if len(d) < (2 if horizon == 1 else APART * horizon):
        return None
    if horizon > 1:
        return _overlapping(d, horizon)
    spread = float(d.std(ddof=1))
    return student_t_p_value(float(d.mean()) / spread * math.sqrt(len(d)), len(d) - 1) if spread > 0 else 0.0


def _overlapping(d: Series, h: int) -> float:
    """The same for forecasts that overlap: d (n,) with n >= 4 h, h > 1."""
    n, rest = len(d), d - d.mean()
    gamma = np.array([float(rest[k:] @ rest[: n - k]) / n for k in range(h)])  # autocovariances
    variance = (gamma[0] + 2 * gamma[1:].sum()) / n
    if variance <= 1e-12 * gamma[0]:
        variance = (gamma[0] + 2 * ((1 - np.arange(1, h) / h) * gamma[1:]).sum()) / n
    if variance <= 0:
        return 0.0  # d is constant, and not 0
    correction = (n + 1 - 2 * h + h * (h - 1) / n) / n
    return student_t_p_value(float(d.mean()) * math.sqrt(correction / variance), n - 1)


def student_t_p_value(t: float, freedom: int) -> float:
    """Two-sided p-value of Student's t with whole degrees of freedom, right to about 1e-13.

    The finite series of Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4.
    """
    theta = math.atan(abs(t) / math.sqrt(freedom))
    sine, cosine = math.sin(theta), math.cos(theta)
    k = np.arange(1 + freedom % 2, freedom - 2, 2)
    series = 1 + float(np.cumprod(k / (k + 1) * cosine**2).sum())
    if freedom % 2 == 0:
        inside = sine * series
    else:
        inside = 2 / math.pi * (theta + (sine * cosine * series if freedom > 1 else 0.0))
    return min(1.0, max(0.0, 1 - inside))


def wilson_interval(right: float, total: float) -> list[float] | None:
    """95 % interval [low, high] of a share of which `right` of `total` were seen (Wilson 1927); None for total 0."""
    if total == 0:
        return None
    share, z2 = right / total, Z_95**2
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = Z_95 * math.sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return [max(0.0, centre - half), min(1.0, centre + half)]
