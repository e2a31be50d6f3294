"""A season is found where the rows have one, and its forecast is the value of the same season before."""

import numpy as np
import pytest

from lstm_model.tasks.stock.judging.baselines import baselines, simple_forecasts
from lstm_model.tasks.stock.judging.intervals import coverage, interval_of
from lstm_model.tasks.stock.judging.metrics import stock_metrics
from lstm_model.tasks.stock.judging.seasons import season_of


def dates(start: str, rows: int, unit: str) -> np.ndarray:
    first = np.array([start], f"datetime64[{unit}]")
    found: np.ndarray = first + np.arange(rows).astype(f"timedelta64[{unit}]")
    return found.astype("datetime64[s]" if unit in ("h", "m") else "datetime64[D]")


HOURS = dates("2023-01-01T00", 900, "h")


@pytest.mark.parametrize(("found", "season"), [
    (dates("2023-01-01T00", 400, "h"), 24),
    (dates("2023-01-01", 400, "D"), 7),
    (dates("1990-01", 120, "M"), 12),
    (dates("1990-01", 120, "M")[2::3], 4),
    (dates("1960", 60, "Y"), None),
    (dates("2023-01-01T00:00", 400, "m"), None),
    (dates("2023-01-01", 6, "D"), None),
    (np.busday_offset(np.datetime64("2023-01-02"), np.arange(400), roll="forward"), None),  # days without weekends
    (HOURS[(np.arange(900) % 24 >= 9) & (np.arange(900) % 24 < 16)], None),  # hours without nights
])  # fmt: skip
def test_a_season_is_as_many_rows_as_it_takes_to_come_round(found: np.ndarray, season: int | None) -> None:
    assert season_of(found) == season


def test_a_few_missing_days_do_not_hide_the_week() -> None:
    assert season_of(np.delete(dates("2023-01-01", 800, "D"), [200, 500])) == 7


@pytest.mark.parametrize("horizon", [1, 3, 7, 8, 20])
def test_the_seasonal_forecast_is_the_last_known_value_of_that_season(horizon: int) -> None:
    week = np.array([3.0, 5.0, 4.0, 8.0, 9.0, 1.0, 2.0])
    values = np.tile(week, 20)
    table = baselines(values, 70, range(80, 140 - horizon + 1), horizon, season=7)
    assert table["seasonal_7"]["rmse"] == 0
    walk = 50 + np.cumsum(np.random.default_rng(0).normal(0, 1, 100))
    forecast = simple_forecasts(walk, 60, range(70, 80), horizon, season=7)["seasonal_7"]
    for k, day in enumerate(range(70, 80)):
        spoken_of = day + horizon - 1
        same = max(d for d in range(day) if (spoken_of - d) % 7 == 0)
        assert forecast[k] == walk[same]


def test_without_a_season_there_is_no_such_row() -> None:
    assert not any("season" in name for name in baselines(np.arange(1.0, 50.0), 30, range(35, 45)))


def test_values_at_or_below_zero_are_judged_by_their_differences() -> None:
    rng = np.random.default_rng(1)
    values = np.cumsum(rng.normal(0, 1, 300))
    assert values.min() < 0 < values.max()
    days = range(200, 300)
    forecasts = simple_forecasts(values, 180, days)
    known = np.diff(values[:180])
    np.testing.assert_allclose(forecasts["drift"], values[199:-1] + known.mean())
    slope, intercept = np.polyfit(known[:-1], known[1:], 1)
    np.testing.assert_allclose(forecasts["ar1"], values[199:-1] + intercept + slope * np.diff(values)[198:-1])
    table = baselines(values, 180, days)
    assert all(isinstance(row["rmse"], float) and row["mape"] is None for row in table.values())
    m = stock_metrics(values[200:], forecasts["ar1"], values[199:-1], values[:180])
    assert (m["mape"], m["persistence_mape"], m["theil_u"]) == (None, None, None)
    assert m["direction_days"] == 100
    assert isinstance(m["move_correlation"], float)
    assert isinstance(m["dm_p_value"], float)


def test_their_intervals_are_as_wide_everywhere() -> None:
    rng = np.random.default_rng(2)
    predicted = rng.normal(0, 5, 400)
    actual = predicted + rng.normal(0, 0.5, 400)
    interval = interval_of(actual, predicted)
    assert interval.around(-3.0) == pytest.approx((-3 - interval.radius, -3 + interval.radius))
    assert interval.radius == pytest.approx(1.645 * 0.5, rel=0.2)
    assert coverage(actual, predicted, interval.radius, interval.relative) == pytest.approx(0.9, abs=0.04)
