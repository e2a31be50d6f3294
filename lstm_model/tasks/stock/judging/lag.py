"""Whether a forecast foretells the price, or merely follows it: a plot shows the two alike."""

import math
from collections.abc import Mapping

import numpy as np

from lstm_model.tasks.stock.judging.baselines import mean_square
from lstm_model.tasks.stock.judging.significance import LEVEL, Series, mean_p_value

MORE = 5  # days beyond the last known close in which the best lag is looked for
NOTHING = 1e-12  # a predicted move smaller than this, as a share of the price, is rounding


def lag_of(actual: Series, predicted: Series, previous: Series, horizon: int = 1) -> dict[str, float | bool | None]:
    """Compare forecasts (n,) of the closes `actual` (n,) with closes of earlier days.

    `previous` (n,) are the last closes that were known, `horizon` days before `actual`; both run from day to day.

    - move_correlation: of the predicted with the actual moves from `previous` on, both about 0; None if one never moves
    - lag: 0 if the forecast comes nearest to its own day's close, by RMSE, or if its moves foretell the price's; else
      the number of days by which it follows the price: that of the close among those known to which it comes nearest
    - follows: whether lag is not 0
    - lag_rmse: RMSE against the close of `lag` days before, or of the last known one where lag is 0

    The moves must have their say because prices wander: the best forecast there can be of a price that is a little
    predictable is still nearer to yesterday's close than to the day's own. They foretell if the mean of predicted times
    actual move is above 0, significantly at 5 %: the test of Clark and West (2006), whose means are not taken off, for
    with those of the whole part the days to come would have a say in what was said before them.
    """
    own, known = _rmse(predicted - actual), _rmse(predicted - previous)
    said, came = _moves(predicted / previous - 1), _moves(actual / previous - 1)
    product = said * came
    p = mean_p_value(product, horizon) if product.any() else None
    foretells = p is not None and p < LEVEL and bool(product.mean() > 0)
    if foretells or own < known:
        nearest, distance = 0, known
    else:
        nearest, distance = _nearest(predicted, previous, horizon)
    return {"lag": nearest, "follows": nearest > 0, "lag_rmse": distance, "move_correlation": _cosine(said, came)}


def _nearest(predicted: Series, previous: Series, horizon: int) -> tuple[int, float]:
    """Lag and RMSE of the known close to which the forecasts come nearest, all judged on the same days."""
    shifts = min(MORE, (len(predicted) - 1) // 4)
    late = predicted[shifts:]
    distances = [_rmse(late - previous[shifts - k : len(previous) - k]) for k in range(shifts + 1)]
    best = min(range(shifts + 1), key=lambda k: distances[k])
    distance = _rmse(predicted[best:] - previous[: len(previous) - best])
    return horizon + best, distance


def lag_sentence(metrics: Mapping[str, object], step: str = "day") -> str:
    """Say what `lag_of` found; metrics: that, and the rmse."""
    lag, rmse, distance, r = (metrics[key] for key in ("lag", "rmse", "lag_rmse", "move_correlation"))
    if lag:
        by = f"{'an' if step == 'hour' else 'a'} {step}" if lag == 1 else f"{lag} {step}s"
        then = "yesterday's close" if (lag, step) == (1, "day") else f"the close {by} before"
        return (
            f"The forecast follows the price by {by}: it is closer to {then} (RMSE {shown_price(distance)})"
            f" than to the {step}'s own (RMSE {shown_price(rmse)})."
        )
    beyond = "" if not isinstance(r, float) else f": its moves go with the price's (correlation {r:.2f})"
    return f"The forecast does not merely follow the price{beyond}."


def shown_price(value: object) -> str:
    """Four digits that matter, without exponents for common prices."""
    number = value if isinstance(value, float) else math.nan
    return f"{number:,.0f}" if number >= 1000 else f"{number:.4g}"


def _rmse(errors: Series) -> float:
    return math.sqrt(mean_square(errors))


def _moves(relative: Series) -> Series:
    """Relative moves without rounding, scaled to 1 at most: neither test nor correlation depends on the scale."""
    moves = np.where(np.abs(relative) > NOTHING, relative, 0.0)
    scaled: Series = moves / max(float(np.abs(moves).max()), NOTHING)
    return scaled


def _cosine(a: Series, b: Series) -> float | None:
    """Correlation about 0; None for a series of zeros."""
    lengths = math.sqrt(mean_square(a) * mean_square(b))
    return max(-1.0, min(1.0, float((a * b).mean()) / lengths)) if lengths > 0 else None
