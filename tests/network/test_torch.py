"""Our model computes what PyTorch computes: the files of PyTorch's numbers are made by tools/make_torch_fixture.py.

All comparisons are in float64. The relative error of an array is its largest deviation, measured against its largest
entry; a correct implementation differs by rounding alone, about 1e-15.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open

from lstm_model.arrays import State
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.model import Network
from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import OPTIMIZERS
from lstm_model.settings.words import LossAt, OptimizerName, TaskType
from lstm_model.storage.weights import load_parameters
from support.places import FIXTURES

Tensors = dict[str, np.ndarray]
TOLERANCE = 1e-9
LOSS_AT: dict[str, LossAt] = {"classification": "every", "regression_last": "last", "regression_every": "every"}
LEARNING_RATES = {"adam": 0.01, "adagrad": 0.05, "sgd": 0.1}
CASES = [(cell, case) for cell in CELLS for case in LOSS_AT]
RUNS = [(*case, "adam") for case in CASES]
RUNS += [("lstm", "classification", "adagrad"), ("lstm", "classification", "sgd")]

every_case = pytest.mark.parametrize(("cell", "case"), CASES)
every_run = pytest.mark.parametrize(("cell", "case", "optimizer"), RUNS)


@cache
def fixture(cell: str) -> Tensors:
    with safe_open(FIXTURES / f"torch_{cell}.safetensors", "numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no dictionary)
    for values in tensors.values():
        values.flags.writeable = False
    return tensors


def theirs(cell: str, case: str, folder: str = "") -> Tensors:
    """PyTorch's tensors of a case, or of one of its folders, by name."""
    start = f"{case}/{folder}/" if folder else f"{case}/"
    return {name.removeprefix(start): values for name, values in fixture(cell).items() if name.startswith(start)}


def whole(model: Network, tensors: Tensors) -> Tensors:
    """With zeros for a second bias that PyTorch did not train."""
    rows = len(model.kind.gates) * model.hidden_size
    zeros = {f"{model.kind.name}.bias_hh_l{k}": np.zeros(rows) for k in range(model.num_layers)}
    return zeros | tensors


def assert_agree(ours: Any, expected: Any, name: str = "") -> None:
    assert ours.shape == expected.shape, name
    error = np.abs(ours - expected).max() / np.abs(expected).max()
    assert error <= TOLERANCE, f"{name} differs by {error:.1e}"


def assert_all_agree(model: Network, ours: Any, expected: Tensors) -> None:
    """Ours, parameters or gradients, are those that PyTorch's tensors come to when a checkpoint of them is loaded."""
    other = Network(**model.settings)
    load_parameters(other, whole(model, expected))
    for name, values in other.parameters.items():
        assert_agree(ours[name], values, name)


def our_model(cell: str, case: str, dtype: Any = np.float64) -> Network:
    """Our model with PyTorch's initial parameters, loaded as from a checkpoint."""
    initial = theirs(cell, case, "initial")
    h0 = theirs(cell, case)["h0"]
    outputs, hidden = initial["head.weight"].shape
    kind: TaskType = "classification" if case == "classification" else "regression"
    inputs = initial[f"{cell}.weight_ih_l0"].shape[1]
    options: Any = {"task_type": kind, "loss_at": LOSS_AT[case], "dtype": dtype, "cell": cell}
    model = Network(inputs, hidden, outputs, len(h0), **options)
    load_parameters(model, initial)
    return model


def first_batch(cell: str, case: str) -> tuple[np.ndarray, np.ndarray, State]:
    """PyTorch's inputs, targets and state of the first batch."""
    given = theirs(cell, case)
    return given["x"][0], given["targets"][0], start_of(cell, given)


def start_of(cell: str, given: Tensors) -> State:
    """The state before the first batch."""
    return tuple(given[f"{name}0"] for name in CELLS[cell].states)


def after_first_batch(cell: str, case: str) -> tuple[Network, Any]:
    """Our model after one forward and one backward pass over the first batch, and the input gradients."""
    model = our_model(cell, case)
    x, targets, state = first_batch(cell, case)
    return model, model.backward(model.loss(model.forward(x, state)[0], targets).gradient)


def ten_steps(cell: str, case: str, optimizer: OptimizerName) -> tuple[Network, np.ndarray, np.ndarray]:
    """Train our model as PyTorch trained its own; the model, the losses, and the norms before clipping."""
    model, given = our_model(cell, case), theirs(cell, case)
    step = OPTIMIZERS[optimizer](model.parameters.flat.size, model.dtype)
    state = start_of(cell, given)
    losses, norms = [], []
    for x, targets in zip(given["x"], given["targets"], strict=True):
        loss, state = model.loss_and_gradients(x, targets, state)
        losses.append(loss)
        norms.append(clip(model.gradients.flat, float(given["most_norm"]), "norm").norm)
        step.update(model.parameters.flat, model.gradients.flat, LEARNING_RATES[optimizer])
    return model, np.array(losses), np.array(norms)


@pytest.mark.parametrize("cell", CELLS)
def test_the_fixture_is_float64_and_its_second_bias_is_zero_but_where_it_is_one_of_its_own(cell: str) -> None:
    kind = CELLS[cell]
    for name, values in fixture(cell).items():
        assert values.dtype == np.float64 or name.startswith(("classification/x", "classification/targets"))
        if "bias_hh" in name:
            for gate in kind.gates:
                moved = gate in kind.apart and "/initial/" not in name
                assert kind.rows(values, gate).any() == moved, (name, gate)


@every_case
def test_outputs_agree(cell: str, case: str) -> None:
    x, _, state = first_batch(cell, case)
    assert_agree(our_model(cell, case).forward(x, state)[0], theirs(cell, case)["outputs"])


@every_case
def test_last_states_agree(cell: str, case: str) -> None:
    x, _, state = first_batch(cell, case)
    model = our_model(cell, case)
    _, last = model.forward(x, state)
    for name, part in zip(model.kind.states, last, strict=True):
        assert_agree(part, theirs(cell, case)[f"{name}_last"], name)


@every_case
def test_losses_agree(cell: str, case: str) -> None:
    x, targets, state = first_batch(cell, case)
    loss, _ = our_model(cell, case).loss_and_gradients(x, targets, state)
    assert loss == pytest.approx(float(theirs(cell, case)["loss"]), rel=TOLERANCE)


@every_case
def test_gradients_of_all_parameters_agree(cell: str, case: str) -> None:
    model, _ = after_first_batch(cell, case)
    assert_all_agree(model, model.gradients, theirs(cell, case, "gradient"))


@every_case
def test_gradients_of_the_carried_state_agree(cell: str, case: str) -> None:
    model, found = after_first_batch(cell, case)
    for name, part in zip(model.kind.states, found.state, strict=True):
        assert_agree(part, theirs(cell, case)[f"gradient_{name}0"], name)


@every_case
def test_gradients_of_the_inputs_agree(cell: str, case: str) -> None:
    model = our_model(cell, case)
    x, targets, state = first_batch(cell, case)
    if case == "classification":  # PyTorch read one-hot vectors; ids themselves have no gradient
        x = np.eye(model.input_size)[x]
    found = model.backward(model.loss(model.forward(x, state)[0], targets).gradient)
    assert_agree(found.x, theirs(cell, case)["gradient_x"])


@every_case
def test_clipped_gradients_agree_but_for_the_1e_6_that_pytorch_adds_to_the_norm(cell: str, case: str) -> None:
    model, _ = after_first_batch(cell, case)
    norm = clip(model.gradients.flat, float(theirs(cell, case)["most_norm"]) / 10, "norm").norm
    model.gradients.flat *= norm / (norm + 1e-6)
    assert_all_agree(model, model.gradients, theirs(cell, case, "clipped"))


@every_run
def test_losses_of_ten_training_steps_agree(cell: str, case: str, optimizer: OptimizerName) -> None:
    _, losses, _ = ten_steps(cell, case, optimizer)
    np.testing.assert_allclose(losses, theirs(cell, case, optimizer)["losses"], rtol=TOLERANCE)


@every_run
def test_gradient_norms_of_ten_training_steps_agree_and_some_are_clipped(
    cell: str, case: str, optimizer: OptimizerName
) -> None:
    _, _, norms = ten_steps(cell, case, optimizer)
    np.testing.assert_allclose(norms, theirs(cell, case, optimizer)["norms"], rtol=TOLERANCE)
    assert norms.min() < theirs(cell, case)["most_norm"] < norms.max()


@every_run
def test_parameters_after_ten_training_steps_agree(cell: str, case: str, optimizer: OptimizerName) -> None:
    model, _, _ = ten_steps(cell, case, optimizer)
    assert_all_agree(model, model.parameters, theirs(cell, case, f"{optimizer}/final"))


@every_case
def test_float32_agrees_to_its_own_rounding(cell: str, case: str) -> None:
    x, _, state = first_batch(cell, case)
    x = x if case == "classification" else x.astype(np.float32)
    outputs, _ = our_model(cell, case, np.float32).forward(x, tuple(part.astype(np.float32) for part in state))
    assert outputs.dtype == np.float32
    np.testing.assert_allclose(outputs, theirs(cell, case)["outputs"], atol=1e-6)
