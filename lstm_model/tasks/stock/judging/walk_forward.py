"""A model of prices judged on a part, forecast by forecast in order of time, and what it says of the future."""

from typing import Any

from lstm_model.tasks.stock.judging.intervals import coverage, interval_of
from lstm_model.tasks.stock.judging.metrics import baselines, stock_metrics
from lstm_model.tasks.stock.judging.outside import Outside, mostly, outside_of
from lstm_model.tasks.stock.judging.seasons import season_of
from lstm_model.tasks.stock.judging.significance import Values
from lstm_model.tasks.stock.kind import MOVES
from lstm_model.tasks.stock.paths import PricePaths
from lstm_model.tasks.stock.task import StockTask

NAMES = {"train": "training", "val": "validation", "test": "test", "next": "last"}


def judge(task: StockTask, paths: PricePaths, part: str, horizon: int | None = None) -> dict[str, Any]:
    """`stock_metrics` of the forecasts made within a part, for one horizon: the model's first if none is named.

    A forecast is made at the close before the first day it does not know. That day and the one it speaks of both lie
    in the part: a forecast from before would be made by a model that has learnt from the days between.
    """
    h = horizon or task.settings.horizons[0]
    actual, predicted, previous = _series(task, paths, part, h)
    return dict(
        stock_metrics(
            actual, predicted, previous, task.train_closes, h, task.data.step, _outside(task, actual, part), task.noun
        )
    )


def _outside(task: StockTask, closes: Values, part: str) -> Outside | None:
    """Which values a model of values was never taught; one of moves was taught moves."""
    return outside_of(closes, task.train_closes, NAMES[part]) if task.data.target not in MOVES else None


def simple(task: StockTask, paths: PricePaths, part: str, horizon: int) -> dict[str, dict[str, float | None]]:
    """`baselines` on the same days."""
    days = task.part(part, horizon)
    span = range(int(days[0]), int(days[-1]) + 1)
    return baselines(paths.closes, task.data.parts["train"].stop, span, horizon, season_of(paths.dates))


def outlook(task: StockTask, paths: PricePaths, horizon: int) -> dict[str, Any]:
    """The forecast after the last day, with its interval, and how often such an interval held.

    Keys: next_date, next_close, next_low, next_high; next_outside: whether most of the closes it is made from lie
    outside of all that a model of closes was taught; interval: level, coverage and days of the second half of the
    validation part, test_coverage and test_days (None and 0 without a test part).
    """
    ahead = paths.outlooks[horizon]
    actual, predicted, _ = _series(task, paths, "val", horizon)
    interval = interval_of(actual, predicted)
    low, high = interval.around(ahead.next_close)
    tested, test_days = None, task.data.days("test", horizon).size
    window = paths.closes[-task.data.T :]
    if test_days:
        tested = coverage(*_series(task, paths, "test", horizon)[:2], interval.radius, interval.relative)
    return {
        "next_date": str(ahead.next_date),
        "next_close": ahead.next_close,
        "next_low": low,
        "next_high": high,
        "next_outside": mostly(_outside(task, window, "next")),
        "interval": {
            "level": interval.level,
            "coverage": interval.coverage,
            "days": interval.days,
            "test_coverage": tested,
            "test_days": int(test_days),
        },
    }


def _series(task: StockTask, paths: PricePaths, part: str, h: int) -> tuple[Values, Values, Values]:
    """Actual closes, forecasts of them, and the last closes known when these were made (n,)."""
    days = task.part(part, h)
    predicted = paths.outlooks[h].predicted if h in paths.outlooks else paths.predicted
    return paths.closes[days + h - 1], predicted[days + h - 1], paths.closes[days - 1]
