"""A cell is one folder: with a line in the registry a second kind has gradients, checkpoints, shards and samples."""

from typing import Any

import numpy as np
import pytest

from lstm_model.errors import CheckpointError
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.gradient_check import check_gradients
from lstm_model.network.model import Network
from lstm_model.network.sampling import Choice, generate
from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import Adam
from lstm_model.parallel.crew import Crew
from lstm_model.storage.weights import load_parameters, model_tensors
from support import toy_cell

V, H = 5, 4


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the toy cell to the kinds that there are."""
    monkeypatch.setitem(CELLS, toy_cell.KIND.name, toy_cell.KIND)


def network(dtype: type[np.floating] = np.float64, **settings: Any) -> Network:
    return Network(V, H, V, 2, dtype=dtype, seed=3, cell="toy", **settings)


def ids(T: int = 6, B: int = 4) -> np.ndarray:
    return np.random.default_rng(1).integers(0, V, (T + 1, B))


@pytest.mark.parametrize("dropout_seed", [None, 7])
def test_all_its_gradients_equal_the_measured_ones_also_of_its_one_state(dropout_seed: int | None) -> None:
    given = ids()
    state = (np.random.default_rng(2).normal(size=(2, 4, H)),)
    errors = check_gradients(network(dropout=0.4), given[:-1], given[1:], state, dropout_seed)
    assert {name for name in errors if not name.startswith(("weight", "bias", "head"))} == {"h0"}
    assert "bias_hh_l1" in errors
    assert max(errors.values()) <= 1e-6, errors


def test_its_start_values_follow_from_what_it_says() -> None:
    parameters = network().parameters
    assert parameters["weight_ih_l0"].shape == (3 * H, V)
    assert parameters["bias_l1"].tolist() == [0.0] * H + [-1.0] * H + [0.0] * H
    assert parameters["bias_hh_l1"].tolist() == [0.0] * H
    for block in parameters["weight_hh_l0"].reshape(3, H, H):
        np.testing.assert_allclose(block @ block.T, np.eye(H), atol=1e-12)


def test_its_weights_go_to_a_checkpoint_under_pytorchs_names_and_come_back() -> None:
    model, other = network(), network()
    rng = np.random.default_rng(4)
    model.parameters.flat[...] = rng.normal(size=model.parameters.flat.size)
    tensors = model_tensors(model)
    assert [name for name in tensors if name.endswith("l1")] == [
        "toy.weight_ih_l1", "toy.weight_hh_l1", "toy.bias_ih_l1", "toy.bias_hh_l1",
    ]  # fmt: skip
    assert not tensors["toy.bias_hh_l0"][: 2 * H].any()  # r and z see the sum of both biases
    np.testing.assert_array_equal(tensors["toy.bias_hh_l0"][2 * H :], model.parameters["bias_hh_l0"])
    load_parameters(other, tensors)
    np.testing.assert_array_equal(other.parameters.flat, model.parameters.flat)


def test_both_biases_of_a_foreign_model_keep_their_meaning() -> None:
    model = network()
    tensors = {name: tensor.copy() for name, tensor in model_tensors(model).items()}
    tensors["toy.bias_ih_l0"] += 1.0
    tensors["toy.bias_hh_l0"] += 2.0
    load_parameters(model, tensors)
    assert model.parameters["bias_l0"].tolist() == [3.0] * H + [2.0] * H + [1.0] * H
    assert model.parameters["bias_hh_l0"].tolist() == [2.0] * H


def test_weights_of_another_kind_are_refused() -> None:
    with pytest.raises(CheckpointError, match=r"no tensor toy\.weight_ih_l0"):
        load_parameters(network(), model_tensors(Network(V, H, V, 2)))


def test_shards_add_up_to_the_whole_batch() -> None:
    given, state = ids(), (np.random.default_rng(2).normal(size=(2, 4, H)),)
    whole, cut = (Crew(network(), given[:-1], given[1:], shards) for shards in (1, 2))
    cut.close()  # the owner computes all: a helper's process knows no cell of a test
    (loss, last), (loss_of_shards, last_of_shards) = (
        crew.loss_and_gradients(given[:-1], given[1:], state, None) for crew in (whole, cut)
    )
    assert loss_of_shards == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(last_of_shards[0], last[0], rtol=1e-12)
    np.testing.assert_allclose(cut.model.gradients.flat, whole.model.gradients.flat, rtol=1e-11, atol=1e-13)


def test_it_learns_and_one_step_at_a_time_gives_what_a_sequence_gives() -> None:
    model, given = network(np.float32), np.tile(np.arange(V), 5)[:21, None]  # 0 1 2 3 4 0 1 ...
    optimizer = Adam(model.parameters.flat.size)
    for _ in range(150):
        loss, _ = model.loss_and_gradients(given[:-1], given[1:])
        clip(model.gradients.flat, 1.0, "norm")
        optimizer.update(model.parameters.flat, model.gradients.flat, 0.02)
    assert loss < 0.5
    sampled = list(generate(model, given[:6, 0], 9, Choice(temperature=0), np.random.default_rng(0)))
    assert sampled == [1, 2, 3, 4, 0, 1, 2, 3, 4]
