"""A cell is one folder and a line in the registry: gradients, start values, checkpoints, shards and samples follow."""

from typing import Any, get_args

import numpy as np
import pytest

from lstm_model.errors import CheckpointError, InputError
from lstm_model.network.cells.gru.equations import Cell as GRUCell
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.cells.rnn.equations import Cell as RNNCell
from lstm_model.network.model import Network
from lstm_model.network.sampling import Choice, generate
from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import Adam
from lstm_model.parallel.crew import Crew
from lstm_model.settings.presets import preset_config
from lstm_model.settings.words import DEFAULT_CELL, CellName
from lstm_model.storage.weights import load_parameters, model_tensors
from lstm_model.tasks.registry import open_task

V, H = 5, 4

every_cell = pytest.mark.parametrize("cell", CELLS)


def network(cell: str, dtype: type[np.floating] = np.float64, **settings: Any) -> Network:
    return Network(V, H, V, 2, dtype=dtype, seed=3, cell=cell, **settings)


def ids(T: int = 6, B: int = 4) -> np.ndarray:
    return np.random.default_rng(1).integers(0, V, (T + 1, B))


def test_the_settings_know_the_names_of_all_cells_and_no_other() -> None:
    assert get_args(CellName) == tuple(CELLS)
    with pytest.raises(InputError, match=r"`cell` must be lstm, gru or rnn, not 'elman'"):
        preset_config("text", cell="elman")


@every_cell
@pytest.mark.parametrize("task", ["text", "stock", "copy"])
def test_every_task_builds_its_network_of_the_cell_that_is_set(task: str, cell: str) -> None:
    opened = open_task(preset_config(task, "quick", cell=cell, hidden_size=3))
    assert opened.build_model().kind is CELLS[cell]


def test_where_the_cell_is_not_the_usual_one_the_shape_of_a_run_names_it() -> None:
    shapes = [preset_config("text", cell=cell, hidden_size=8).shape for cell in (DEFAULT_CELL, "gru")]
    assert shapes == ["default 1x8", "default gru 1x8"]


@every_cell
def test_its_start_values_follow_from_what_it_says(cell: str) -> None:
    kind, parameters = CELLS[cell], network(cell).parameters
    assert parameters["weight_ih_l0"].shape == (len(kind.gates) * H, V)
    for gate in kind.gates:
        assert kind.rows(parameters["bias_l1"], gate).tolist() == [kind.start_biases.get(gate, 0.0)] * H
    for block in parameters["weight_hh_l0"].reshape(-1, H, H):
        np.testing.assert_allclose(block @ block.T, np.eye(H), atol=1e-12)


@every_cell
def test_what_a_step_keeps_bears_the_names_of_its_gates(cell: str) -> None:
    model = network(cell)
    state = tuple(np.random.default_rng(2).normal(size=(3, H)) for _ in model.kind.states)
    after, kept = model.cells[0].step(np.eye(V)[[0, 1, 2]], state)
    assert {*model.kind.gates, *model.kind.states, "x"} <= set(kept._fields)
    for name, before in zip(model.kind.states, state, strict=True):
        assert getattr(kept, name) is before
    assert len(after) == len(state)


def test_a_gru_that_keeps_all_is_a_wire_and_one_that_keeps_nothing_is_an_rnn() -> None:
    rng = np.random.default_rng(5)
    weight_ih, weight_hh, bias = rng.normal(size=(H, V)), rng.normal(size=(H, H)), rng.normal(size=H)
    x, h = rng.normal(size=(3, V)), rng.normal(size=(3, H))

    def gru(keeps: float) -> np.ndarray:
        gates = np.concatenate([np.full(H, 100.0), np.full(H, keeps), bias])  # r is 1
        of_x, of_h = (np.concatenate([0 * own, 0 * own, own]) for own in (weight_ih, weight_hh))
        ((h_new,), _) = GRUCell(of_x, of_h, gates, np.zeros(H)).step(x, (h,))
        return h_new

    np.testing.assert_allclose(gru(100.0), h, rtol=1e-12)
    np.testing.assert_allclose(gru(-100.0), RNNCell(weight_ih, weight_hh, bias).step(x, (h,))[0][0], rtol=1e-12)


@every_cell
def test_its_weights_go_to_a_checkpoint_under_pytorchs_names_and_come_back(cell: str) -> None:
    model, other = network(cell), network(cell)
    rng = np.random.default_rng(4)
    model.parameters.flat[...] = rng.normal(size=model.parameters.flat.size)
    tensors = model_tensors(model)
    assert [name for name in tensors if name.endswith("l1")] == [
        f"{cell}.weight_ih_l1", f"{cell}.weight_hh_l1", f"{cell}.bias_ih_l1", f"{cell}.bias_hh_l1",
    ]  # fmt: skip
    for gate in model.kind.gates:
        second = model.kind.rows(tensors[f"{cell}.bias_hh_l0"], gate)
        assert second.any() == (gate in model.kind.apart)  # the others see the sum of both biases
    load_parameters(other, tensors)
    np.testing.assert_array_equal(other.parameters.flat, model.parameters.flat)


def test_both_biases_of_a_foreign_model_keep_their_meaning() -> None:
    model = network("gru")
    tensors = {name: tensor.copy() for name, tensor in model_tensors(model).items()}
    for name, values in (("bias_ih", 1.0), ("bias_hh", 2.0)):
        tensors[f"gru.{name}_l0"][:] = values
    load_parameters(model, tensors)
    assert model.parameters["bias_l0"].tolist() == [3.0] * 2 * H + [1.0] * H
    assert model.parameters["bias_hh_l0"].tolist() == [2.0] * H


def test_weights_of_another_kind_are_refused() -> None:
    with pytest.raises(CheckpointError, match=r"no tensor gru\.weight_ih_l0"):
        load_parameters(network("gru"), model_tensors(network("lstm")))


@every_cell
def test_shards_and_helpers_add_up_to_the_whole_batch(cell: str) -> None:
    given = ids()
    state = tuple(np.random.default_rng(2).normal(size=(2, 4, H)) for _ in CELLS[cell].states)
    whole, cut = (Crew(network(cell), given[:-1], given[1:], shards) for shards in (1, 2))
    assert cut.wait_ready()
    (loss, last), (loss_of_shards, last_of_shards) = (
        crew.loss_and_gradients(given[:-1], given[1:], state, None) for crew in (whole, cut)
    )
    cut.close()
    assert loss_of_shards == pytest.approx(loss, rel=1e-12)
    for part, its in zip(last_of_shards, last, strict=True):
        np.testing.assert_allclose(part, its, rtol=1e-12)
    np.testing.assert_allclose(cut.model.gradients.flat, whole.model.gradients.flat, rtol=1e-11, atol=1e-13)


@every_cell
def test_it_learns_and_one_step_at_a_time_gives_what_a_sequence_gives(cell: str) -> None:
    model, given = network(cell, np.float32), np.tile(np.arange(V), 5)[:21, None]  # 0 1 2 3 4 0 1 ...
    optimizer = Adam(model.parameters.flat.size)
    for _ in range(150):
        loss, _ = model.loss_and_gradients(given[:-1], given[1:])
        clip(model.gradients.flat, 1.0, "norm")
        optimizer.update(model.parameters.flat, model.gradients.flat, 0.02)
    assert loss < 0.5
    sampled = list(generate(model, given[:6, 0], 9, Choice(temperature=0), np.random.default_rng(0)))
    assert sampled == [1, 2, 3, 4, 0, 1, 2, 3, 4]
