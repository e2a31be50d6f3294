"""No forecast, scaler, window, split or simple forecast knows anything that comes after it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import finish
from lstm_model.tasks.stock.judging.baselines import simple_forecasts
from lstm_model.tasks.stock.judging.intervals import interval_of
from lstm_model.tasks.stock.judging.walk_forward import judge
from lstm_model.tasks.stock.series.features import FEATURES
from lstm_model.tasks.stock.series.prices import Prices
from lstm_model.tasks.stock.series.windows import PriceData
from lstm_model.tasks.stock.task import StockTask
from lstm_model.training.trainer import Trainer
from support.series import random_prices
from support.stepped import write_series

DAYS, T, HORIZONS = 80, 5, (1, 5)
SPLIT = (60, 20, 20)
TRAIN_STOP = 48
targets = pytest.mark.parametrize("target", ["return", "close", "value", "change"])


def with_another_future(prices: Prices, day: int, draw: st.DrawFn) -> Prices:
    """The same prices before a day; from it on one column or all of them are others."""
    changed = draw(st.sampled_from(["Close", *FEATURES, "all"]))
    factors = np.array(draw(st.lists(st.floats(0.5, 2), min_size=DAYS - day, max_size=DAYS - day)))
    close, columns = prices.close.copy(), {name: values.copy() for name, values in prices.columns.items()}
    for name, values in [("Close", close), *columns.items()]:
        if changed in (name, "all"):
            values[day:] = values[day:] * factors + 0.01
    return replace(prices, close=close, columns=columns)


futures = st.composite(lambda draw, day: with_another_future(random_prices(DAYS), day, draw))


class Stub(StockTask):
    """A task over prices that come from no file."""

    def __init__(self, prices: Prices, target: str) -> None:
        self.data = PriceData(prices, T, SPLIT, target, FEATURES, horizons=HORIZONS)
        self.prices = prices
        self.days = self.data.days("train")
        self.config = preset_config(
            "stock", seq_length=T, split=SPLIT, target=target, features=FEATURES, horizons=HORIZONS, hidden_size=4,
            batch_size=8, threads=1,
        )  # fmt: skip
        self.batches = len(self.days) // 8
        self._epochs, self._position, self._order = 0, 0, None


def trained(prices: Prices, target: str) -> tuple[Trainer, Stub]:
    task = Stub(prices, target)
    trainer = Trainer(task)
    for _ in range(3):
        trainer.step()
    return trainer, task


@targets
@settings(max_examples=40, deadline=None)
@given(data=st.data(), day=st.integers(T + 2, DAYS - 1))
def test_data_before_a_day_are_the_same_whatever_comes_from_it_on(target: str, data: st.DataObject, day: int) -> None:
    prices = random_prices(DAYS)
    changed = data.draw(futures(day))
    before = PriceData(prices, T, SPLIT, target, FEATURES, horizons=HORIZONS)
    given_scaler = None if day >= TRAIN_STOP else before.scaler_state()  # training days do shape the scalers
    after = PriceData(changed, T, SPLIT, target, FEATURES, given_scaler, horizons=HORIZONS)
    assert after.scaler_state() == before.scaler_state()
    assert after.parts == before.parts
    assert np.array_equal(after.x[:day], before.x[:day])
    earlier = np.arange(before.parts["train"].start, day + 1)
    assert np.array_equal(after.windows(earlier)[0], before.windows(earlier)[0])  # the window of `day` ends before it
    for k, h in enumerate(HORIZONS):
        assert np.array_equal(after.y[: day - h + 1, k], before.y[: day - h + 1, k], equal_nan=True)
    if day >= TRAIN_STOP:  # else the training part itself is changed
        span = range(TRAIN_STOP, day + 1)
        for h in HORIZONS:
            known, other = (simple_forecasts(p.close, TRAIN_STOP, span, h) for p in (prices, changed))
            for name in known:
                assert np.array_equal(known[name], other[name]), name


@targets
@settings(max_examples=15, deadline=None)
@given(data=st.data(), day=st.integers(TRAIN_STOP, DAYS - 1))
def test_training_and_forecasts_are_the_same_whatever_comes_later(target: str, data: st.DataObject, day: int) -> None:
    mine, task = trained(random_prices(DAYS), target)
    other, changed = trained(data.draw(futures(day)), target)
    assert np.array_equal(mine.judged.parameters.flat, other.judged.parameters.flat)
    paths, later = finish(task.paths(mine.judged)), finish(changed.paths(other.judged))
    for h in HORIZONS:  # what was said h days before a day was said at a close that came before `day`
        said, again = (p.outlooks[h].predicted[: day + h] for p in (paths, later))
        assert np.array_equal(said, again, equal_nan=True)
    val = task.part("val", 1)
    if day >= val[-1] + 1:  # the interval of a forecast is made on the validation part, and knows no test day
        intervals = [interval_of(p.closes[val], p.outlooks[1].predicted[val]) for p in (paths, later)]
        assert intervals[0] == intervals[1]


def test_targets_of_the_training_part_end_where_it_ends() -> None:
    prices = random_prices(DAYS)
    close = prices.close.copy()
    close[TRAIN_STOP:] *= 3
    for target in ("return", "close", "value", "change"):
        one, other = (PriceData(p, T, SPLIT, target, horizons=HORIZONS) for p in (prices, replace(prices, close=close)))
        days = one.days("train")
        for mine, theirs in zip(one.windows(days), other.windows(days), strict=True):
            assert np.array_equal(mine, theirs)
        beyond = np.array([days[-1] + 1])
        assert not np.array_equal(one.windows(beyond)[1], other.windows(beyond)[1])  # the next one would see it


def test_shuffled_returns_leave_no_skill(tmp_path: Path) -> None:
    claims = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        returns = 0.02 * np.sin(np.arange(500) / 3)  # in order, anyone can foretell these
        rng.shuffle(returns)
        data = write_series(tmp_path, 30 * np.exp(np.cumsum(returns)))
        settings_ = {"hidden_size": 8, "seq_length": 8, "learning_rate": 0.01, "warmup": 5, "threads": 1}
        trainer = Trainer(StockTask(preset_config("stock", "quick", data=str(data), **settings_)))
        for _ in range(60):
            trainer.step()
        task = trainer.task
        assert isinstance(task, StockTask)
        claims += str(judge(task, finish(task.paths(trainer.judged)), "test")["verdict"]).startswith("Skill")
    assert claims <= 1
