"""Our model computes what PyTorch computes: the file of PyTorch's numbers is made by tools/make_torch_fixture.py.

All comparisons are in float64. The relative error of an array is its largest deviation, measured against its largest
entry; a correct implementation differs by rounding alone, about 1e-15.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open

from lstm_model.arrays import State
from lstm_model.network.model import LSTM
from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import OPTIMIZERS
from lstm_model.settings.words import LossAt, OptimizerName, TaskType
from support.places import FIXTURES

Tensors = dict[str, np.ndarray]
FIXTURE = FIXTURES / "torch_lstm.safetensors"
TOLERANCE = 1e-9
LOSS_AT: dict[str, LossAt] = {"classification": "every", "regression_last": "last", "regression_every": "every"}
LEARNING_RATES = {"adam": 0.01, "adagrad": 0.05, "sgd": 0.1}
RUNS = [(case, "adam") for case in LOSS_AT] + [("classification", "adagrad"), ("classification", "sgd")]

every_case = pytest.mark.parametrize("case", LOSS_AT)
every_run = pytest.mark.parametrize(("case", "optimizer"), RUNS)


@cache
def fixture() -> Tensors:
    with safe_open(FIXTURE, "numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no dictionary)
    for values in tensors.values():
        values.flags.writeable = False
    return tensors


def theirs(case: str, folder: str = "") -> Tensors:
    """PyTorch's tensors of a case, or of one of its folders, by name."""
    start = f"{case}/{folder}/" if folder else f"{case}/"
    return {name.removeprefix(start): values for name, values in fixture().items() if name.startswith(start)}


def our_name(name: str) -> str:
    """weight_ih_l0, bias_l0, head_weight ... for lstm.weight_ih_l0, lstm.bias_ih_l0, head.weight ..."""
    return name.removeprefix("lstm.").replace("bias_ih", "bias").replace("head.", "head_")


def assert_agree(ours: Any, expected: Any, name: str = "") -> None:
    assert ours.shape == expected.shape, name
    error = np.abs(ours - expected).max() / np.abs(expected).max()
    assert error <= TOLERANCE, f"{name} differs by {error:.1e}"


def assert_all_agree(ours: Any, expected: Any) -> None:
    """Each of PyTorch's tensors agrees with ours of the same meaning, and none of ours is left over."""
    trained = {our_name(name): values for name, values in expected.items() if "bias_hh" not in name}
    assert set(trained) == {name for name, _ in ours.items()}
    for name, values in trained.items():
        assert_agree(ours[name], values, name)


def our_model(case: str, dtype: Any = np.float64) -> LSTM:
    """Our model with PyTorch's initial parameters."""
    initial = theirs(case, "initial")
    h0 = theirs(case)["h0"]
    outputs, hidden = initial["head.weight"].shape
    kind: TaskType = "classification" if case == "classification" else "regression"
    inputs = initial["lstm.weight_ih_l0"].shape[1]
    model = LSTM(inputs, hidden, outputs, len(h0), task_type=kind, loss_at=LOSS_AT[case], dtype=dtype)
    for name, values in initial.items():
        if "bias_hh" not in name:
            model.parameters[our_name(name)][...] = values
    return model


def first_batch(case: str) -> tuple[np.ndarray, np.ndarray, State]:
    """PyTorch's inputs, targets and state of the first batch."""
    given = theirs(case)
    return given["x"][0], given["targets"][0], (given["h0"], given["c0"])


def after_first_batch(case: str) -> tuple[LSTM, Any]:
    """Our model after one forward and one backward pass over the first batch, and the input gradients."""
    model = our_model(case)
    x, targets, state = first_batch(case)
    return model, model.backward(model.loss(model.forward(x, state)[0], targets).gradient)


def ten_steps(case: str, optimizer: OptimizerName) -> tuple[LSTM, np.ndarray, np.ndarray]:
    """Train our model as PyTorch trained its own; the model, the losses, and the norms before clipping."""
    model, given = our_model(case), theirs(case)
    step = OPTIMIZERS[optimizer](model.parameters.flat.size, model.dtype)
    state: State = (given["h0"], given["c0"])
    losses, norms = [], []
    for x, targets in zip(given["x"], given["targets"], strict=True):
        loss, state = model.loss_and_gradients(x, targets, state)
        losses.append(loss)
        norms.append(clip(model.gradients.flat, float(given["most_norm"]), "norm").norm)
        step.update(model.parameters.flat, model.gradients.flat, LEARNING_RATES[optimizer])
    return model, np.array(losses), np.array(norms)


def test_the_fixture_is_float64_and_its_second_bias_is_zero_throughout() -> None:
    for name, values in fixture().items():
        assert values.dtype == np.float64 or name.startswith(("classification/x", "classification/targets"))
        assert "bias_hh" not in name or not values.any()


@every_case
def test_outputs_agree(case: str) -> None:
    x, _, state = first_batch(case)
    assert_agree(our_model(case).forward(x, state)[0], theirs(case)["outputs"])


@every_case
def test_last_states_agree(case: str) -> None:
    x, _, state = first_batch(case)
    model = our_model(case)
    _, last = model.forward(x, state)
    for name, part in zip(model.kind.states, last, strict=True):
        assert_agree(part, theirs(case)[f"{name}_last"], name)


@every_case
def test_losses_agree(case: str) -> None:
    x, targets, state = first_batch(case)
    loss, _ = our_model(case).loss_and_gradients(x, targets, state)
    assert loss == pytest.approx(float(theirs(case)["loss"]), rel=TOLERANCE)


@every_case
def test_gradients_of_all_parameters_agree(case: str) -> None:
    model, _ = after_first_batch(case)
    assert_all_agree(model.gradients, theirs(case, "gradient"))


@every_case
def test_gradients_of_the_carried_state_agree(case: str) -> None:
    model, found = after_first_batch(case)
    for name, part in zip(model.kind.states, found.state, strict=True):
        assert_agree(part, theirs(case)[f"gradient_{name}0"], name)


@every_case
def test_gradients_of_the_inputs_agree(case: str) -> None:
    model = our_model(case)
    x, targets, state = first_batch(case)
    if case == "classification":  # PyTorch read one-hot vectors; ids themselves have no gradient
        x = np.eye(model.input_size)[x]
    found = model.backward(model.loss(model.forward(x, state)[0], targets).gradient)
    assert_agree(found.x, theirs(case)["gradient_x"])


@every_case
def test_clipped_gradients_agree_but_for_the_1e_6_that_pytorch_adds_to_the_norm(case: str) -> None:
    model, _ = after_first_batch(case)
    norm = clip(model.gradients.flat, float(theirs(case)["most_norm"]) / 10, "norm").norm
    model.gradients.flat *= norm / (norm + 1e-6)
    assert_all_agree(model.gradients, theirs(case, "clipped"))


@every_run
def test_losses_of_ten_training_steps_agree(case: str, optimizer: OptimizerName) -> None:
    _, losses, _ = ten_steps(case, optimizer)
    np.testing.assert_allclose(losses, theirs(case, optimizer)["losses"], rtol=TOLERANCE)


@every_run
def test_gradient_norms_of_ten_training_steps_agree_and_some_are_clipped(case: str, optimizer: OptimizerName) -> None:
    _, _, norms = ten_steps(case, optimizer)
    np.testing.assert_allclose(norms, theirs(case, optimizer)["norms"], rtol=TOLERANCE)
    assert norms.min() < theirs(case)["most_norm"] < norms.max()


@every_run
def test_parameters_after_ten_training_steps_agree(case: str, optimizer: OptimizerName) -> None:
    model, _, _ = ten_steps(case, optimizer)
    assert_all_agree(model.parameters, theirs(case, f"{optimizer}/final"))


@every_case
def test_float32_agrees_to_its_own_rounding(case: str) -> None:
    x, _, state = first_batch(case)
    x = x if case == "classification" else x.astype(np.float32)
    outputs, _ = our_model(case, np.float32).forward(x, tuple(part.astype(np.float32) for part in state))
    assert outputs.dtype == np.float32
    np.testing.assert_allclose(outputs, theirs(case)["outputs"], atol=1e-6)
