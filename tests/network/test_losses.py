"""The two losses: right values, right gradients, and no overflow."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lstm_model.network.gradient_check import numerical_gradient, relative_error
from lstm_model.network.losses import softmax_cross_entropy, squared_error

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
finite = st.floats(-(2.0**100), 2.0**100, width=32)
logits_of_any_size = hnp.arrays(np.float32, st.tuples(*[st.integers(1, 5)] * 3), elements=finite)


def some_logits(T: int = 4, B: int = 3, V: int = 5, scale: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return scale * rng.normal(size=(T, B, V)), rng.integers(0, V, (T, B))


def test_cross_entropy_is_minus_the_mean_log_probability_of_the_targets() -> None:
    logits, targets = some_logits()
    expected = 0.0
    for step, ids in zip(logits, targets, strict=True):
        for row, target in zip(step, ids, strict=True):
            expected -= math.log(math.exp(row[target]) / sum(math.exp(logit) for logit in row))
    assert softmax_cross_entropy(logits, targets).value == pytest.approx(expected / targets.size, rel=1e-12)


@pytest.mark.parametrize("V", [1, 2, 96, 1000])
def test_uniform_logits_lose_ln_v(V: int) -> None:
    logits = np.full((3, 2, V), 7.0)
    assert softmax_cross_entropy(logits, np.zeros((3, 2), int)).value == pytest.approx(math.log(V), abs=1e-12)


def test_the_mean_is_over_steps_and_sequences_alike() -> None:
    logits, targets = some_logits()
    each = [softmax_cross_entropy(logits[t, b], targets[t, b, ...]).value for t in range(4) for b in range(3)]
    assert softmax_cross_entropy(logits, targets).value == pytest.approx(np.mean(each), rel=1e-12)


@pytest.mark.parametrize("size", [1e3, 1e30])
def test_huge_logits_do_not_overflow(size: float) -> None:
    logits = np.array([[size, -size, 0]], np.float32)
    right, wrong = softmax_cross_entropy(logits, np.array([0])), softmax_cross_entropy(logits, np.array([1]))
    assert right.value == 0
    assert wrong.value == pytest.approx(2 * size)
    np.testing.assert_array_equal(right.gradient, [[0, 0, 0]])
    np.testing.assert_array_equal(wrong.gradient, [[1, -1, 0]])


@quick
@given(logits=logits_of_any_size, seed=st.integers(0, 99))
def test_cross_entropy_is_never_negative_and_its_gradient_sums_to_zero(logits: np.ndarray, seed: int) -> None:
    targets = np.random.default_rng(seed).integers(0, logits.shape[-1], logits.shape[:-1])
    value, gradient = softmax_cross_entropy(logits, targets)
    assert math.isfinite(value)
    assert value >= 0
    assert gradient.shape == logits.shape
    np.testing.assert_allclose(gradient.sum(axis=-1), 0, atol=1e-6)


@quick
@given(shift=st.floats(-100, 100))
def test_a_shift_of_all_logits_changes_nothing(shift: float) -> None:
    logits, targets = some_logits()
    plain, shifted = softmax_cross_entropy(logits, targets), softmax_cross_entropy(logits + shift, targets)
    assert shifted.value == pytest.approx(plain.value, rel=1e-12)
    np.testing.assert_allclose(shifted.gradient, plain.gradient, atol=1e-14)


@pytest.mark.parametrize("scale", [0.1, 2.0, 8.0])
def test_the_cross_entropy_reported_is_the_one_whose_gradient_is_taken(scale: float) -> None:
    logits, targets = some_logits(scale=scale)
    numerical = numerical_gradient(lambda: softmax_cross_entropy(logits, targets).value, logits)
    assert relative_error(numerical, softmax_cross_entropy(logits, targets).gradient) < 1e-6


def test_squared_error_is_the_plain_mean_of_squares_with_no_half() -> None:
    outputs, targets = np.array([[[1.0, 2.0], [3.0, 4.0]]]), np.array([[[0.0, 2.0], [6.0, 2.0]]])
    value, gradient = squared_error(outputs, targets)
    assert value == (1 + 0 + 9 + 4) / 4
    np.testing.assert_array_equal(gradient, [[[0.5, 0], [-1.5, 1]]])  # 2 (output - target) / 4


@pytest.mark.parametrize("shape", [(1, 3, 1), (4, 3, 2)])
def test_the_squared_error_reported_is_the_one_whose_gradient_is_taken(shape: Any) -> None:
    outputs, targets = np.random.default_rng(1).normal(size=(2, *shape))
    numerical = numerical_gradient(lambda: squared_error(outputs, targets).value, outputs)
    assert relative_error(numerical, squared_error(outputs, targets).gradient) < 1e-6


@quick
@given(outputs=hnp.arrays(np.float64, (2, 3, 1), elements=st.floats(-1e6, 1e6)))
def test_no_error_where_the_outputs_are_the_targets(outputs: np.ndarray) -> None:
    value, gradient = squared_error(outputs, outputs.copy())
    assert value == 0
    assert not gradient.any()


def test_outputs_and_targets_of_different_shapes_are_refused_not_broadcast() -> None:
    with pytest.raises(ValueError, match="one shape"):
        squared_error(np.zeros((1, 4, 1)), np.zeros((1, 4)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradients_have_the_dtype_of_the_outputs_and_values_are_plain_floats(dtype: Any) -> None:
    logits, targets = some_logits()
    logits = logits.astype(dtype)
    for value, gradient in (softmax_cross_entropy(logits, targets), squared_error(logits, logits + dtype(1))):
        assert type(value) is float
        assert gradient.dtype == dtype


def test_a_loss_changes_neither_outputs_nor_targets() -> None:
    logits, targets = some_logits()
    logits.flags.writeable = targets.flags.writeable = False  # any write raises
    softmax_cross_entropy(logits, targets)
    squared_error(logits, logits)
