"""Intervals hold as often as they say where the noise is what it was, and say how often they held where it is not."""

import math

import numpy as np
import pytest

from lstm_model.tasks.stock.judging.intervals import conformal_radius, coverage, interval_of


def noisy(days: int, seed: int, sd: float = 0.02) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    predicted = np.exp(rng.normal(3, 1, days))
    return predicted * np.exp(rng.normal(0, sd, days)), predicted


def test_on_gaussian_noise_nine_of_ten_days_are_held() -> None:
    held: list[float | None] = []
    tried: list[float | None] = []
    for seed in range(40):
        interval = interval_of(*noisy(400, seed))
        held.append(interval.coverage)
        tried.append(coverage(*noisy(2000, 1000 + seed), interval.radius))
        assert interval.radius == pytest.approx(1.645 * 0.02, rel=0.3)
        assert interval.days == 200
    assert np.mean(np.array(held, float)) == pytest.approx(0.9, abs=0.02)
    assert np.mean(np.array(tried, float)) == pytest.approx(0.9, abs=0.02)


def test_short_parts_are_held_at_least_as_often() -> None:
    # Split conformal: coverage of a new day is at least the level, and exceeds it by 1 / (n + 1) at most.
    held = [coverage(*noisy(1, 5000 + seed), conformal_radius(*noisy(12, seed), 0.8)) for seed in range(3000)]
    assert np.mean([share for share in held if share is not None]) == pytest.approx(11 / 13, abs=0.02)


def test_noise_that_grew_is_told_by_the_coverage() -> None:
    calm, wild = noisy(200, 1), noisy(200, 2, sd=0.06)
    interval = interval_of(np.concatenate([calm[0], wild[0]]), np.concatenate([calm[1], wild[1]]))
    assert interval.coverage is not None
    assert interval.coverage < 0.6


def test_the_radius_is_the_k_th_smallest_distance() -> None:
    predicted = np.full(9, 10.0)
    actual = 10 * np.exp(np.array([1, -2, 3, -4, 5, -6, 7, -8, 9]) / 100)
    assert conformal_radius(actual, predicted, 0.9) == pytest.approx(0.09)  # ceil(10 * 0.9) = 9
    assert conformal_radius(actual, predicted, 0.5) == pytest.approx(0.05)
    assert math.isinf(conformal_radius(actual[:8], predicted[:8], 0.9))  # 9 days at least for nine of ten


def test_the_interval_is_as_wide_as_the_price_is_high() -> None:
    interval = interval_of(*noisy(100, 0))
    low, high = interval.around(100.0)
    assert low is not None
    assert high is not None
    assert low * high == pytest.approx(100.0**2)
    assert interval.around(1.0) == pytest.approx((low / 100, high / 100))


def test_what_cannot_be_known_is_none() -> None:
    few = interval_of(*noisy(5, 0))
    assert (few.around(10.0), few.coverage) == ((None, None), None)
    assert coverage(np.array([]), np.array([]), 0.1) is None
    assert (
        coverage(np.array([1.0, 1.0]), np.array([-1.0, 1.0]), 0.1) == 0.5
    )  # a forecast that is no price holds nothing
    assert interval_of(*noisy(100, 0)).around(-1.0) == (None, None)
