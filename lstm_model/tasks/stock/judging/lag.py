"""Whether a forecast foretells the price, or merely follows it: a plot shows the two alike."""

import math
from collections.abc import Mapping

import numpy as np

from lstm_model.digits import apart
from lstm_model.tasks.stock.judging.baselines import are_prices, mean_square
from lstm_model.tasks.stock.judging.direction import STILL, moves
from lstm_model.tasks.stock.judging.significance import BETTER, Values, clark_west, enough
from lstm_model.tasks.stock.series.noun import PRICE, Noun

MORE = 5  # days beyond the last known close in which the best lag is looked for
NEARER = 0.01  # share of a distance: one that is less than that below another is no smaller one

Lag = dict[str, float | bool | None]


def lag_of(actual: Values, predicted: Values, previous: Values, horizon: int = 1) -> Lag:
    """Compare forecasts (n,) of the closes `actual` (n,) with closes of earlier days.

    `previous` (n,) are the last closes that were known, `horizon` days before `actual`; both run from day to day.

    - move_correlation: of the predicted with the actual moves from `previous` on, both about 0; None if one never moves
    - lag: 0 if the forecast comes nearest to its own day's close, by RMSE, or if its moves foretell the price's; else
      the number of days by which it follows the price: that of the close among those known to which it comes nearest.
      None where that cannot be told: too few forecasts, a price that never moved, or no close that is clearly nearer
    - follows: whether lag is not 0; None where it is None
    - lag_rmse: RMSE against the close of `lag` days before, or of the last known one where lag is 0 or None

    The moves must have their say because prices wander: the best forecast there can be of a price that is a little
    predictable is still nearer to yesterday's close than to the day's own. They foretell if `clark_west` against no
    change says so at 2.5 %. Its means are not taken off: with those of the whole part the days to come would have a say
    in what was said before them.
    """
    own, known = _rmse(predicted - actual), _rmse(predicted - previous)
    found: Lag = {"lag": None, "follows": None, "lag_rmse": known,
                  "move_correlation": move_correlation(actual, predicted, previous)}  # fmt: skip
    if not enough(len(actual), horizon) or not moves(actual, previous).any():
        return found
    p = clark_west(predicted - actual, previous - actual, horizon)
    if (p is not None and p < BETTER) or own < (1 - NEARER) * known:
        return found | {"lag": 0, "follows": False}
    nearest, distance = _nearest(predicted, previous, horizon)
    if distance > (1 - NEARER) * own:
        return found
    return found | {"lag": nearest, "follows": True, "lag_rmse": distance}


def move_correlation(actual: Values, predicted: Values, previous: Values) -> float | None:
    """Of the predicted with the actual moves (n,), both about 0: relative ones of prices; None if one never moves."""
    unit = previous if are_prices(actual, previous) else np.float64(np.abs(previous).max() or 1.0)
    said, came = _moves((predicted - previous) / unit), _moves((actual - previous) / unit)
    lengths = math.sqrt(mean_square(said) * mean_square(came))
    return max(-1.0, min(1.0, float((said * came).mean()) / lengths)) if lengths > 0 else None


def _nearest(predicted: Values, previous: Values, horizon: int) -> tuple[int, float]:
    """Lag and RMSE of the known close to which the forecasts come nearest, all judged on the same days."""
    shifts = min(MORE, (len(predicted) - 1) // 4)
    late = predicted[shifts:]
    distances = [_rmse(late - previous[shifts - k : len(previous) - k]) for k in range(shifts + 1)]
    best = min(range(shifts + 1), key=lambda k: distances[k])
    distance = _rmse(predicted[best:] - previous[: len(previous) - best])
    return horizon + best, distance


def lag_sentence(metrics: Mapping[str, object], step: str = "day", noun: Noun = PRICE) -> str:
    """Say what `lag_of` found; metrics: those of `stock_metrics`."""
    lag, rmse, distance, r = (metrics[key] for key in ("lag", "rmse", "lag_rmse", "move_correlation"))
    nearby, own = apart(*(value if isinstance(value, float) else None for value in (distance, rmse)))
    if lag is None:
        return _untold(metrics, step, noun, nearby, own)
    if lag:
        by = f"{'an' if step == 'hour' else 'a'} {step}" if lag == 1 else f"{lag} {step}s"
        then = f"yesterday's {noun.row}" if (lag, step) == (1, "day") else f"the {noun.row} {by} before"
        return (
            f"The forecast follows the {noun.series} by {by}: it is closer to {then} (RMSE {nearby})"
            f" than to the {step}'s own (RMSE {own})."
        )
    p = metrics["cw_p_value"]
    if isinstance(p, float) and p < BETTER and isinstance(r, float):
        it = noun.series
        return f"The forecast does not merely follow the {it}: its moves go with the {it}'s (correlation {r:.2f})."
    return (
        f"The forecast does not merely follow the {noun.series}: it is closer to the {step}'s own {noun.row}"
        f" (RMSE {own}) than to the last one known (RMSE {nearby})."
    )


def _untold(metrics: Mapping[str, object], step: str, noun: Noun, nearby: str, own: str) -> str:
    """Why nothing is said of a lag."""
    n, horizon = metrics["days"], metrics["horizon"]
    if not metrics["moved_days"]:
        return f"There was nothing to follow: the {noun.series} did not move on any {step}."
    if isinstance(n, int) and isinstance(horizon, int) and not enough(n, horizon):
        few = "one forecast is" if n == 1 else f"{n} forecasts are"
        return f"Whether the forecast follows the {noun.series} cannot be told: {few} too few."
    if metrics.get("outside") is not None:
        it = noun.series
        return f"Whether the forecast follows the {it} cannot be told of {it}s beyond all that training saw."
    return (
        f"Whether the forecast follows the {noun.series} cannot be told: it is about as far from the last known"
        f" {noun.row} (RMSE {nearby}) as from the {step}'s own (RMSE {own})."
    )


def _rmse(errors: Values) -> float:
    return math.sqrt(mean_square(errors))


def _moves(differences: Values) -> Values:
    """Moves without rounding, scaled to 1 at most: their correlation does not depend on the scale."""
    kept = np.where(np.abs(differences) > STILL, differences, 0.0)
    scaled: Values = kept / max(float(np.abs(kept).max()), STILL)
    return scaled
