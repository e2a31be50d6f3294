"""The test of Clark and West: the published formula, its table, its size, and what it sees that squared errors hide."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_model.tasks.stock.judging.metrics import stock_metrics
from lstm_model.tasks.stock.judging.significance import (
    ALPHA,
    BETTER,
    clark_west,
    diebold_mariano,
    enough,
    greater_p_value,
    p_shown,
    student_t_p_value,
)


def forecasts(seed: int, days: int = 150, share: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Errors of forecasts that hold `share` of each move and noise of a third of it, and those of no change (days,)."""
    rng = np.random.default_rng(seed)
    moves = rng.normal(0, 1, days)
    return share * moves + rng.normal(0, 1 / 3, days) - moves, -moves


def found(errors: np.ndarray, reference: np.ndarray, horizon: int = 1) -> bool:
    p = clark_west(errors, reference, horizon)
    return p is not None and p < BETTER


def better(errors: np.ndarray, reference: np.ndarray) -> bool:
    p = diebold_mariano(errors, reference)
    return p is not None and p < ALPHA and bool(np.square(errors).mean() < np.square(reference).mean())


def test_it_is_the_published_formula() -> None:
    errors, reference = forecasts(1, 40, 0.1)
    f = reference**2 - (errors**2 - (reference - errors) ** 2)  # y0 - y1 is the difference of the errors
    t = f.mean() / (f.std(ddof=1) / math.sqrt(40))
    assert clark_west(errors, reference) == pytest.approx(student_t_p_value(t, 39) / 2)
    assert t > 0
    assert clark_west(1e7 * errors, 1e7 * reference) == pytest.approx(clark_west(errors, reference))


def test_against_no_change_it_is_the_mean_of_actual_times_predicted_moves() -> None:
    rng = np.random.default_rng(2)
    actual, predicted = rng.normal(0, 1, 50), rng.normal(0, 1, 50)
    assert clark_west(predicted - actual, -actual) == pytest.approx(greater_p_value(2 * actual * predicted))


@pytest.mark.parametrize(("t", "freedom", "p"), [  # one-sided critical values as printed in tables of Student's t
    (1.833, 9, 0.05), (2.821, 9, 0.01), (1.729, 19, 0.05), (1.299, 49, 0.10), (1.660, 99, 0.05),
])  # fmt: skip
def test_its_p_value_is_that_of_one_tail(t: float, freedom: int, p: float) -> None:
    n = freedom + 1
    d = np.random.default_rng(3).normal(0, 1, n)
    d = (d - d.mean()) / d.std(ddof=1) + t / math.sqrt(n)  # its t is t
    assert greater_p_value(d) == pytest.approx(p, rel=5e-3)
    assert greater_p_value(-d) == pytest.approx(1 - p, rel=5e-3)


def test_what_never_differs_from_no_change_adds_nothing() -> None:
    moves = np.random.default_rng(4).normal(0, 1, 30)
    assert clark_west(-moves, -moves) == 1
    assert clark_west(np.zeros(30), np.zeros(30)) == 1
    assert clark_west(np.zeros(30), np.ones(30)) == 0  # always wholly right
    assert clark_west(2 * np.ones(30), np.ones(30)) == 1  # always wholly wrong


@pytest.mark.parametrize(("n", "horizon", "there"), [(9, 1, False), (10, 1, True), (11, 3, False), (12, 3, True)])
def test_few_forecasts_give_no_p_value(n: int, horizon: int, there: bool) -> None:
    errors, reference = forecasts(5, n)
    assert enough(n, horizon) == there
    assert (clark_west(errors, reference, horizon) is not None) == there
    assert (diebold_mariano(errors, reference, horizon) is not None) == there


def test_noise_is_said_to_foretell_as_often_as_promised_where_squared_errors_hardly_ever_do() -> None:
    trials = [forecasts(seed) for seed in range(1000)]
    assert 15 <= sum(found(*each) for each in trials) <= 35  # 25, give or take two standard deviations
    assert sum(better(*each) for each in trials) <= 5  # the noise of the forecasts is held against them


def test_it_sees_a_little_that_is_foretold_before_squared_errors_do() -> None:
    trials = [forecasts(seed, share=0.06) for seed in range(200)]
    assert sum(found(*each) for each in trials) > 100 > 20 > sum(better(*each) for each in trials)


def test_overlapping_forecasts_keep_its_size() -> None:
    claims = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        steps = rng.normal(0, 1, 204)
        moves = np.convolve(steps, np.ones(5), "valid")  # of five days each, four of them shared with the next
        said = np.convolve(rng.normal(0, 0.3, 204), np.ones(5), "valid")
        claims += found(said - moves, -moves, 5)
    assert claims <= 20  # 10 expected; the variance of few overlapping forecasts is found too small


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)), min_size=10, max_size=30), st.integers(1, 3))
def test_it_is_a_share_or_none(pairs: list[tuple[float, float]], horizon: int) -> None:
    errors, reference = np.array(pairs).T
    p = clark_west(errors, reference, horizon)
    assert (p is None) == (not enough(len(pairs), horizon) and (reference * (reference - errors)).any()) or p == 1
    assert p is None or 0 <= p <= 1


def test_the_report_says_which_verdict_rests_on_which_test() -> None:
    errors, reference = forecasts(7, 400, 0.1)
    said = stock_metrics(100 - reference + errors, np.full(400, 100.0), np.full(400, 100.0), np.full(9, 100.0))
    assert said["cw_p_value"] == 1
    moves = -reference
    p = clark_west(errors, reference)
    assert p is not None
    said = stock_metrics(100 + moves, 100 + moves + errors, np.full(400, 100.0), np.linspace(90, 110, 9))
    sentence = str(said["tests_verdict"])
    assert "Diebold-Mariano test (two-sided), which judges these forecasts, not whether" in sentence
    assert f"the forecast's moves foretell something ({p_shown(p)})" in sentence
    assert str(said["verdict"]).startswith("No skill")
