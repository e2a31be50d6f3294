"""A trace shows what the plain cells compute, and its gradients are those of central differences and of PyTorch."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open

from lstm_model.arrays import LayerState
from lstm_model.errors import InputError
from lstm_model.inside.trace import Trace, trace
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.gradient_check import relative_error
from lstm_model.network.model import Network
from lstm_model.storage.weights import load_parameters
from support.places import FIXTURES

V, H, T, L = 7, 5, 9, 2
TOLERANCE = 1e-12

every_cell = pytest.mark.parametrize("cell", CELLS)


def network(cell: str = "lstm", *, regression: bool = False, **settings: Any) -> Network:
    settings = {"task_type": "regression" if regression else "classification", "dtype": np.float64} | settings
    model = Network(3 if regression else V, H, 2 if regression else V, L, seed=2, cell=cell, **settings)
    model.parameters.flat[...] *= 2  # so that gates leave their middle
    return model


def sequence(*, regression: bool = False, steps: int = T) -> np.ndarray:
    rng = np.random.default_rng(1)
    return rng.normal(size=(steps, 3)) if regression else rng.integers(0, V, steps)


def in_loops(
    model: Network, x: np.ndarray, nudge: tuple[int, int, int, int, float] | None = None
) -> tuple[np.ndarray, list[list[LayerState]]]:
    """Outputs (T, O), and the state of each layer after each step; one number of them moved: t, layer, part, unit."""
    vectors = np.eye(V)[x] if x.ndim == 1 else x
    state: list[LayerState] = [tuple(np.zeros((1, H)) for _ in model.kind.states) for _ in range(L)]
    outputs, after = [], []
    for t, row in enumerate(vectors):
        value = row[None]
        for k, cell in enumerate(model.cells):
            state[k], kept = cell.step(value, state[k])
            if nudge is not None and nudge[:2] == (t, k):
                _, _, part, unit, by = nudge
                state[k][part][0, unit] += by
                if part == 1:  # an LSTM's c makes its h
                    state[k] = (kept.o * np.tanh(state[k][1]), state[k][1])
            value = state[k][0]
        after.append([tuple(part.copy() for part in of_layer) for of_layer in state])
        outputs.append(value @ model.parameters["head_weight"].T + model.parameters["head_bias"])
    return np.concatenate(outputs), after


def prediction(model: Network, outputs: np.ndarray, step: int, target: int) -> float:
    of_step = outputs[step]
    if model.task_type == "regression":
        return float(of_step[target])
    return float(of_step[target] - np.log(np.exp(of_step).sum()))


@every_cell
@pytest.mark.parametrize("regression", [False, True])
def test_outputs_states_and_the_last_state_are_those_of_the_cells_in_loops(cell: str, regression: bool) -> None:
    model, x = network(cell, regression=regression), sequence(regression=regression)
    found, (outputs, after) = trace(model, x), in_loops(model, x)
    np.testing.assert_allclose(found.outputs, outputs, rtol=TOLERANCE)
    for k, layer in enumerate(found.layers):
        for part, name in enumerate(model.kind.states):
            expected = np.concatenate([of_step[k][part] for of_step in after])
            np.testing.assert_allclose(layer.states[name], expected, rtol=TOLERANCE)
            np.testing.assert_array_equal(found.last[part][k], layer.states[name][-1:])


@every_cell
def test_outputs_are_those_of_the_network_and_a_second_half_goes_on_from_the_first(cell: str) -> None:
    model, x = network(cell), sequence()
    outputs, last = model.forward(x[:, None])
    whole, first = trace(model, x), trace(model, x[:4])
    second = trace(model, x[4:], first.last)
    np.testing.assert_allclose(whole.outputs, outputs[:, 0], rtol=1e-10)
    np.testing.assert_array_equal(np.concatenate([first.outputs, second.outputs]), whole.outputs)
    for part, expected in zip(second.last, last, strict=True):
        np.testing.assert_allclose(part, expected, rtol=1e-10)


@every_cell
def test_every_gate_of_every_kind_is_there_after_its_nonlinearity(cell: str) -> None:
    model = network(cell)
    for layer in trace(model, sequence()).layers:
        assert tuple(layer.gates) == model.kind.gates
        assert tuple(layer.states) == model.kind.states
        for values in (*layer.gates.values(), layer.followed):
            assert values.shape == (T, H)
            assert np.abs(values).max() <= 1
            assert values.std() > 0


def test_the_values_of_an_lstm_are_those_of_its_equations() -> None:
    layer = trace(network(), sequence()).layers[0]
    i, f, g, o = layer.gates.values()
    c_before = np.concatenate([np.zeros((1, H)), layer.states["c"][:-1]])
    np.testing.assert_allclose(layer.states["c"], f * c_before + i * g, rtol=TOLERANCE)
    np.testing.assert_allclose(layer.followed, np.tanh(layer.states["c"]), rtol=TOLERANCE)
    np.testing.assert_allclose(layer.states["h"], o * layer.followed, rtol=TOLERANCE)


@every_cell
@pytest.mark.parametrize("regression", [False, True])
def test_gradients_of_states_are_those_of_central_differences(cell: str, regression: bool) -> None:
    model, x, step = network(cell, regression=regression), sequence(regression=regression), T - 2
    found = trace(model, x).back(step, 1)
    eps = 1e-6
    for t in (0, 4, step, T - 1):
        for k in range(L):
            for part, name in enumerate(model.kind.states):
                measured = np.empty(H)
                for unit in range(H):
                    above, below = (
                        prediction(model, in_loops(model, x, (t, k, part, unit, by))[0], step, 1) for by in (eps, -eps)
                    )
                    measured[unit] = (above - below) / (2 * eps)
                assert relative_error(found.states[k][name][t], measured) < 1e-6, (t, k, name)


@every_cell
def test_gradients_of_inputs_are_those_of_the_network_itself(cell: str) -> None:
    model, x, step = network(cell), sequence(), 5
    vectors = np.eye(V)[x][: step + 1, None]
    outputs, _ = model.forward(vectors)
    d_outputs = np.zeros_like(outputs)
    d_outputs[step, 0] = np.eye(V)[3] - np.exp(outputs[step, 0]) / np.exp(outputs[step, 0]).sum()
    expected = model.backward(d_outputs).x
    assert expected is not None
    found = trace(model, x).back(step, 3)
    np.testing.assert_allclose(found.x[: step + 1], expected[:, 0], rtol=1e-9)
    np.testing.assert_allclose(found.reach[: step + 1], np.linalg.norm(expected[:, 0], axis=1), rtol=1e-9)
    assert not found.x[step + 1 :].any()


@every_cell
def test_many_predictions_go_back_at_once_as_each_does_alone(cell: str) -> None:
    found = trace(network(cell), sequence())
    steps, targets = [7, 5, 5, 1], [2, 0, 6, 3]
    alone = [found.back(step, target) for step, target in zip(steps, targets, strict=True)]
    seen = 0
    for at in found.walk_back(steps, targets):
        for e in range(len(at.x)):
            np.testing.assert_allclose(at.x[e], alone[e].x[at.t], rtol=1e-10)
            for k, of_layer in enumerate(at.states):
                for values, expected in zip(of_layer, alone[e].states[k].values(), strict=True):
                    np.testing.assert_allclose(values[e], expected[at.t], rtol=1e-10, atol=1e-15)
            seen += 1
    assert seen == sum(step + 1 for step in steps)


def test_a_trace_stays_as_it_is_while_the_network_trains_on() -> None:
    model, x = network(), sequence()
    found, untouched = trace(model, x), trace(model, x)
    model.parameters.flat[...] += 0.3
    x[...] = 0
    np.testing.assert_array_equal(found.back(8, 2).x, untouched.back(8, 2).x)
    assert found.x.any()


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (np.zeros(0, int), "1 or more steps"),
        (np.array([0, V]), f"ids of 0 to {V - 1}"),
        (np.array([0.5]), f"ids of 0 to {V - 1}"),
        (np.zeros((4, V + 1)), f"reads {V} numbers a step, not {V + 1}"),
    ],
)
def test_what_cannot_be_read_is_one_line(x: np.ndarray, said: str) -> None:
    with pytest.raises(InputError, match=said):
        trace(network(), x)


@pytest.mark.parametrize(("step", "target"), [(T, 0), (-1, 0), (0, V), (0, -1)])
def test_a_prediction_that_there_is_not_is_one_line(step: int, target: int) -> None:
    with pytest.raises(InputError, match="there is no"):
        trace(network(), sequence()).back(step, target)


@cache
def of_pytorch() -> dict[str, np.ndarray]:
    with safe_open(FIXTURES / "torch_trace.safetensors", "numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no dictionary)


@cache
def beside_pytorch(case: str) -> tuple[Trace, dict[str, np.ndarray]]:
    """Our trace with PyTorch's parameters, and PyTorch's numbers."""
    theirs = {name.removeprefix(f"{case}/"): a for name, a in of_pytorch().items() if name.startswith(case)}
    outputs, hidden = theirs["head.weight"].shape
    inputs, layers = theirs["lstm.weight_ih_l0"].shape[1], len(theirs["h"])
    task: Any = case
    model = Network(inputs, hidden, outputs, layers, task_type=task, dtype=np.float64)
    load_parameters(model, theirs)
    return trace(model, theirs["x"]), theirs


@pytest.mark.parametrize("case", ["classification", "regression"])
def test_values_agree_with_pytorch(case: str) -> None:
    ours, theirs = beside_pytorch(case)
    np.testing.assert_allclose(ours.outputs, theirs["outputs"], rtol=1e-10, atol=1e-13)
    for name in ("h", "c"):
        np.testing.assert_allclose([layer.states[name] for layer in ours.layers], theirs[name], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("case", ["classification", "regression"])
def test_gradients_of_every_step_agree_with_pytorchs_autograd(case: str) -> None:
    ours, theirs = beside_pytorch(case)
    found = ours.back(int(theirs["step"]), int(theirs["target"]))
    np.testing.assert_allclose(found.x, theirs["gradient_x"], rtol=1e-9, atol=1e-14)
    for name in ("h", "c"):
        np.testing.assert_allclose(
            [of_layer[name] for of_layer in found.states], theirs[f"gradient_{name}"], rtol=1e-9, atol=1e-14
        )
