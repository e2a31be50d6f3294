"""Two models on the same data: which is better, and whether the difference is one. Pure functions."""

import numpy as np
from numpy.typing import NDArray

from lstm_model.tasks.comparison import Comparison, Side
from lstm_model.tasks.stock.judging.significance import LEVEL, diebold_mariano

Series = NDArray[np.float64]


def compare_forecasts(actual: Series, a: Series, b: Series, horizon: int = 1, row: str = "day") -> Comparison:
    """Compare forecasts a and b (n,) of the closes `actual` (n,), `horizon` rows ahead, by `diebold_mariano`.

    One is called better only where its squared error is smaller and the difference is significant at 5 %.
    """
    p = diebold_mariano(a - actual, b - actual, horizon)
    mse_a, mse_b = (float(np.square(each - actual).mean()) for each in (a, b))
    rmse_a, rmse_b = mse_a**0.5, mse_b**0.5
    if p is None:
        return Comparison(None, None, f"Neither is better: {len(actual)} {row}s are too few to judge by.")
    if mse_a == mse_b:
        return Comparison(None, p, f"Neither is better: both have RMSE {rmse_a:.4g}.")
    shown = f"p = {p:.2g}" if p >= 0.001 else "p < 0.001"
    if p >= LEVEL:
        compared = f"RMSE {rmse_a:.4g} of A against {rmse_b:.4g} of B"
        return Comparison(
            None, p, f"Neither is better: {compared} is no difference that {len(actual)} {row}s can show ({shown})."
        )
    better: Side = "a" if mse_a < mse_b else "b"
    low, high = sorted((mse_a, mse_b))
    compared = f"RMSE {low**0.5:.4g} against {high**0.5:.4g}"
    less = f"{100 * (1 - low / high):.1f} % less squared error"
    return Comparison(better, p, f"{better.upper()} is better: {compared}, {less} ({shown}).")
