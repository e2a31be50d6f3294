"""Windows of prices to look inside of a stock model with, and what a unit may follow in them."""

from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lstm_model.tasks.base import default_part
from lstm_model.tasks.probes import Feature, HeldOut, Probes
from lstm_model.tasks.stock.task import StockTask

Values: TypeAlias = NDArray[np.float64]  # (N,) of N days
WEEK, MONTH = 5, 20  # days of trading
WARM_UP = 5


def _returns(closes: Values) -> Values:
    """What each day gained, as a share where prices have one."""
    levels = np.log(closes) if (closes > 0).all() else closes
    returns: Values = np.diff(levels, prepend=levels[:1])
    return returns


def _gain(closes: Values, days: int) -> Values:
    """What the last days gained together."""
    gain: Values = _over(_returns(closes), days).sum(axis=1)
    return gain


def _volatility(closes: Values) -> Values:
    spread: Values = _over(_returns(closes), MONTH).std(axis=1)
    return spread


def _below_high(closes: Values) -> Values:
    """How far the price lies below the highest of the last days, in standard deviations of the series."""
    below: Values = (closes - _over(closes, MONTH).max(axis=1)) / (closes.std() or 1)
    return below


def _over(series: Values, days: int) -> Values:
    """The last days up to each day (N, days); those before the first are as the first."""
    padded = np.concatenate([np.full(days - 1, series[0]), series])
    return sliding_window_view(padded, days)


FEATURES = (
    Feature("last return", _returns),
    Feature("size of the last return", lambda closes: np.abs(_returns(closes))),
    Feature("return of the day before", lambda closes: np.roll(_returns(closes), 1)),
    Feature(f"return over {WEEK} days", lambda closes: _gain(closes, WEEK)),
    Feature(f"trend over {MONTH} days", lambda closes: _gain(closes, MONTH)),
    Feature(f"volatility over {MONTH} days", _volatility),
    Feature(f"below the high of {MONTH} days", _below_high),
    Feature("price rose", lambda closes: _returns(closes) > 0, yes_no=True),
)


class StockProbes(Probes):
    """See the base."""

    features = FEATURES
    task: StockTask

    def many(self, most: int | None = None) -> HeldOut:
        """Windows of all that is held out, without an overlap."""
        data, T = self.task.data, self.task.data.T
        last = int(data.days(default_part(self.task.parts))[-1])
        days = np.arange(data.parts["train"].stop + T, last + 1, T)
        days = days if days.size else np.array([last])
        places = days[:most] + np.arange(-T, 0)[:, None]  # (T, B)
        return HeldOut(data.x[places], data.y[places + 1], data.prices.close, places, min(WARM_UP, T // 4))
