"""Curves: bounded, and nothing that matters is lost."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_model.curves.history import Curve, smoothed

VALUES = st.floats(-1e6, 1e6)


def curve_of(values: list[float], capacity: int) -> Curve:
    curve = Curve(capacity)
    for step, value in enumerate(values, 1):
        curve.add(step, value)
    return curve


@given(values=st.lists(VALUES, min_size=1, max_size=300), capacity=st.sampled_from([2, 4, 10, 64]))
def test_a_spike_is_never_lost_and_the_mean_is_exact(values: list[float], capacity: int) -> None:
    curve = curve_of(values, capacity)
    shown = curve.buckets()
    assert len(curve) <= capacity
    assert curve.points == len(values)
    assert shown.high.max() == max(values)
    assert shown.low.min() == min(values)
    for k in range(len(curve)):  # each bucket stands for the next `width` points
        part = values[k * curve.width : (k + 1) * curve.width]
        assert (shown.low[k], shown.high[k]) == (min(part), max(part))
        assert shown.mean[k] == pytest.approx(sum(part) / len(part), rel=1e-9, abs=1e-6)
        assert shown.step[k] == k * curve.width + (len(part) + 1) / 2


@given(
    values=st.lists(VALUES | st.just(math.nan), max_size=200),
    more=st.lists(VALUES, max_size=50),
    capacity=st.sampled_from([4, 64]),
)
def test_a_curve_goes_on_from_its_state_as_if_it_had_not_stopped(
    values: list[float], more: list[float], capacity: int
) -> None:
    curve = curve_of(values, capacity)
    restored = Curve.from_state(curve.state(), capacity)
    for step, value in enumerate(more, len(values) + 1):
        curve.add(step, value)
        restored.add(step, value)
    np.testing.assert_array_equal(restored.state(), curve.state())
    assert restored.points == curve.points


def test_memory_stays_the_same_however_long_the_run() -> None:
    curve = Curve(64)
    sizes = []
    for step in range(10_000):
        curve.add(step, 1.0)
        if step in (100, 1_000, 9_999):
            sizes.append(len(pickle.dumps(curve)))  # all that it holds
    assert max(sizes) - min(sizes) < 20  # a number of steps takes some bytes more
    assert curve.state().size <= curve.state().shape[0] * curve.capacity
    assert 32 <= len(curve) <= 64


def test_a_value_that_is_no_number_is_a_gap_and_not_an_end() -> None:
    values = [1.0] * 8
    values[2] = math.nan
    shown = curve_of(values, 8).buckets()
    assert np.isnan(shown.mean).tolist() == [k == 2 for k in range(8)]
    assert np.isnan(smoothed(shown.mean)).tolist() == [k == 2 for k in range(8)]


def test_buckets_are_copies() -> None:
    curve = curve_of([1.0, 2.0], 4)
    before = [values.copy() for values in curve.buckets()]
    shown = curve.buckets()
    for step in range(3, 40):
        curve.add(step, 9.0)
    for values, old in zip(shown, before, strict=True):
        np.testing.assert_array_equal(values, old)


@pytest.mark.parametrize("shape", [(7,), (6, 3), (7, 65)])
def test_what_is_no_curve_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="is no curve"):
        Curve.from_state(np.zeros(shape), 64)


@pytest.mark.parametrize("capacity", [0, 1, 7])
def test_a_capacity_must_be_even(capacity: int) -> None:
    with pytest.raises(ValueError, match="even"):
        Curve(capacity)


def test_smoothing_follows_a_constant_at_once_and_a_step_slowly() -> None:
    assert smoothed(np.full(5, 3.0)) == pytest.approx(3.0)
    after = smoothed(np.array([0.0] * 50 + [1.0] * 50), 0.9)
    assert after[49] == 0
    assert (np.diff(after[49:]) > 0).all()
    assert 0.9 < after[-1] < 1
