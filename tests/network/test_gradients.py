"""Every gradient of the network is the derivative of its loss, measured by nudging each number."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_model.arrays import State
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.gradient_check import FLOOR, check_gradients, numerical_gradient, relative_error
from lstm_model.network.model import Network
from lstm_model.settings.words import LossAt

TOLERANCE = 1e-6
KINDS = ("classification", "classification of floats", "regression at last", "regression at every step")

every_cell = pytest.mark.parametrize("cell", CELLS)


def problem(
    kind: str,
    num_layers: int,
    seed: int = 0,
    T: int = 4,
    B: int = 3,
    D: int = 3,
    H: int = 3,
    V: int = 5,
    dropout: float = 0.4,
    cell: str = "lstm",
) -> tuple[Network, np.ndarray, np.ndarray, State]:
    """A float64 model with inputs, targets and a carried state that is not zero."""
    rng = np.random.default_rng(seed)
    ids, floats = rng.integers(0, V, (T, B)), rng.normal(size=(T, B, D))
    state = tuple(rng.normal(size=(num_layers, B, H)) for _ in CELLS[cell].states)
    options: dict[str, Any] = {"num_layers": num_layers, "dropout": dropout, "dtype": np.float64}
    options |= {"seed": seed, "cell": cell}
    if kind == "classification":
        return Network(V, H, V, **options), ids, rng.integers(0, V, (T, B)), state
    if kind == "classification of floats":
        return Network(D, H, V, **options), floats, ids, state
    loss_at: LossAt = "last" if kind == "regression at last" else "every"
    model = Network(D, H, 2, task_type="regression", loss_at=loss_at, **options)
    return model, floats, rng.normal(size=(1 if loss_at == "last" else T, B, 2)), state


@pytest.mark.parametrize("dropout_seed", [None, 7], ids=["no dropout", "dropout"])
@pytest.mark.parametrize("num_layers", [1, 2, 3])
@pytest.mark.parametrize("kind", KINDS)
@every_cell
def test_every_gradient_equals_the_measured_one(
    cell: str, kind: str, num_layers: int, dropout_seed: int | None
) -> None:
    model, x, targets, state = problem(kind, num_layers, cell=cell)
    errors = check_gradients(model, x, targets, state, dropout_seed)
    assert max(errors.values()) <= TOLERANCE, errors
    of_state = {f"{name}0" for name in CELLS[cell].states}
    of_x = {"x"} if x.ndim == 3 else set()  # ids have no derivative
    assert set(errors) == {name for name, _ in model.parameters.items()} | of_state | of_x


@every_cell
@settings(max_examples=20, deadline=None, derandomize=True, database=None)
@given(
    kind=st.sampled_from(KINDS),
    sizes=st.fixed_dictionaries({name: st.integers(1, 4) for name in "TBDHV"}),
    num_layers=st.integers(1, 2),
    seed=st.integers(0, 99),
)
def test_gradients_are_right_for_every_shape(
    cell: str, kind: str, sizes: dict[str, int], num_layers: int, seed: int
) -> None:
    model, x, targets, state = problem(kind, num_layers, seed, **sizes, cell=cell)
    errors = check_gradients(model, x, targets, state, dropout_seed=seed)
    assert max(errors.values()) <= TOLERANCE, errors


@pytest.mark.parametrize("kind", KINDS)
@every_cell
def test_gradients_are_right_from_a_state_of_zeros(cell: str, kind: str) -> None:
    model, x, targets, _ = problem(kind, num_layers=2, cell=cell)
    assert max(check_gradients(model, x, targets).values()) <= TOLERANCE


def test_gradients_reach_the_first_step_of_a_longer_sequence() -> None:
    model, x, targets, state = problem("regression at last", num_layers=1, T=12, B=2)
    assert check_gradients(model, x, targets, state)["x"] <= TOLERANCE
    x_gradient = model.backward(model.loss(model.forward(x, state)[0], targets).gradient).x
    assert x_gradient is not None
    assert np.abs(x_gradient[0]).min() > 10 * FLOOR * TOLERANCE  # far above what the check would let pass


@pytest.mark.parametrize("num_layers", [1, 2])
def test_the_check_with_dropout_really_drops(num_layers: int) -> None:
    model, x, targets, state = problem("classification", num_layers)
    check_gradients(model, x, targets, state, dropout_seed=7)
    checked = model.gradients.flat.copy()
    model.loss_and_gradients(x, targets, state, np.random.default_rng(7))
    np.testing.assert_array_equal(model.gradients.flat, checked)
    model.loss_and_gradients(x, targets, state)
    assert np.abs(model.gradients.flat - checked).max() > 1e-3


def test_inputs_and_state_may_be_float32_and_read_only() -> None:
    model, x, targets, state = problem("regression at every step", num_layers=1)
    x, state = x.astype(np.float32), tuple(part.astype(np.float32) for part in state)
    for array in (x, *state):
        array.flags.writeable = False
    assert max(check_gradients(model, x, targets, state).values()) <= TOLERANCE


def test_the_check_finds_one_wrong_number(monkeypatch: pytest.MonkeyPatch) -> None:
    model, x, targets, state = problem("regression at every step", num_layers=2)
    right = model.backward

    def slightly_wrong(d_outputs: np.ndarray, **options: Any) -> Any:
        found = right(d_outputs, **options)
        model.gradients["weight_hh_l1"][0, 0] += 1e-7
        return found

    monkeypatch.setattr(model, "backward", slightly_wrong)
    errors = check_gradients(model, x, targets, state)
    assert [name for name, error in errors.items() if error > TOLERANCE] == ["weight_hh_l1"]


def test_the_check_leaves_parameters_inputs_and_state_as_they_were() -> None:
    model, x, targets, state = problem("regression at last", num_layers=2)
    before = [array.copy() for array in (model.parameters.flat, x, targets, *state)]
    check_gradients(model, x, targets, state, dropout_seed=1)
    for array, copy in zip((model.parameters.flat, x, targets, *state), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_the_check_refuses_float32() -> None:
    model = Network(3, 2, 3)
    with pytest.raises(ValueError, match="float64, not float32"):
        check_gradients(model, np.zeros((2, 1), int), np.zeros((2, 1), int))


def test_the_numerical_gradient_of_a_cubic_is_three_times_its_square() -> None:
    a = np.array([[1.0, -2.0], [0.5, 3.0]])
    before = a.copy()
    np.testing.assert_allclose(numerical_gradient(lambda: float((a**3).sum()), a), 3 * a**2, rtol=1e-8)
    np.testing.assert_array_equal(a, before)


def test_a_function_that_fails_leaves_the_array_as_it_was() -> None:
    a = np.array([1.0])
    with pytest.raises(ZeroDivisionError):
        numerical_gradient(lambda: 1 / 0, a)
    assert a[0] == 1


def test_the_relative_error_is_zero_for_equals_and_one_for_opposites_and_never_hides_a_nan() -> None:
    a = np.array([1.0, 0.0, -3.0])
    assert relative_error(a, a) == 0
    assert relative_error(a, -a) == 1
    assert np.isnan(relative_error(a, np.array([1.0, np.nan, -3.0])))
