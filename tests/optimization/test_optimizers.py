"""Optimizers against steps worked out in plain Python; clipping; learning-rate schedules."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import OPTIMIZERS, SGD, Adagrad, Adam, Optimizer
from lstm_model.optimization.schedules import SETTLING, rate_factor
from lstm_model.settings.words import ClipMode, OptimizerName, ScheduleName

START = [1.0, -2.0, 0.5]
GRADIENTS = [[0.5, -1.0, 0.0], [0.25, 2.0, 1e-3], [-1.0, 0.5, -3.0]]  # of three steps
RATES = [0.1, 0.2, 0.05]  # the rate may change from step to step

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
vectors = hnp.arrays(np.float64, st.integers(1, 8), elements=st.floats(-1e6, 1e6))
bounds = st.floats(1e-3, 1e3)


def three_steps(optimizer: Optimizer) -> np.ndarray:
    """Where our optimizer goes."""
    parameters = np.array(START)
    for gradient, rate in zip(GRADIENTS, RATES, strict=True):
        optimizer.update(parameters, np.array(gradient), rate)
    return parameters


def test_three_steps_of_sgd_with_momentum() -> None:
    expected = []
    for p, gradients in zip(START, zip(*GRADIENTS, strict=True), strict=True):
        v = 0.0
        for g, rate in zip(gradients, RATES, strict=True):
            v = 0.9 * v + g
            p -= rate * v
        expected.append(p)
    np.testing.assert_allclose(three_steps(SGD(3, np.float64)), expected, rtol=1e-14)


def test_three_steps_of_adagrad() -> None:
    expected = []
    for p, gradients in zip(START, zip(*GRADIENTS, strict=True), strict=True):
        s = 0.0
        for g, rate in zip(gradients, RATES, strict=True):
            s += g * g
            p -= rate * g / (math.sqrt(s) + 1e-8)
        expected.append(p)
    np.testing.assert_allclose(three_steps(Adagrad(3, np.float64)), expected, rtol=1e-14)


@pytest.mark.parametrize("betas", [(0.9, 0.99), (0.8, 0.999)])
def test_three_steps_of_adam(betas: tuple[float, float]) -> None:
    b1, b2 = betas
    expected = []
    for p, gradients in zip(START, zip(*GRADIENTS, strict=True), strict=True):
        m = v = 0.0
        for t, (g, rate) in enumerate(zip(gradients, RATES, strict=True), start=1):
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g * g
            p -= rate * (m / (1 - b1**t)) / (math.sqrt(v / (1 - b2**t)) + 1e-8)
        expected.append(p)
    np.testing.assert_allclose(three_steps(Adam(3, np.float64, betas)), expected, rtol=1e-13)


def test_adam_has_0_9_and_0_99_unless_told() -> None:
    np.testing.assert_array_equal(three_steps(Adam(3, np.float64)), three_steps(Adam(3, np.float64, (0.9, 0.99))))


@pytest.mark.parametrize("name", ["adam", "adagrad"])
def test_the_first_step_is_the_learning_rate_whatever_the_size_of_the_gradient(name: OptimizerName) -> None:
    parameters = np.zeros(4)
    OPTIMIZERS[name](4, parameters.dtype).update(parameters, np.array([1e-3, 1.0, -1e6, 0.0]), 0.1)
    np.testing.assert_allclose(parameters, [-0.1, -0.1, 0.1, 0], rtol=1e-4)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_finds_the_lowest_point_of_a_bowl(name: OptimizerName) -> None:
    target, parameters = np.array([3.0, -1.0]), np.zeros(2)
    optimizer = OPTIMIZERS[name](2, parameters.dtype)
    for _ in range(1000):
        optimizer.update(parameters, 2 * (parameters - target), 0.5 if name == "adagrad" else 0.05)
    np.testing.assert_allclose(parameters, target, atol=1e-3)
    assert optimizer.steps == 1000


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_are_in_place_keep_float32_and_leave_the_gradient_alone(name: OptimizerName) -> None:
    parameters, gradient = np.array(START, np.float32), np.array(GRADIENTS[0], np.float32)
    gradient.flags.writeable = False
    optimizer = OPTIMIZERS[name](3, parameters.dtype)
    view = parameters[:]
    optimizer.update(parameters, gradient, 0.1)
    assert parameters.dtype == np.float32
    assert view[0] != START[0]
    assert all(values.dtype == np.float32 for values in optimizer.memory.values())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_memory_and_the_count_of_steps_are_all_an_optimizer_carries(name: OptimizerName) -> None:
    gradient = np.array(GRADIENTS[0])
    first, second = OPTIMIZERS[name](3, gradient.dtype), OPTIMIZERS[name](3, gradient.dtype)
    ours = np.array(START)
    first.update(ours, gradient, 0.1)
    theirs = ours.copy()
    for key, values in first.memory.items():
        second.memory[key][...] = values
    second.steps = first.steps
    first.update(ours, gradient, 0.1)
    second.update(theirs, gradient, 0.1)
    np.testing.assert_array_equal(ours, theirs)


def test_the_common_part_is_no_optimizer() -> None:
    with pytest.raises(NotImplementedError):
        Optimizer(3).update(np.zeros(3), np.zeros(3), 0.1)


@quick
@given(gradient=vectors, most=bounds)
def test_a_norm_is_clipped_to_the_bound_and_keeps_its_direction(gradient: np.ndarray, most: float) -> None:
    clipped = gradient.copy()
    norm, cut = clip(clipped, most, "norm")
    assert norm == pytest.approx(np.linalg.norm(gradient), rel=1e-12)
    assert np.linalg.norm(clipped) <= most * (1 + 1e-12)
    assert cut == (norm > most)
    np.testing.assert_allclose(clipped, gradient * min(1, most / norm) if norm else gradient, rtol=1e-12)


@quick
@given(gradient=vectors, most=bounds)
def test_values_are_clipped_each_on_its_own_and_the_norm_is_the_one_before(gradient: np.ndarray, most: float) -> None:
    clipped = gradient.copy()
    norm, cut = clip(clipped, most, "value")
    assert norm == pytest.approx(np.linalg.norm(gradient), rel=1e-12)
    assert cut == (not np.array_equal(clipped, gradient))
    np.testing.assert_array_equal(clipped, [min(max(entry, -most), most) for entry in gradient])


@pytest.mark.parametrize("mode", ["norm", "value"])
def test_a_bound_of_0_clips_nothing_and_still_gives_the_norm(mode: ClipMode) -> None:
    gradient = np.array([3e4, -4e4])
    assert clip(gradient, 0, mode) == (5e4, False)
    np.testing.assert_array_equal(gradient, [3e4, -4e4])


@pytest.mark.parametrize("mode", ["norm", "value"])
@pytest.mark.parametrize(
    ("most", "norm_is_cut", "value_is_cut"), [(0, False, False), (6, False, False), (4.5, True, False), (2, True, True)]
)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_it_is_known_whether_a_gradient_was_clipped(
    most: float, norm_is_cut: bool, value_is_cut: bool, sign: float, mode: ClipMode
) -> None:
    gradient = sign * np.array([3.0, -4.0])
    assert clip(gradient, most, mode).cut == (norm_is_cut if mode == "norm" else value_is_cut)


def test_a_norm_within_the_bound_is_left_exactly_alone() -> None:
    gradient = np.array([0.3, -0.4])
    assert clip(gradient, 0.51, "norm").norm == pytest.approx(0.5)
    np.testing.assert_array_equal(gradient, [0.3, -0.4])


@pytest.mark.parametrize("mode", ["norm", "value"])
def test_entries_of_1e25_in_float32_do_not_overflow(mode: ClipMode) -> None:
    gradient = np.array([3e25, -4e25], np.float32)
    assert clip(gradient, 5.0, mode).norm == pytest.approx(5e25, rel=1e-6)
    np.testing.assert_allclose(gradient, [3, -4] if mode == "norm" else [5, -5], rtol=1e-6)
    assert gradient.dtype == np.float32


def test_the_norm_of_a_gradient_that_is_no_number_is_none_either() -> None:
    assert math.isnan(clip(np.array([1, np.nan], np.float32), 0, "norm").norm)
    assert math.isinf(clip(np.array([1, np.inf], np.float32), 0, "norm").norm)


@pytest.mark.parametrize("schedule", ["constant", "cosine", "sqrt"])
def test_warm_up_rises_linearly_and_never_starts_at_0(schedule: ScheduleName) -> None:
    factors = [rate_factor(schedule, step, 4, 100) for step in range(5)]
    assert factors == [0.25, 0.5, 0.75, 1.0, 1.0]


def test_without_warm_up_the_first_step_has_the_whole_rate() -> None:
    assert rate_factor("cosine", 0, 0, 100) == 1
    assert rate_factor("constant", 0, 0, 100) == 1


def test_constant_stays_at_1() -> None:
    assert {rate_factor("constant", step, 10, 100) for step in (10, 50, 99, 100, 10**9)} == {1.0}


def test_sqrt_stays_for_a_while_and_then_falls_as_one_over_the_root_of_the_step() -> None:
    assert {rate_factor("sqrt", step, 10, 100) for step in (10, 50, SETTLING)} == {1.0}
    assert rate_factor("sqrt", 4 * SETTLING, 10, 100) == 0.5
    assert rate_factor("sqrt", 100 * SETTLING, 10, None) == pytest.approx(0.1)


def test_cosine_is_sqrt_where_no_end_is_known() -> None:
    for step in (4, 10, 50, 10**4, 10**9):
        assert rate_factor("cosine", step, 10, None) == rate_factor("sqrt", step, 10, None)


def test_cosine_is_half_way_down_in_the_middle_and_ends_at_1_percent() -> None:
    assert rate_factor("cosine", 60, 20, 100) == pytest.approx(0.505)
    assert rate_factor("cosine", 100, 20, 100) == pytest.approx(0.01)
    assert rate_factor("cosine", 10**6, 20, 100) == pytest.approx(0.01)  # and stays there


@quick
@given(warmup=st.integers(0, 50), total=st.integers(1, 200))
def test_cosine_only_falls_after_warm_up_and_stays_between_1_percent_and_1(warmup: int, total: int) -> None:
    factors = [rate_factor("cosine", step, warmup, total) for step in range(warmup, max(warmup, total) + 3)]
    assert factors == sorted(factors, reverse=True)
    assert min(factors) >= 0.01 - 1e-12
    assert max(factors) <= 1
