"""Two models on the same data: which is better, and whether the difference is one. Pure functions."""

import numpy as np
from numpy.typing import NDArray

from lstm_model.digits import apart
from lstm_model.tasks.comparison import Comparison, Side
from lstm_model.tasks.stock.judging.significance import ALPHA, diebold_mariano, p_shown

Values = NDArray[np.float64]


def compare_forecasts(actual: Values, a: Values, b: Values, horizon: int = 1, row: str = "day") -> Comparison:
    """Compare forecasts a and b (n,) of the closes `actual` (n,), `horizon` rows ahead, by `diebold_mariano`.

    One is called better only where its squared error is smaller and the difference is significant at 5 %.
    """
    n, p = len(actual), diebold_mariano(a - actual, b - actual, horizon)
    mse_a, mse_b = (float(np.square(each - actual).mean()) for each in (a, b))
    rmse_a, rmse_b = apart(mse_a**0.5, mse_b**0.5)
    if p is None:
        few = f"one {row} is" if n == 1 else f"{n} {row}s are"
        return Comparison(None, None, f"Neither is better: {few} too few to judge by.")
    if mse_a == mse_b:
        return Comparison(None, p, f"Neither is better: both have RMSE {rmse_a}.")
    if p >= ALPHA:
        compared = f"RMSE {rmse_a} of A against {rmse_b} of B"
        return Comparison(
            None, p, f"Neither is better: {compared}. With {n} {row}s this difference can be chance ({p_shown(p)})."
        )
    better: Side = "a" if mse_a < mse_b else "b"
    (low, small), (high, large) = sorted([(mse_a, rmse_a), (mse_b, rmse_b)])
    less = f"{100 * (1 - low / high):.1f} % less squared error"
    return Comparison(better, p, f"{better.upper()} is better: RMSE {small} against {large}, {less} ({p_shown(p)}).")
