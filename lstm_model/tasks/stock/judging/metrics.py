"""How good a forecast is, and whether it is better than doing nothing.

Pure functions on arrays. Prices wander so slowly that "tomorrow = today" scores an R² near 1: every figure here stands
beside the one of that persistence forecast, and `verdict` says in words which of the two is better.
"""

import math
from typing import TypeAlias

import numpy as np

from lstm_model.errors import InputError, WorkError
from lstm_model.network.losses import bits
from lstm_model.tasks.stock.judging.baselines import are_prices, baselines, errors_of, mean_square, ratio
from lstm_model.tasks.stock.judging.direction import direction_of, direction_sentence
from lstm_model.tasks.stock.judging.lag import lag_of, lag_sentence
from lstm_model.tasks.stock.judging.outside import Outside, mostly, outside_sentence
from lstm_model.tasks.stock.judging.significance import (
    Values,
    clark_west,
    diebold_mariano,
    enough,
    student_t_p_value,
    wilson_interval,
)
from lstm_model.tasks.stock.judging.verdict import tests_sentence, verdict
from lstm_model.tasks.stock.series.noun import PRICE, Noun

__all__ = [
    "baselines",
    "bits",
    "clark_west",
    "diebold_mariano",
    "stock_metrics",
    "student_t_p_value",
    "verdict",
    "wilson_interval",
]

Metric: TypeAlias = float | str | list[float] | Outside | None

LARGEST_FORECAST = 1e100  # a forecast beyond it is a diverged network's, and its square would leave float64


def stock_metrics(
    actual: Values, predicted: Values, previous: Values, train_closes: Values, horizon: int = 1, step: str = "day",
    outside: Outside | None = None, noun: Noun = PRICE,
) -> dict[str, Metric]:  # fmt: skip
    """Judge forecasts `predicted` (n,) of the closes `actual` (n,), all in price units.

    `previous` (n,) are the last closes that were known, `horizon` days before; `train_closes` (m,) those of the
    training part; `step` is the word for what lies between two rows, `noun` has those for the series; `outside` says
    which of `actual` a model of closes was never taught. A figure that is undefined, as R²
    of a constant series, is None; none is ever NaN. Keys:

    - days: n; horizon
    - rmse, mae in price units; mape in per cent; r2 = 1 - SSE / sum of squares about the mean of `actual`
    - persistence_rmse, persistence_mae, persistence_mape, persistence_r2: the same of the forecast "tomorrow = today"
    - skill = 1 - MSE / MSE of persistence (Murphy 1988): 0 is no gain, 1 is perfect, below 0 is harm
    - mase: MAE / mean absolute change over `horizon` days of the training part. Hyndman and Koehler (2006) divide by
      the change over one day whatever the horizon is; this variant can be read alike for all horizons
    - theil_u: Theil's U2 (1966), sqrt(sum ((p - y)/y')² / sum ((y - y')/y')²) for forecast p, actual y and last known
      y'; below 1 is a gain; None, as mape, for values at or below 0, of which a share means nothing
    - directional_accuracy, directional_ci, moved_days, direction_days, always_up, always_down, direction_p_value: see
      `direction_of`
    - dm_p_value: see `diebold_mariano`; cw_p_value: see `clark_west`; both None for too few days, or no move
    - lag, follows, lag_rmse, move_correlation: see `lag_of`; no lag is claimed where most of `actual` lies outside
    - outside: as given
    - verdict, lag_verdict, direction_verdict and, where there is something to say, tests_verdict, outside_verdict: all
      that in sentences

    Raises InputError for a part without days, WorkError for forecasts that are not finite.
    """
    if not len(actual):
        raise InputError("the part holds no days to judge: give it a share in `split`", field="split")
    if (wild := np.flatnonzero(~(np.abs(predicted) < LARGEST_FORECAST))).size:
        day = f"forecast {wild[0] + 1} of {len(actual)} is {predicted[wild[0]]:g}"
        advice = "load an earlier checkpoint, or train with a lower `learning_rate`"
        raise WorkError(f"{day}: training has diverged: {advice}")
    actual, predicted, previous = (np.asarray(a, dtype=np.float64) for a in (actual, predicted, previous))
    error, naive = predicted - actual, previous - actual
    mse, mse_naive = mean_square(error), mean_square(naive)
    changes = np.abs(train_closes[horizon:] - train_closes[:-horizon])
    judged = enough(len(actual), horizon) and mse_naive > 0
    metrics: dict[str, Metric] = {
        "days": len(actual),
        "horizon": horizon,
        **errors_of(actual, predicted),
        **{f"persistence_{name}": value for name, value in errors_of(actual, previous).items()},
        "skill": None if mse_naive == 0 else 1 - mse / mse_naive,
        "mase": ratio(float(np.abs(error).mean()), float(changes.mean()) if changes.size else 0.0),
        "theil_u": _theil_u(error, naive, previous) if are_prices(actual, previous) else None,
        **direction_of(actual, predicted, previous, horizon),
        "dm_p_value": diebold_mariano(error, naive, horizon) if judged else None,
        "cw_p_value": clark_west(error, naive, horizon) if judged else None,
        **lag_of(actual, predicted, previous, horizon),
        "outside": outside,
    }
    if mostly(outside):
        metrics |= {"lag": None, "follows": None}
    return metrics | {
        "verdict": verdict(metrics, step, noun),
        "lag_verdict": lag_sentence(metrics, step, noun),
        "direction_verdict": direction_sentence(metrics, step, noun),
        "tests_verdict": tests_sentence(metrics, noun),
        "outside_verdict": None if outside is None else outside_sentence(outside, mse > mse_naive, noun),
    }


def _theil_u(error: Values, naive: Values, previous: Values) -> float | None:
    u, u_naive = mean_square(error / previous), mean_square(naive / previous)
    return None if u_naive == 0 else math.sqrt(u / u_naive)
