"""Metrics, tests and verdicts: right by hand, by table and by the written-out formula; no skill where there is none."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lstm_model.errors import InputError, WorkError
from lstm_model.network.losses import bits
from lstm_model.tasks.stock.judging.metrics import (
    baselines,
    diebold_mariano,
    stock_metrics,
    student_t_p_value,
    wilson_interval,
)
from lstm_model.tasks.stock.series.prices import read_prices
from support.places import DATA

MSFT = DATA / "MSFT_1d_data.csv"
ERRORS = ["rmse", "mae", "mape", "r2"]
OTHERS = ["skill", "mase", "theil_u", "directional_accuracy", "directional_ci", "moved_days", "direction_days",
          "always_up", "always_down", "always_same", "direction_p_value", "dm_p_value", "cw_p_value", "lag", "follows",
          "lag_rmse", "move_correlation", "outside", "verdict", "lag_verdict", "direction_verdict", "tests_verdict",
          "outside_verdict"]  # fmt: skip

Series = NDArray[np.float64]


def walk(days: int, seed: int) -> Series:
    """A random walk with a share's daily moves: nobody can foretell it."""
    return 30 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0.0002, 0.015, days)))


def judged(closes: Series, train: int, forecast: Series) -> dict[str, object]:
    return dict(stock_metrics(closes[train:], forecast, closes[train - 1 : -1], closes[:train]))


def test_the_published_baselines_of_the_shipped_series_are_reproduced() -> None:
    closes = read_prices(MSFT).close
    table = baselines(closes, 2616, range(2616, 3270))
    published = {  # RMSE, MAE, MAPE in per cent, R², direction in per cent of all 654 days
        "persistence": (0.3679, 0.2767, 1.011, 0.974, None),
        "drift": (0.3680, 0.2765, 1.011, 0.974, 51.5),
        "ar1": (0.3679, 0.2770, 1.012, 0.974, 48.3),
        "mean_5": (0.5339, 0.4141, 1.515, 0.946, 51.1),
        "train_mean": (2.3131, 1.9770, 7.239, -0.02, None),
    }
    assert table.keys() - {"mean_20"} == published.keys()
    for name, (rmse, mae, mape, r2, direction) in published.items():
        row = table[name]
        assert row["rmse"] == pytest.approx(rmse, abs=1.1e-4), name
        assert row["mae"] == pytest.approx(mae, abs=6e-5), name
        assert row["mape"] == pytest.approx(mape, abs=6e-4), name
        assert row["r2"] == pytest.approx(r2, abs=7e-4), name
        if direction is not None and row["direction"] is not None:
            # On 5 days the price stood still, and on one the 5-day mean was the price: ours leaves these out.
            moved = 648 if name == "mean_5" else 649
            assert 100 * row["direction"] * moved / 654 == pytest.approx(direction, abs=0.051), name
    assert table["persistence"]["direction"] is None


def test_moving_averages_are_those_that_pandas_rolls() -> None:
    closes = read_prices(MSFT).close
    table = baselines(closes, 2616, range(2616, 3270))
    for width in (5, 20):
        rolled = pd.Series(closes).rolling(width).mean().to_numpy()[2615:-1]
        assert table[f"mean_{width}"]["rmse"] == pytest.approx(np.sqrt(np.mean((rolled - closes[2616:]) ** 2)))


def test_baselines_are_fitted_on_the_training_part_and_forecast_from_the_days_before() -> None:
    closes, changed = walk(110, 0), walk(110, 0)
    changed[60:80] *= 1.5  # after the training part, and at least twenty days before those judged
    assert baselines(changed, 60, range(100, 110)) == baselines(closes, 60, range(100, 110))
    changed = np.concatenate([closes[:90], 2 * closes[90:]])
    assert baselines(changed, 60, range(60, 90)) == baselines(closes, 60, range(60, 90))
    early = baselines(closes, 1, range(1, 2))  # with one day before it, and no return to learn from
    assert [row["mae"] for row in early.values()] == pytest.approx([abs(closes[1] - closes[0])] * 6)


def test_metrics_equal_those_worked_out_by_hand() -> None:
    actual, predicted, previous = np.array([[11.0, 12, 12, 10], [10.5, 13, 12.5, 11], [10.0, 11, 12, 12]])
    m = stock_metrics(actual, predicted, previous, np.array([8.0, 9, 7, 10]))
    assert list(m) == ["days", "horizon", *ERRORS, *(f"persistence_{name}" for name in ERRORS), *OTHERS]
    assert m["rmse"] == pytest.approx(math.sqrt((0.25 + 1 + 0.25 + 1) / 4))
    assert m["mae"] == pytest.approx(0.75)
    assert m["mape"] == pytest.approx(25 * (0.5 / 11 + 1 / 12 + 0.5 / 12 + 1 / 10))
    assert m["r2"] == pytest.approx(1 - 2.5 / 2.75)
    assert m["persistence_rmse"] == pytest.approx(math.sqrt(1.5))
    assert m["persistence_mae"] == pytest.approx(1)
    assert m["skill"] == pytest.approx(1 - 2.5 / 6)
    assert m["mase"] == pytest.approx(0.75 / 2)
    errors, moves = (0.5 / 10, 1 / 11, 0.5 / 12, 1 / 12), (1 / 10, 1 / 11, 0, 2 / 12)
    assert m["theil_u"] == pytest.approx(math.sqrt(sum(e * e for e in errors) / sum(e * e for e in moves)))
    assert m["directional_accuracy"] == 1  # three of the three days that moved
    assert m["directional_ci"] == wilson_interval(3, 3)


def test_the_forecast_tomorrow_equals_today_has_no_skill_whatever_its_r2() -> None:
    closes = walk(2000, 3)
    m = judged(closes, 1000, closes[999:-1])
    assert (m["skill"], m["theil_u"], m["dm_p_value"]) == (0, 1, 1)
    assert (m["directional_accuracy"], m["directional_ci"]) == (None, None)
    assert isinstance(m["r2"], float)
    assert m["r2"] > 0.95
    verdict = str(m["verdict"])
    assert verdict.startswith("No skill: RMSE")
    assert f"its R² of {m['r2']:.3f} is no merit, doing nothing has {m['r2']:.3f}" in verdict


@pytest.mark.parametrize("forecaster", ["noise", "ar1", "drift", "mean_2"])
def test_a_random_walk_is_called_without_skill_for_95_per_cent_of_seeds(forecaster: str) -> None:
    train, claims = 400, 0
    for seed in range(200):
        closes = walk(800, seed)
        returns, previous = np.diff(np.log(closes)), closes[train - 1 : -1]
        last = returns[train - 2 : -1]
        slope, intercept = np.polyfit(returns[: train - 2], returns[1 : train - 1], 1)
        forecast = {
            "noise": previous * np.exp(np.random.default_rng(seed + 999).normal(0, 0.003, len(previous))),
            "ar1": previous * np.exp(intercept + slope * last),
            "drift": previous * np.exp(returns[: train - 1].mean()),
            "mean_2": (previous + closes[train - 2 : -2]) / 2,
        }[forecaster]
        claims += not str(judged(closes, train, forecast)["verdict"]).startswith("No skill")
    assert claims <= 10


def test_knowing_the_sine_is_skill_and_knowing_it_backwards_is_harm() -> None:
    rng = np.random.default_rng(0)
    sine = 50 + 5 * np.sin(np.arange(600) / 8)
    closes = sine + rng.normal(0, 0.1, 600)
    knows = judged(closes, 400, sine[400:])
    assert str(knows["verdict"]).startswith("Skill: RMSE")
    assert "less squared error (p < 0.001)." in str(knows["verdict"])
    harm = judged(closes, 400, 2 * closes[399:-1] - sine[400:])
    assert str(harm["verdict"]).startswith("No skill, worse than doing nothing: RMSE")


def test_a_gain_that_chance_explains_is_no_skill() -> None:
    closes = walk(60, 6)
    m = judged(closes, 40, closes[39:-1] * np.exp(np.random.default_rng(0).normal(0, 0.003, 20)))
    assert isinstance(m["skill"], float)
    assert m["skill"] > 0.02
    assert str(m["verdict"]).startswith("No skill: RMSE")
    assert "With 20 days this difference can be chance (p = 0." in str(m["verdict"])


@pytest.mark.parametrize(
    ("t", "freedom", "p"),
    [  # critical values as printed in tables of Student's t
        (12.7062, 1, 0.05),
        (63.6567, 1, 0.01),
        (4.30265, 2, 0.05),
        (3.18245, 3, 0.05),
        (4.60409, 4, 0.01),
        (2.57058, 5, 0.05),
        (2.22814, 10, 0.05),
        (2.75000, 30, 0.01),
        (1.97993, 120, 0.05),
        (1.95996, 10**6, 0.05),
    ],
)
def test_students_t_agrees_with_the_tables(t: float, freedom: int, p: float) -> None:
    assert student_t_p_value(t, freedom) == pytest.approx(p, rel=1e-4)
    assert student_t_p_value(-t, freedom) == student_t_p_value(t, freedom)
    assert student_t_p_value(0.0, freedom) == 1
    assert student_t_p_value(1e300, freedom) == pytest.approx(0, abs=1e-12)


def test_diebold_mariano_is_the_published_formula() -> None:
    rng = np.random.default_rng(1)
    e1, e2 = rng.normal(0, 1, 25), rng.normal(0, 1.4, 25)
    d, n, h = e1**2 - e2**2, 25, 1
    statistic = d.mean() / math.sqrt(np.mean((d - d.mean()) ** 2) / n)
    corrected = statistic * math.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    p = diebold_mariano(e1, e2)
    assert p == pytest.approx(student_t_p_value(corrected, n - 1))
    assert p == pytest.approx(diebold_mariano(e2 * 1e6, e1 * 1e6))


def test_diebold_mariano_never_gives_nan() -> None:
    e = np.array([1.0, -2, 3])
    assert (diebold_mariano(e, e), diebold_mariano(e, -e), diebold_mariano(0 * e, 0 * e)) == (1, 1, 1)
    assert diebold_mariano(np.ones(10), np.zeros(10)) == 0
    assert (diebold_mariano(e[:1], e[1:2]), diebold_mariano(e[:1], e[:1])) == (None, 1)


def test_wilsons_interval_is_the_published_one() -> None:
    assert wilson_interval(0, 0) is None
    assert wilson_interval(0, 10) == [0, pytest.approx(0.27753, abs=1e-5)]
    assert wilson_interval(5, 10) == pytest.approx([0.23659, 0.76341], abs=1e-5)
    assert wilson_interval(81, 263) == pytest.approx([0.2553, 0.3662], abs=1e-4)  # Newcombe 1998, table I


prices = st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=8).map(np.array)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), actual=prices, train=prices)
def test_every_metric_is_finite_or_none_and_plain_json(data: st.DataObject, actual: Series, train: Series) -> None:
    of_length = st.lists(st.sampled_from([1e-6, 1.0, 1e6, *actual]), min_size=len(actual), max_size=len(actual))
    m = stock_metrics(actual, np.array(data.draw(of_length)), np.array(data.draw(of_length)), train)
    assert json.loads(json.dumps(m, allow_nan=False)) == m
    assert all(type(value) in (float, int, bool, str, list, type(None)) for value in m.values())


def test_what_is_undefined_is_none_and_said() -> None:
    flat = np.full(9, 5.0)
    m = stock_metrics(flat, flat, flat, flat)
    assert [m[key] for key in ("skill", "mase", "theil_u", "r2", "directional_accuracy")] == [None] * 5
    assert m["verdict"] == "No skill to measure: the price did not move on any of these days."
    one = stock_metrics(np.array([2.0]), np.array([1.5]), np.array([1.0]), flat)
    assert one["verdict"] == "No skill to measure: one day is too few to judge by."


def test_no_days_and_diverged_forecasts_are_refused() -> None:
    none, three = np.array([]), np.ones(3)
    with pytest.raises(InputError, match="no days to judge"):
        stock_metrics(none, none, none, three)
    for wild in (np.nan, np.inf, -1e200):
        with pytest.raises(WorkError, match=r"forecast 2 of 3 is .*: training has diverged"):
            stock_metrics(three, np.array([1.0, wild, 1.0]), three, three)


def test_nats_become_bits() -> None:
    assert bits(math.log(96)) == pytest.approx(math.log2(96))
