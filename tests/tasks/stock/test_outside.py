"""A model of closes is not praised or blamed where it was never taught: that is said."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import finish
from lstm_model.tasks.stock.judging.metrics import stock_metrics
from lstm_model.tasks.stock.judging.outside import mostly, outside_of
from lstm_model.tasks.stock.judging.walk_forward import judge, outlook
from lstm_model.tasks.stock.task import StockTask
from support.stepped import write_series

TRAINED = np.array([120.0, 440.07, 300.0])


def said(closes: np.ndarray, predicted: np.ndarray | None = None) -> dict[str, object]:
    previous = closes - 1
    outside = outside_of(closes, TRAINED, "test")
    return dict(
        stock_metrics(closes, closes / 2 if predicted is None else predicted, previous, TRAINED, outside=outside)
    )


def test_closes_above_all_of_training_are_named_and_no_lag_is_claimed() -> None:
    found = said(np.linspace(555.01, 701.79, 63))
    assert found["outside_verdict"] == (
        "Out of range: all 63 test closes (555.01 to 701.79) lie above all closes of training (highest 440.07): a model"
        " of closes cannot follow; `target` return can."
    )
    assert (found["lag"], found["follows"]) == (None, None)
    assert found["lag_verdict"] == (
        "Whether the forecast follows the price cannot be told of prices beyond all that training saw."
    )


def test_some_closes_below_and_above_are_counted() -> None:
    assert "2 of 12 test closes (500.00 to 600.00) lie above" in str(
        said(np.array([*np.linspace(200, 300, 10), 500.0, 600.0]))["outside_verdict"]
    )
    assert "1 of 12 test closes (20.00) lie below all closes of training (lowest 120.00)" in str(
        said(np.array([*np.linspace(200, 300, 11), 20.0]))["outside_verdict"]
    )
    assert "2 of 12 test closes (20.00 to 600.00) lie outside of all closes of training (120.00 to 440.07)" in str(
        said(np.array([*np.linspace(200, 300, 10), 20.0, 600.0]))["outside_verdict"]
    )


def test_a_forecast_that_does_follow_them_is_not_said_to_be_unable() -> None:
    closes = np.linspace(555.01, 701.79, 63)
    assert str(said(closes, closes)["outside_verdict"]).endswith("(highest 440.07).")
    few = np.array([*np.linspace(200, 300, 11), 500.0])  # and the others are why it is worse than no change
    assert str(said(few)["outside_verdict"]).endswith("(highest 440.07).")


def test_closes_within_are_no_news_and_half_of_them_outside_are_not_most() -> None:
    assert outside_of(np.array([120.0, 440.07]), TRAINED, "test") is None
    assert said(np.linspace(130, 140, 20))["outside_verdict"] is None
    half = outside_of(np.array([200.0, 500.0]), TRAINED, "test")
    assert half is not None
    assert not mostly(half)
    assert mostly(outside_of(np.array([200.0, 500.0, 501.0]), TRAINED, "test"))


@pytest.mark.parametrize("target", ["close", "return"])
def test_a_rising_price_is_out_of_range_for_closes_and_not_for_returns(target: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    closes = 100 * np.exp(np.cumsum(rng.normal(0.005, 0.004, 200)))
    data = str(write_series(tmp_path, closes))
    task = StockTask(preset_config("stock", data=data, target=target, seq_length=5, hidden_size=4, batch_size=8))
    model = task.build_model()
    paths = finish(task.paths(model))
    found, ahead = judge(task, paths, "test"), outlook(task, paths, 1)
    outside = target == "close"
    assert (found["outside"] is not None, ahead["next_outside"]) == (outside, outside)
    assert (found["follows"] is None) == outside
    if outside:
        assert "all 30 test closes" in found["outside_verdict"]
        assert judge(task, paths, "val")["outside"]["part"] == "validation"
        assert (ahead["interval"]["test_coverage"], ahead["interval"]["test_days"]) == (0, 30)
