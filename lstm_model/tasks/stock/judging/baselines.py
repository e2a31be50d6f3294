"""The simple forecasts that every model is held against, and the errors of a forecast."""

import math

import numpy as np

from lstm_model.tasks.stock.judging.direction import directions
from lstm_model.tasks.stock.judging.significance import Values

WINDOWS = (5, 20)  # days of the moving averages


def baselines(
    closes: Values, train_stop: int, days: range, horizon: int = 1, season: int | None = None
) -> dict[str, dict[str, float | None]]:
    """Score simple forecasts made at the close before each of `days`, fitted on closes[:train_stop] alone.

    They are about closes[d + horizon - 1] for d in `days`, `horizon` days after the last close that is known. Returns
    for "persistence", "drift" (`horizon` times the training part's mean log return), "ar1" (log return on the day
    before's, by least squares, fed with its own forecasts beyond a day), "mean_5" and "mean_20" (of the last closes)
    and "train_mean": rmse, mae, mape, r2, direction. With a `season` of so many rows, as `season_of` finds it, also for
    "seasonal_7" or the like: the last known close of the same season. Of a series with values at or below 0, which
    have no logarithm, drift and ar1 take differences in place of log returns.
    """
    if days.start < 1:
        raise IndexError("the first day has no day before it to forecast from")
    actual = closes[days.start + horizon - 1 : days.stop + horizon - 1]
    previous = closes[days.start - 1 : days.stop - 1]
    found = {}
    for name, forecast in simple_forecasts(closes, train_stop, days, horizon, season).items():
        right, moved = directions(actual, forecast, previous)
        found[name] = errors_of(actual, forecast) | {"direction": ratio(right, moved)}
    return found


def simple_forecasts(
    closes: Values, train_stop: int, days: range, horizon: int = 1, season: int | None = None
) -> dict[str, Values]:
    """The forecasts (n,) that `baselines` scores. Each knows closes[:d] of its day d, and closes[:train_stop]."""
    previous = closes[days.start - 1 : days.stop - 1]
    seen = closes[: max(days.stop, train_stop)]
    relative = are_prices(seen)
    returns = np.diff(np.log(seen) if relative else seen)  # returns[d - 1] is day d's
    known = returns[: max(0, train_stop - 1)]
    drift = float(known.mean()) if known.size else 0.0
    intercept, slope = _autoregression(known)
    step = np.concatenate([[drift], returns])[days.start - 1 : days.stop - 1]  # day 0 has none
    ahead = np.zeros(len(step))
    for _ in range(horizon):
        step = intercept + slope * step
        ahead = ahead + step
    return {
        "persistence": previous,
        "drift": previous * math.exp(horizon * drift) if relative else previous + horizon * drift,
        "ar1": previous * np.exp(ahead) if relative else previous + ahead,
        **{f"mean_{width}": _mean_before(closes, days, width) for width in WINDOWS},
        "train_mean": np.full(len(days), closes[:train_stop].mean()),
        **({} if season is None else {f"seasonal_{season}": _a_season_before(closes, days, horizon, season)}),
    }


def are_prices(*values: Values) -> bool:
    """Whether all values are above 0: only then are a share of one, and its logarithm, anything."""
    return all(bool((some > 0).all()) for some in values)


def _mean_before(closes: Values, days: range, width: int) -> Values:
    """Mean of the `width` closes before each day, or of as many as there are."""
    lags = np.asarray(days)[:, None] - np.arange(1, width + 1)  # (n, width)
    there = lags >= 0
    mean: Values = np.where(there, closes[lags], 0.0).sum(axis=1) / there.sum(axis=1)
    return mean


def _a_season_before(closes: Values, days: range, horizon: int, season: int) -> Values:
    """The last close before each day d that lies whole seasons before d + horizon - 1; the last one where none is."""
    start = np.asarray(days)
    same = start + horizon - 1 - season * math.ceil(horizon / season)
    found: Values = closes[np.where(same >= 0, same, start - 1)]
    return found


def _autoregression(returns: Values) -> tuple[float, float]:
    """Intercept and slope of returns[t] on returns[t - 1]; slope 0 where it is undefined."""
    if len(returns) < 2:
        return (float(returns.mean()) if returns.size else 0.0), 0.0
    before, after = returns[:-1], returns[1:]
    spread = float(np.square(before - before.mean()).sum())
    slope = float(((before - before.mean()) * (after - after.mean())).sum()) / spread if spread > 0 else 0.0
    return float(after.mean()) - slope * float(before.mean()), slope


def errors_of(actual: Values, predicted: Values) -> dict[str, float | None]:
    """RMSE and MAE in price units, MAPE in per cent, R²; None where R² or, for values at or below 0, MAPE is none."""
    error = predicted - actual
    constant = bool(actual.min() == actual.max())
    return {
        "rmse": math.sqrt(mean_square(error)),
        "mae": float(np.abs(error).mean()),
        "mape": 100 * float(np.abs(error / actual).mean()) if are_prices(actual) else None,
        "r2": None if constant else 1 - mean_square(error) / mean_square(actual - actual.mean()),
    }


def mean_square(values: Values) -> float:
    """Mean of the squares."""
    return float(np.square(values).mean())


def ratio(part: float, whole: float) -> float | None:
    """Divide; None for a whole of 0."""
    return None if whole == 0 else part / whole
