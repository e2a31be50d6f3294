"""How good a forecast is, and whether it is better than doing nothing.

Pure functions on arrays. Prices wander so slowly that "tomorrow = today" scores an R² near 1: every figure here stands
beside the one of that persistence forecast, and `verdict` says in words which of the two is better.
"""

import math
from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import InputError, WorkError

__all__ = ["baselines", "bits", "diebold_mariano", "stock_metrics", "verdict", "wilson_interval"]

Series: TypeAlias = NDArray[np.float64]  # (n,) prices in the file's currency, or their errors
Metric: TypeAlias = float | str | list[float] | None

Z_95 = 1.959963984540054  # the normal distribution's 97.5 % point
LEVEL = 0.05  # a difference with a larger p-value is called none
LARGEST = 1e100  # a forecast beyond it is a diverged network's, and its square would leave float64


def bits(nats: float) -> float:
    """Turn nats into bits."""
    return nats / math.log(2)


def stock_metrics(actual: Series, predicted: Series, previous: Series, train_closes: Series) -> dict[str, Metric]:
    """Judge one-day-ahead forecasts `predicted` (n,) of the closes `actual` (n,), all in price units.

    `previous` (n,) are the closes of the days before; `train_closes` (m,) those of the training part. A figure that
    is undefined, as R² of a constant series, is None; none is ever NaN. Keys:

    - days: n
    - rmse, mae in price units; mape in per cent; r2 = 1 - SSE / sum of squares about the mean of `actual`
    - persistence_rmse, persistence_mae, persistence_mape, persistence_r2: the same of the forecast "tomorrow = today"
    - skill = 1 - MSE / MSE of persistence (Murphy 1988): 0 is no gain, 1 is perfect, below 0 is harm
    - mase: MAE / mean absolute daily change of the training part (Hyndman and Koehler 2006)
    - theil_u: Theil's U2 (1966), RMSE of relative errors / that of no change; below 1 is a gain
    - directional_accuracy: of the days on which both price and forecast moved, the share that moved the same way;
      directional_ci: its 95 % interval, see `wilson_interval`
    - dm_p_value: see `diebold_mariano`
    - verdict: all that in one sentence

    Raises InputError for a part without days, WorkError for forecasts that are not finite.
    """
    if not len(actual):
        raise InputError("the part holds no days to judge: give it a share in --split")
    if (wild := np.flatnonzero(~(np.abs(predicted) < LARGEST))).size:
        day = f"forecast {wild[0] + 1} of {len(actual)} is {predicted[wild[0]]:g}"
        raise WorkError(f"{day}: training has diverged: load an earlier checkpoint, or train with a lower --lr")
    actual, predicted, previous = (np.asarray(a, dtype=np.float64) for a in (actual, predicted, previous))
    mse, mse_naive = _mean_square(predicted - actual), _mean_square(previous - actual)
    u, u_naive = _mean_square((predicted - actual) / previous), _mean_square((previous - actual) / previous)
    moves = np.abs(np.diff(train_closes))
    right, moved = _directions(actual, predicted, previous)
    metrics: dict[str, Metric] = {
        "days": len(actual),
        **_errors(actual, predicted),
        **{f"persistence_{name}": value for name, value in _errors(actual, previous).items()},
        "skill": None if mse_naive == 0 else 1 - mse / mse_naive,
        "mase": _ratio(float(np.abs(predicted - actual).mean()), float(moves.mean()) if moves.size else 0.0),
        "theil_u": None if u_naive == 0 else math.sqrt(u / u_naive),
        "directional_accuracy": _ratio(right, moved),
        "directional_ci": wilson_interval(right, moved),
        "dm_p_value": diebold_mariano(predicted - actual, previous - actual),
    }
    return metrics | {"verdict": verdict(metrics)}


def verdict(metrics: Mapping[str, Metric]) -> str:
    """Say in one sentence whether the forecast of `stock_metrics` beats "tomorrow = today".

    Skill is claimed only where the squared error is smaller and the difference is significant at 5 %.
    """
    skill, p = metrics["skill"], metrics["dm_p_value"]
    if not isinstance(skill, float):
        return "No skill to measure: the price did not move on any of these days."
    if not isinstance(p, float):
        return "No skill to measure: one day is too few to judge by."
    rmse, naive, r2, r2_naive = (metrics[key] for key in ("rmse", "persistence_rmse", "r2", "persistence_r2"))
    compared = f'RMSE {_price(rmse)} against {_price(naive)} for "tomorrow = today"'
    shown = f"p = {p:.2g}" if p >= 0.001 else "p < 0.001"
    if skill > 0 and p < LEVEL:
        return f"Skill: {compared}, {100 * skill:.1f} % less squared error ({shown})."
    # R² measures against the part's mean, which a price leaves behind within weeks: high R² without skill is usual.
    high = isinstance(r2, float) and isinstance(r2_naive, float) and r2 > 0.5
    caution = f"; its R² of {r2:.3f} is no merit, doing nothing has {r2_naive:.3f}" if high else ""
    if p < LEVEL:
        return f"No skill, worse than doing nothing: {compared} ({shown}){caution}."
    return f"No skill: {compared} is no difference that {metrics['days']} days can show ({shown}){caution}."


def _price(value: Metric) -> str:
    """Four digits that matter, without exponents for common prices."""
    number = value if isinstance(value, float) else math.nan
    return f"{number:,.0f}" if number >= 1000 else f"{number:.4g}"


def diebold_mariano(errors: Series, reference: Series) -> float | None:
    """Two-sided p-value that two forecasts with these errors (n,) have the same expected squared error.

    Diebold and Mariano (1995) with the small-sample correction of Harvey, Leybourne and Newbold (1997), against
    Student's t with n - 1 degrees of freedom. For one step ahead no autocovariance enters and the correction is
    (n - 1)/n under the root, which makes the statistic the t of the mean of d = e1² - e2². Forecasts of equal squared
    errors have p = 1; a single day has None.
    """
    scale = max(float(np.abs(errors).max()), float(np.abs(reference).max()))
    if scale == 0:
        return 1.0
    d = np.square(errors / scale) - np.square(reference / scale)  # the test does not depend on the scale
    if not d.any():
        return 1.0
    if len(d) < 2:
        return None
    spread = float(d.std(ddof=1))
    return student_t_p_value(float(d.mean()) / spread * math.sqrt(len(d)), len(d) - 1) if spread > 0 else 0.0


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


def wilson_interval(right: int, total: int) -> list[float] | None:
    """95 % interval [low, high] of a share of which `right` of `total` were seen (Wilson 1927); None for total 0."""
    if total == 0:
        return None
    share, z2 = right / total, Z_95**2
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = Z_95 * math.sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return [max(0.0, centre - half), min(1.0, centre + half)]


def baselines(closes: Series, train_stop: int, days: range) -> dict[str, dict[str, float | None]]:
    """Score simple one-day-ahead forecasts of closes[days], fitted on closes[:train_stop] alone.

    Returns for "persistence", "drift" (the training part's mean log return), "ar1" (log return on the day before's, by
    least squares), "mean_5" (of the last five closes) and "train_mean": rmse, mae, mape, r2, direction.
    """
    if days.start < 1:
        raise IndexError("the first day has no day before it to forecast from")
    actual, previous = closes[days.start : days.stop], closes[days.start - 1 : days.stop - 1]
    returns = np.diff(np.log(closes))  # returns[d - 1] is day d's
    known = returns[: max(0, train_stop - 1)]
    drift = float(known.mean()) if known.size else 0.0
    intercept, slope = _autoregression(known)
    last_return = np.concatenate([[drift], returns])[days.start - 1 : days.stop - 1]  # day 0 has none
    lags = np.asarray(days)[:, None] - np.arange(1, 6)  # (n, 5)
    there = lags >= 0
    forecasts = {
        "persistence": previous,
        "drift": previous * math.exp(drift),
        "ar1": previous * np.exp(intercept + slope * last_return),
        "mean_5": np.where(there, closes[lags], 0.0).sum(axis=1) / there.sum(axis=1),
        "train_mean": np.full(len(days), closes[:train_stop].mean()),
    }
    return {
        name: _errors(actual, forecast) | {"direction": _ratio(*_directions(actual, forecast, previous))}
        for name, forecast in forecasts.items()
    }


def _autoregression(returns: Series) -> tuple[float, float]:
    """Intercept and slope of returns[t] on returns[t - 1]; slope 0 where it is undefined."""
    if len(returns) < 2:
        return (float(returns.mean()) if returns.size else 0.0), 0.0
    before, after = returns[:-1], returns[1:]
    spread = float(np.square(before - before.mean()).sum())
    slope = float(((before - before.mean()) * (after - after.mean())).sum()) / spread if spread > 0 else 0.0
    return float(after.mean()) - slope * float(before.mean()), slope


def _errors(actual: Series, predicted: Series) -> dict[str, float | None]:
    error = predicted - actual
    constant = bool(actual.min() == actual.max())
    return {
        "rmse": math.sqrt(_mean_square(error)),
        "mae": float(np.abs(error).mean()),
        "mape": 100 * float(np.abs(error / actual).mean()),
        "r2": None if constant else 1 - _mean_square(error) / _mean_square(actual - actual.mean()),
    }


def _directions(actual: Series, predicted: Series, previous: Series) -> tuple[int, int]:
    """Days on which price and forecast moved the same way, and days on which both moved."""
    moves = np.stack([actual, predicted]) / previous - 1
    product = np.sign(np.where(np.abs(moves) > 1e-12, moves, 0.0)).prod(axis=0)  # less is rounding, as of a mean
    return int((product > 0).sum()), int((product != 0).sum())


def _mean_square(values: Series) -> float:
    return float(np.square(values).mean())


def _ratio(part: float, whole: float) -> float | None:
    return None if whole == 0 else part / whole
