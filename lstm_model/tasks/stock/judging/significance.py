"""Whether a difference between forecasts, or a share of right ones, is more than chance."""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Values: TypeAlias = NDArray[np.float64]  # (n,)

Z_95 = 1.959963984540054  # the normal distribution's 97.5 % point
FEWEST = 10  # forecasts: with fewer no test is made, because one day alone can decide what it says
APART = 4  # forecasts that share no day with each other: with fewer, overlapping ones prove nothing
LEAST_P = 0.001  # below it a p-value is not told more exactly
ALPHA = 0.05  # a difference with a larger p-value is called none
BETTER = ALPHA / 2  # of one-sided tests: they claim a gain as seldom by chance as a two-sided one does


def enough(forecasts: int, horizon: int = 1) -> bool:
    """Whether so many forecasts, `horizon` days ahead, are enough to be judged."""
    return forecasts >= max(FEWEST, APART * horizon if horizon > 1 else 0)


def diebold_mariano(errors: Values, reference: Values, horizon: int = 1) -> float | None:
    """Two-sided p-value that two forecasts with these errors (n,) have the same expected squared error.

    Diebold and Mariano (1995) with the small-sample correction of Harvey, Leybourne and Newbold (1997), against
    Student's t with n - 1 degrees of freedom, for d = e1² - e2². It compares forecasts, whatever they come from, and
    not the models that made them (Diebold 2015). Forecasts of equal squared errors have p = 1. None for too few to be
    judged: with horizon h > 1 and fewer than 4 h days, random walks were called foretold in 7 of 100 trials, with more
    in 4 at most.
    """
    e1, e2 = _scaled(errors, reference)
    t = mean_t(np.square(e1) - np.square(e2), horizon)
    if t is None or t == 0:
        return None if t is None else 1.0
    return student_t_p_value(t, len(errors) - 1)


def clark_west(errors: Values, reference: Values, horizon: int = 1) -> float | None:
    """One-sided p-value that a model which holds the reference as a special case adds nothing to it.

    Clark and West (2007): the larger model's weights are estimates, and their noise makes its squared error larger
    than the reference's even where there is nothing to be learnt. So the squared difference of the two forecasts is
    given back: the mean of f = e0² - (e1² - (y1 - y0)²) is held against 0, with `errors` e1 and `reference` errors e0.
    For "no change" f is 2 times the actual move times the predicted one (Clark and West 2006). Small p-values say that
    the larger model has found something, not that its forecasts are the better ones. They take weights that are
    estimated again and again, and the normal distribution; here the weights stand still and the distribution is
    Student's t, as in `diebold_mariano`. Forecasts that never differ from the reference have p = 1.
    """
    e1, e0 = _scaled(errors, reference)
    return greater_p_value(np.square(e0) - (np.square(e1) - np.square(e1 - e0)), horizon)


def greater_p_value(d: Values, horizon: int = 1) -> float | None:
    """One-sided p-value that the mean of d (n,) is 0 or less; 1 where all of d is 0, None for too few."""
    t = mean_t(d, horizon)
    if t is None or t == 0:
        return None if t is None else 1.0
    p = student_t_p_value(t, len(d) - 1) / 2
    return p if t > 0 else 1 - p


def mean_t(d: Values, horizon: int = 1) -> float | None:
    """Student's t of the mean of d (n,) of forecasts h = `horizon` days ahead; None for too few of them.

    They share h - 1 days with the next ones, so that the variance of the mean takes in the autocovariances of d up to
    h - 1, all alike; where that comes out negative, as it can, with Bartlett's weights 1 - k/h (Newey and West 1987),
    which cannot. For one day ahead none enters, and the correction of Harvey, Leybourne and Newbold is (n - 1)/n under
    the root, which makes this the usual t.
    """
    n, h = len(d), horizon
    if not d.any():
        return 0.0
    if not enough(n, h):
        return None
    rest = d - d.mean()
    gamma = np.array([float(rest[k:] @ rest[: n - k]) / n for k in range(h)])  # autocovariances
    variance = (gamma[0] + 2 * gamma[1:].sum()) / n
    if variance <= 1e-12 * gamma[0]:
        variance = (gamma[0] + 2 * ((1 - np.arange(1, h) / h) * gamma[1:]).sum()) / n
    if variance <= 0:
        return math.copysign(math.inf, float(d.mean()))  # d is constant, and not 0
    correction = (n + 1 - 2 * h + h * (h - 1) / n) / n
    return float(d.mean()) * math.sqrt(correction / variance)


def _scaled(errors: Values, reference: Values) -> tuple[Values, Values]:
    """Both at most 1: no test here depends on the scale, and squares of huge errors would overflow."""
    scale = max(float(np.abs(errors).max()), float(np.abs(reference).max())) or 1.0
    return errors / scale, reference / scale


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


def p_value(p: float) -> str:
    """A p-value in a table."""
    return f"{p:.2g}" if p >= LEAST_P else f"< {LEAST_P}"


def p_shown(p: float) -> str:
    """A p-value in a sentence."""
    return f"p = {p_value(p)}" if p >= LEAST_P else f"p {p_value(p)}"
