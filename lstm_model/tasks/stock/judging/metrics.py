"""How good a forecast is, and whether it is better than doing nothing.

Pure functions on arrays. Prices wander so slowly that "tomorrow = today" scores an R² near 1: every figure here stands
beside the one of that persistence forecast, and `verdict` says in words which of the two is better.
"""

import math
from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from lstm_model.errors import InputError, WorkError
from lstm_model.network.losses import bits
from lstm_model.tasks.stock.judging.baselines import baselines, directions, errors_of, mean_square, ratio
from lstm_model.tasks.stock.judging.lag import lag_of, lag_sentence, shown_price
from lstm_model.tasks.stock.judging.significance import (
    LEVEL,
    Series,
    diebold_mariano,
    student_t_p_value,
    wilson_interval,
)

__all__ = [
    "baselines",
    "bits",
    "diebold_mariano",
    "stock_metrics",
    "student_t_p_value",
    "verdict",
    "wilson_interval",
]

Metric: TypeAlias = float | str | list[float] | None

LARGEST = 1e100  # a forecast beyond it is a diverged network's, and its square would leave float64


def stock_metrics(
    actual: Series, predicted: Series, previous: Series, train_closes: Series, horizon: int = 1, step: str = "day"
) -> dict[str, Metric]:
    """Judge forecasts `predicted` (n,) of the closes `actual` (n,), all in price units.

    `previous` (n,) are the last closes that were known, `horizon` days before; `train_closes` (m,) those of the
    training part; `step` is the word for what lies between two rows. A figure that is undefined, as R² of a constant
    series, is None; none is ever NaN. Keys:

    - days: n; horizon
    - rmse, mae in price units; mape in per cent; r2 = 1 - SSE / sum of squares about the mean of `actual`
    - persistence_rmse, persistence_mae, persistence_mape, persistence_r2: the same of the forecast "tomorrow = today"
    - skill = 1 - MSE / MSE of persistence (Murphy 1988): 0 is no gain, 1 is perfect, below 0 is harm
    - mase: MAE / mean absolute change over `horizon` days of the training part (Hyndman and Koehler 2006)
    - theil_u: Theil's U2 (1966), RMSE of relative errors / that of no change; below 1 is a gain
    - directional_accuracy: of the days on which both price and forecast moved, the share that moved the same way;
      directional_ci: its 95 % interval, see `wilson_interval`; forecasts that overlap count for one in `horizon`
    - dm_p_value: see `diebold_mariano`
    - lag, follows, lag_rmse, move_correlation: see `lag_of`
    - verdict and lag_verdict: all that in two sentences

    Raises InputError for a part without days, WorkError for forecasts that are not finite.
    """
    if not len(actual):
        raise InputError("the part holds no days to judge: give it a share in `split`", field="split")
    if (wild := np.flatnonzero(~(np.abs(predicted) < LARGEST))).size:
        day = f"forecast {wild[0] + 1} of {len(actual)} is {predicted[wild[0]]:g}"
        advice = "load an earlier checkpoint, or train with a lower `learning_rate`"
        raise WorkError(f"{day}: training has diverged: {advice}")
    actual, predicted, previous = (np.asarray(a, dtype=np.float64) for a in (actual, predicted, previous))
    mse, mse_naive = mean_square(predicted - actual), mean_square(previous - actual)
    u, u_naive = mean_square((predicted - actual) / previous), mean_square((previous - actual) / previous)
    moves = np.abs(train_closes[horizon:] - train_closes[:-horizon])
    right, moved = directions(actual, predicted, previous)
    metrics: dict[str, Metric] = {
        "days": len(actual),
        "horizon": horizon,
        **errors_of(actual, predicted),
        **{f"persistence_{name}": value for name, value in errors_of(actual, previous).items()},
        "skill": None if mse_naive == 0 else 1 - mse / mse_naive,
        "mase": ratio(float(np.abs(predicted - actual).mean()), float(moves.mean()) if moves.size else 0.0),
        "theil_u": None if u_naive == 0 else math.sqrt(u / u_naive),
        "directional_accuracy": ratio(right, moved),
        "directional_ci": wilson_interval(right / horizon, moved / horizon),
        "dm_p_value": diebold_mariano(predicted - actual, previous - actual, horizon),
        **lag_of(actual, predicted, previous, horizon),
    }
    return metrics | {"verdict": verdict(metrics, step), "lag_verdict": lag_sentence(metrics, step)}


def verdict(metrics: Mapping[str, Metric], step: str = "day") -> str:
    """Say in one sentence whether the forecast of `stock_metrics` beats "tomorrow = today".

    Skill is claimed only where the squared error is smaller and the difference is significant at 5 %.
    """
    skill, p, days = metrics["skill"], metrics["dm_p_value"], metrics["days"]
    if not isinstance(skill, float):
        return f"No skill to measure: the price did not move on any of these {step}s."
    if not isinstance(p, float):
        few = f"one {step} is" if days == 1 else f"{days} {step}s are"
        return f"No skill to measure: {few} too few to judge by."
    rmse, naive, r2, r2_naive = (metrics[key] for key in ("rmse", "persistence_rmse", "r2", "persistence_r2"))
    nothing = "tomorrow = today" if (metrics["horizon"], step) == (1, "day") else "no change"
    compared = f'RMSE {shown_price(rmse)} against {shown_price(naive)} for "{nothing}"'
    shown = f"p = {p:.2g}" if p >= 0.001 else "p < 0.001"
    if skill > 0 and p < LEVEL:
        return f"Skill: {compared}, {100 * skill:.1f} % less squared error ({shown})."
    # R² measures against the part's mean, which a price leaves behind within weeks: high R² without skill is usual.
    high = isinstance(r2, float) and isinstance(r2_naive, float) and r2 > 0.5
    caution = f"; its R² of {r2:.3f} is no merit, doing nothing has {r2_naive:.3f}" if high else ""
    if p < LEVEL:
        return f"No skill, worse than doing nothing: {compared} ({shown}){caution}."
    return f"No skill: {compared} is no difference that {days} {step}s can show ({shown}){caution}."
