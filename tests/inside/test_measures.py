"""Memory, flow, ablation and health are what direct computation gives, for every kind of cell."""

import math

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.inside.ablation import ablation
from lstm_model.inside.flow import flow
from lstm_model.inside.health import health, histogram, update_ratio
from lstm_model.inside.memory import half_life, memory
from lstm_model.inside.reading import followed
from lstm_model.inside.trace import trace
from lstm_model.network.cells.lstm.equations import Cell
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.model import Network
from lstm_model.tasks.base import finish
from lstm_model.tasks.probes import HeldOut

V, H, T, L = 7, 5, 40, 2

every_cell = pytest.mark.parametrize("cell", CELLS)


def network(cell: str = "lstm", **settings: object) -> Network:
    model = Network(V, H, V, L, seed=2, cell=cell, dtype=np.float64)
    model.parameters.flat[...] *= 2
    return model


def probe(B: int = 3, warm_up: int = 5) -> HeldOut:
    x = np.random.default_rng(1).integers(0, V, (T + 1, B))
    places = np.arange(T)[:, None] + np.arange(B) * T
    return HeldOut(x[:-1], x[1:], "a" * T * B, places, warm_up)


@every_cell
def test_what_units_show_in_many_sequences_is_what_they_show_in_each(cell: str) -> None:
    model, x = network(cell), probe().x
    shown = finish(followed(model, x))
    for b in range(x.shape[1]):
        for k, layer in enumerate(trace(model, x[:, b]).layers):
            np.testing.assert_allclose(shown[k, :, b], layer.followed, rtol=1e-10)


def test_half_of_what_was_there_is_left_after_the_half_life() -> None:
    assert half_life(np.full((9, 1), 0.5))[0] == pytest.approx(1)
    assert half_life(np.full((9, 1), 0.9))[0] == pytest.approx(math.log(0.5) / math.log(0.9))
    mixed = np.array([[0.25], [1.0]] * 8)  # half of it at each step, taken together
    assert half_life(mixed)[0] == pytest.approx(1)
    assert half_life(np.ones((9, 1)))[0] == math.inf


@every_cell
def test_saturation_is_the_share_of_steps_beyond_the_bounds(cell: str) -> None:
    model = network(cell)
    model.parameters.flat[...] *= 3
    found = trace(model, probe().x[:, 0])
    for layer, of_layer in zip(found.layers, memory(found), strict=True):
        for gate, values in layer.gates.items():
            for unit in range(H):
                assert of_layer.low[gate][unit] == np.mean([abs(v) < 0.1 for v in values[:, unit]])
                assert of_layer.high[gate][unit] == np.mean([abs(v) > 0.9 for v in values[:, unit]])
        assert (of_layer.half_life is None) == (not model.kind.keeps)


def test_a_unit_whose_output_gate_is_shut_is_dead_and_one_that_is_always_full_is_saturated() -> None:
    model = network()
    for gate, unit, bias in (("o", 1, -30.0), ("i", 2, 30.0), ("f", 2, 30.0), ("g", 2, 30.0)):
        for name in ("weight_ih_l0", "weight_hh_l0", "bias_l0"):
            model.kind.rows(model.parameters[name], gate)[unit] = bias if name == "bias_l0" else 0
    first = memory(trace(model, probe().x[:, 0]))[0]
    assert first.dead.tolist() == [False, True, False, False, False]
    assert first.saturated[2]
    assert not first.saturated[1]


@every_cell
def test_the_flow_is_the_mean_norm_of_single_gradients_by_distance(cell: str) -> None:
    model, given = network(cell), probe()
    found, targets = trace(model, given.x[:, 0]), given.targets[:, 0].tolist()
    measured = finish(flow(found, targets, reach=10, ends=4))
    steps = sorted({int(t) for t in np.linspace(9, T - 1, 4)})
    assert measured.ends == len(steps)
    assert measured.reach == 10
    backs = [found.back(step, targets[step]) for step in steps]
    for k in range(L):
        for name, norms in measured.states[k].items():
            for distance in range(10):
                sizes = [
                    np.linalg.norm(back.states[k][name][step - distance])
                    for step, back in zip(steps, backs, strict=True)
                ]
                assert norms[distance] == pytest.approx(np.mean(sizes), rel=1e-9)


def test_a_reach_beyond_the_probe_is_one_line() -> None:
    with pytest.raises(InputError, match="over 41 steps: the probe has 40"):
        finish(flow(trace(network(), probe().x[:, 0]), [0] * T, reach=T + 1))


def loss_of(model: Network, given: HeldOut) -> float:
    outputs, _ = model.forward(given.x)
    return model.loss(outputs[given.warm_up :], given.targets[given.warm_up :]).value


@every_cell
def test_without_parts_the_loss_is_that_of_the_altered_equations(cell: str) -> None:
    model, given = network(cell), probe()
    before = model.parameters.flat.copy()
    found = finish(ablation(model, given, [(0, 2), (1, 4)]))
    assert found.whole == pytest.approx(loss_of(model, given), rel=1e-12)
    gates = [gate for gate in model.kind.gates if gate != model.kind.candidate]
    units = ["layer 1, unit 2 = 0", "layer 2, unit 4 = 0"]
    assert [part.what for part in found.without] == [*(f"{gate} = 1" for gate in gates), *model.kind.variants, *units]
    for part in found.without:
        assert part.cost == part.loss - found.whole
        assert part.cost != 0
    np.testing.assert_array_equal(model.parameters.flat, before)
    assert found.ranked[0].cost == max(part.cost for part in found.without)


class Altered(Cell):
    """An LSTM cell with one line changed, in loops."""

    what = ""
    silent: int | None = None

    def step(self, x, state):  # type: ignore[no-untyped-def]
        _, kept = super().step(x, state)
        values = kept._asdict() | ({self.what: np.ones_like(kept.i)} if self.what else {})
        c = values["f"] * state[1] + values["i"] * values["g"]
        h = values["o"] * (c if self.what == "tanh_c" else np.tanh(c))
        if self.silent is not None:
            h[:, self.silent] = 0
        return (h, c), kept


@pytest.mark.parametrize(
    ("what", "said"), [("i", "i = 1"), ("f", "f = 1"), ("o", "o = 1"), ("tanh_c", "no tanh on c"), ("", "unit 3 = 0")]
)
def test_each_part_of_an_lstm_costs_what_a_cell_without_it_costs(what: str, said: str) -> None:
    model, given = Network(V, H, V, seed=2, dtype=np.float64), probe()
    found = {part.what: part.loss for part in finish(ablation(model, given, [(0, 3)])).without}
    cell = Altered(*model.parameters.some("weight_ih_l0", "weight_hh_l0", "bias_l0"))
    cell.what, cell.silent = what, None if what else 3
    model.cells = [cell]
    state, outputs = model.zero_state(3), []
    for ids in given.x:
        of_step, state = model.step(np.eye(V)[ids], state)
        outputs.append(of_step)
    expected = model.loss(np.stack(outputs)[5:], given.targets[5:]).value
    assert found[said] == pytest.approx(expected, rel=1e-9)


def test_a_loss_at_the_last_step_is_measured_there() -> None:
    model = Network(2, H, 1, task_type="regression", seed=2, dtype=np.float64)
    x = np.random.default_rng(1).normal(size=(T, 3, 2))
    places = np.arange(T)[:, None] + np.arange(3) * T
    given = HeldOut(x, x[..., :1], np.zeros(T * 3), places, 5)
    found = finish(ablation(model, given))
    assert found.whole == pytest.approx(model.loss(model.forward(x)[0], x[-1:, :, :1]).value, rel=1e-12)


def test_a_unit_that_there_is_not_is_one_line() -> None:
    with pytest.raises(InputError, match="no unit 5 in layer 2"):
        finish(ablation(network(), probe(), [(1, 5)]))


def test_health_is_the_size_of_an_update_beside_that_of_what_it_moves() -> None:
    model = network()
    model.parameters.flat[...] += 0.1
    model.gradients.flat[...] = np.random.default_rng(0).normal(size=model.gradients.flat.size)
    update = -0.01 * model.gradients.flat
    found = {tensor.name: tensor for tensor in health(model.parameters, model.gradients, update)}
    assert list(found) == [name for name, _ in model.parameters.items()]
    for name, weights in model.parameters.items():
        expected = 0.01 * np.linalg.norm(model.gradients[name]) / np.linalg.norm(weights)
        assert found[name].ratio == pytest.approx(expected, rel=1e-9)
        assert found[name].weights.counts.sum() == found[name].gradients.counts.sum() == weights.size
    assert all(tensor.ratio == 0 for tensor in health(model.parameters, model.gradients))


def test_weights_of_zero_that_move_and_numbers_that_are_none_break_nothing() -> None:
    assert update_ratio(np.ones(2), np.zeros(2)) == math.inf
    assert update_ratio(np.zeros(2), np.zeros(2)) == 0
    assert histogram(np.array([1.0, math.nan, math.inf, 2.0])).counts.sum() == 2
