"""Following a price is told from foretelling it."""

import numpy as np
import pytest

from lstm_model.tasks.stock.judging.lag import lag_of
from lstm_model.tasks.stock.judging.metrics import stock_metrics
from lstm_model.tasks.stock.judging.significance import Values


def walk(days: int, seed: int) -> Values:
    return 30 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.015, days)))


def autoregressive(days: int, seed: int, slope: float = 0.3) -> tuple[Values, Values]:
    """Closes whose return is `slope` times the last one and noise; and the best forecast there is of each."""
    noise = np.random.default_rng(seed).normal(0, 0.015, days)
    returns = np.zeros(days)
    for t in range(1, days):
        returns[t] = slope * returns[t - 1] + noise[t]
    closes = 30 * np.exp(np.cumsum(returns))
    return closes, closes[1:] * np.exp(slope * returns[1:])  # the second is of the day after each


def test_doing_nothing_follows_by_a_day() -> None:
    closes = walk(300, 0)
    found = lag_of(closes[1:], closes[:-1], closes[:-1])
    assert found == {"lag": 1, "follows": True, "lag_rmse": 0.0, "move_correlation": None}


@pytest.mark.parametrize("days", [2, 3, 5])
def test_an_old_price_follows_by_its_age(days: int) -> None:
    lags = []
    for seed in range(100):
        closes = walk(300, seed)
        found = lag_of(closes[days:], closes[:-days], closes[days - 1 : -1])
        lags.append(found["lag"] if found["lag_rmse"] == 0 else None)
    assert lags.count(days) >= 92  # by chance a walk in 40 turns round day by day, so that an old price foretells


def test_a_moving_average_follows() -> None:
    closes = walk(400, 2)
    mean = np.convolve(closes, np.ones(5) / 5, "valid")[:-1]
    found = lag_of(closes[5:], mean, closes[4:-1])
    assert found["lag"] in (2, 3)  # the middle of five days


def test_a_perfect_forecast_follows_nothing() -> None:
    closes = walk(300, 3)
    found = lag_of(closes[1:], closes[1:], closes[:-1])
    assert (found["lag"], found["follows"]) == (0, False)
    assert found["move_correlation"] == pytest.approx(1)


def test_a_good_forecast_of_a_little_does_not_follow_though_it_is_closer_to_yesterday() -> None:
    closes, forecast = autoregressive(500, 4)
    actual, previous, predicted = closes[2:], closes[1:-1], forecast[:-1]
    found = lag_of(actual, predicted, previous)
    assert np.square(predicted - previous).mean() < np.square(predicted - actual).mean()
    assert (found["lag"], found["follows"]) == (0, False)
    assert "does not merely follow the price: its moves go with" in str(
        stock_metrics(actual, predicted, previous, closes)["lag_verdict"]
    )


def test_small_moves_at_random_follow_but_for_5_per_cent_of_seeds() -> None:
    follow = 0
    for seed in range(200):
        closes = walk(200, seed)
        noise = np.exp(np.random.default_rng(1000 + seed).normal(0, 0.003, 199))
        follow += bool(lag_of(closes[1:], closes[:-1] * noise, closes[:-1])["follows"])
    assert follow >= 190


def test_a_price_that_never_moves_is_not_followed() -> None:
    flat = np.full(40, 5.0)
    said = stock_metrics(flat, flat + 0.03, flat, walk(50, 1))
    assert (said["lag"], said["follows"]) == (None, None)
    assert said["lag_verdict"] == "There was nothing to follow: the price did not move on any day."


@pytest.mark.parametrize(("forecasts", "horizon"), [(1, 1), (9, 1), (9, 3), (11, 3), (1, 20)])
def test_nothing_is_said_of_a_lag_from_a_few_forecasts(forecasts: int, horizon: int) -> None:
    closes = walk(forecasts + horizon, 2)
    said = stock_metrics(closes[horizon:], closes[:-horizon] + 0.01, closes[:-horizon], walk(50, 1), horizon)
    assert (said["lag"], said["follows"], said["dm_p_value"], said["cw_p_value"]) == (None,) * 4
    few = "one forecast is" if forecasts == 1 else f"{forecasts} forecasts are"
    assert said["lag_verdict"] == f"Whether the forecast follows the price cannot be told: {few} too few."
    assert "too few to judge by" in str(said["verdict"])
    assert said["tests_verdict"] is None


def test_a_forecast_as_far_from_today_as_from_yesterday_is_said_to_be_so() -> None:
    closes = 100 + np.cumsum(np.random.default_rng(3).normal(0, 1e-4, 60))
    for predicted in (np.full(59, 90.0), closes[:-1] + 50):
        said = stock_metrics(closes[1:], predicted, closes[:-1], walk(50, 1))
        assert (said["lag"], said["follows"]) == (None, None)
        assert "cannot be told: it is about as far from the last known close (RMSE" in str(said["lag_verdict"])


def test_the_two_distances_are_written_so_that_they_differ() -> None:
    closes = 100 + np.cumsum(np.random.default_rng(3).normal(0, 1e-4, 60))
    said = stock_metrics(closes[1:], closes[:-1] + 1e-3, closes[:-1], walk(50, 1))["lag_verdict"]
    assert "closer to yesterday's close (RMSE 0.001000) than to the day's own (RMSE 0.001010)" in str(said)


def test_a_forecast_that_is_nearer_without_foretelling_is_not_said_to_go_with_the_price() -> None:
    closes = walk(60, 4)
    said = stock_metrics(closes[1:], closes[1:] - 3 * (closes[1:] - closes[:-1]).std(), closes[:-1], closes)
    p = said["cw_p_value"]
    assert isinstance(p, float)
    assert ("its moves go with" in str(said["lag_verdict"])) == (p < 0.025)
