"""Direction is held against always saying up, or always down, on the days on which there was one to be right about."""

import math
from typing import Any

import numpy as np
import pytest

from lstm_model.tasks.stock.judging.baselines import simple_forecasts
from lstm_model.tasks.stock.judging.direction import direction_of, direction_sentence
from lstm_model.tasks.stock.judging.metrics import stock_metrics
from lstm_model.tasks.stock.judging.significance import BETTER
from lstm_model.tasks.stock.series.prices import read_prices
from support.places import DATA


def measured(actual: np.ndarray, predicted: np.ndarray, previous: np.ndarray, horizon: int = 1) -> dict[str, Any]:
    return dict(direction_of(actual, predicted, previous, horizon))


def told(actual: np.ndarray, predicted: np.ndarray, previous: np.ndarray, horizon: int = 1) -> str:
    found = measured(actual, predicted, previous, horizon)
    return direction_sentence({"days": len(actual), **found})


def test_on_the_shipped_prices_always_down_is_right_as_often_as_anybody() -> None:
    closes = read_prices(DATA / "MSFT_1d_data.csv").close
    start = round(len(closes) * 0.85)
    drift = simple_forecasts(closes, round(len(closes) * 0.7), range(start, len(closes)))["drift"]
    found = measured(closes[start:], drift, closes[start - 1 : -1])
    assert (found["moved_days"], found["direction_days"]) == (486, 486)
    assert found["always_down"] == pytest.approx(253 / 486)
    assert found["directional_accuracy"] == found["always_down"]  # the drift of training says down every day
    assert found["direction_p_value"] == 1
    assert told(closes[start:], drift, closes[start - 1 : -1]) == (
        'direction right 52.1 % on the 486 of 490 days on which it moved (95 % interval 47.6 to 56.5); always "down" is'
        " right 52.1 %, so the forecast does not know more (p = 1, one-sided)"
    )


def test_a_price_that_stands_still_most_days_is_judged_on_the_others() -> None:
    previous = np.full(63, 10.0)
    actual = previous.copy()
    actual[:20] += np.resize([0.1, -0.1], 20)
    found = measured(actual, previous + 0.05, previous)
    assert (found["directional_accuracy"], found["moved_days"], found["direction_days"]) == (0.5, 20, 20)
    assert "direction right 50.0 % on the 20 of 63 days on which it moved (95 %" in told(
        actual, previous + 0.05, previous
    )


def test_no_move_is_no_direction() -> None:
    flat = np.full(12, 3.0)
    assert told(flat, flat + 1, flat) == "direction: the price did not move on any day"
    assert told(flat + 1, flat, flat) == "direction: the forecast did not move on any day on which the price did"
    found = measured(flat, flat + 1, flat)
    assert [found[key] for key in ("directional_accuracy", "directional_ci", "always_up", "direction_p_value")] == [
        None
    ] * 4


def test_where_the_forecast_stands_still_too_it_is_said() -> None:
    previous = np.full(30, 3.0)
    predicted = previous + np.where(np.arange(30) < 10, 0.0, 0.1)
    assert "on the 20 of 30 days on which both price and forecast moved" in told(previous + 1, predicted, previous)


def test_knowing_the_direction_beats_always_saying_the_same_and_saying_the_same_does_not() -> None:
    rng = np.random.default_rng(1)
    previous, moves = np.full(300, 50.0), rng.choice([-1.0, 1.0], 300, p=[0.35, 0.65])
    knows = np.where(rng.random(300) < 0.9, moves, -moves)
    found = measured(previous + moves, previous + knows, previous)
    assert found["direction_p_value"] < 0.001
    assert "so the forecast knows more (p < 0.001, one-sided)" in told(previous + moves, previous + knows, previous)
    always = measured(previous + moves, previous + 1, previous)
    assert always["directional_accuracy"] == always["always_up"] > 0.6
    assert always["direction_p_value"] == 1


def test_a_coin_is_said_to_know_more_less_often_than_promised() -> None:
    claims = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        moves, said = rng.normal(0.05, 1, 200), rng.normal(0, 1, 200)
        claims += measured(50 + moves, 50 + said, np.full(200, 50.0))["direction_p_value"] < BETTER
    assert claims <= 10


def test_a_few_days_are_not_held_against_anything() -> None:
    found = stock_metrics(np.array([2.0, 3.0]), np.array([2.5, 1.0]), np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    assert found["direction_p_value"] is None
    assert str(found["direction_verdict"]).startswith("direction right 50.0 % on all 2 days (95 % interval")
    one = stock_metrics(np.array([2.0]), np.array([2.5]), np.array([1.0]), np.array([1.0, 2.0]))
    assert str(one["direction_verdict"]).startswith("direction right 100.0 % on one day (95 % interval")


def test_overlapping_forecasts_count_for_one_in_a_horizon() -> None:
    rng = np.random.default_rng(2)
    moves = np.convolve(rng.normal(0, 1, 104), np.ones(5), "valid")
    single, fifth = (measured(50 + moves, 50 + moves, np.full(100, 50.0), h) for h in (1, 5))
    widths = [found["directional_ci"][1] - found["directional_ci"][0] for found in (single, fifth)]
    assert widths[1] > math.sqrt(4) * widths[0]
