"""The fast layer computes what the plain cell computes, step by step, whatever it was run on before."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_model.network.cells import blocks as blocks_room
from lstm_model.network.cells.base import CellKind, SequenceLayer
from lstm_model.network.cells.lstm.buffers import Buffers
from lstm_model.network.cells.lstm.kind import KIND as LSTM_KIND
from lstm_model.network.cells.products import sum_rows_by_id
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.cells.workspace import Workspace

TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}
DTYPES = (np.float64, np.float32)
SIZES = st.fixed_dictionaries({"T": st.integers(1, 7), **{name: st.integers(1, 5) for name in "BDH"}})

every_kind = pytest.mark.parametrize("kind", CELLS.values(), ids=CELLS)
floats_and_ids = pytest.mark.parametrize("ids", [False, True], ids=["floats", "ids"])

Arrays = tuple[np.ndarray, ...]
Results = dict[str, np.ndarray | None]  # by name: what comes out of a forward and a backward pass


class Inputs(NamedTuple):
    """What goes into a forward and a backward pass."""

    x: np.ndarray
    state: Arrays
    dh: np.ndarray
    d_last: Arrays | None


class Made(NamedTuple):
    """A layer, and where it writes its gradients."""

    layer: SequenceLayer
    gradients: Arrays


def make_parameters(rng: np.random.Generator, dtype: Any, D: int, H: int, kind: CellKind = LSTM_KIND) -> Arrays:
    return tuple(rng.uniform(-1, 1, shape).astype(dtype) for shape in kind.shapes(D, H).values())


def make_inputs(
    rng: np.random.Generator, dtype: Any, T: int, B: int, D: int, H: int,
    ids: bool = False, kind: CellKind = LSTM_KIND,
) -> Inputs:  # fmt: skip
    def normal(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(dtype)

    x = rng.integers(0, D, (T, B)) if ids else normal(T, B, D)
    state, d_last = (tuple(normal(B, H) for _ in kind.states) for _ in range(2))
    return Inputs(x, state, normal(T, B, H), d_last)


def one_hot(ids: np.ndarray, D: int, dtype: Any) -> np.ndarray:
    return np.asarray(np.eye(D, dtype=dtype)[ids])


def make_layer(parameters: Arrays, kind: CellKind = LSTM_KIND) -> Made:
    # Gradients start as NaN: an entry that is added to, or left out, shows.
    gradients = tuple(np.full_like(values, np.nan) for values in parameters)
    return Made(kind.layer(parameters, gradients), gradients)


def named(
    kind: CellKind, h: np.ndarray, last: Arrays, gradients: Arrays, d_state: Arrays, dx: np.ndarray | None
) -> Results:
    results = {"h": h} | {f"{name}_last": part for name, part in zip(kind.states, last, strict=True)}
    results |= dict(zip(kind.parameters, gradients, strict=True))
    return results | {f"d{name}0": part for name, part in zip(kind.states, d_state, strict=True)} | {"dx": dx}


def run_layer(made: Made, inputs: Inputs, kind: CellKind = LSTM_KIND) -> Results:
    """One forward and one backward pass, everything copied out of the layer's own arrays."""
    h, last = made.layer.forward(inputs.x, inputs.state)
    h, last = h.copy(), tuple(part.copy() for part in last)
    below = made.layer.backward(inputs.dh, inputs.d_last)
    return named(kind, h, last, tuple(values.copy() for values in made.gradients), below.state, below.x)


def run_cell(parameters: Arrays, inputs: Inputs, kind: CellKind = LSTM_KIND) -> Results:
    """The same with the plain cell, one step after the other; x must be floats."""
    cell, state, kept, hs, dxs = kind.cell(*parameters), inputs.state, [], [], []
    for x in inputs.x:
        state, of_step = cell.step(x, state)
        kept.append(of_step)
        hs.append(state[0])
    sums = {name: np.zeros_like(values) for name, values in zip(kind.parameters, parameters, strict=True)}
    assert inputs.d_last is not None
    d_state = inputs.d_last
    for t in reversed(range(len(kept))):
        dh, *others = d_state
        found = cell.step_back((inputs.dh[t] + dh, *others), kept[t])
        d_state = found.state
        dxs.append(found.x)
        for name, total in sums.items():
            total += found.parameters[name]
    return named(kind, np.stack(hs), state, tuple(sums.values()), d_state, np.stack(dxs[::-1]))


def assert_close(found: Results, expected: Results, tolerance: float) -> None:
    """Equal to `tolerance`, measured against the largest entry, or 1 if that is less.

    The inputs are of size 1: where products almost cancel, what is left carries the rounding of numbers of that size.
    """
    assert found.keys() == expected.keys()
    for name, ours in found.items():
        theirs = expected[name]
        if ours is None or theirs is None:
            assert ours is theirs, name
        else:
            assert ours.dtype == theirs.dtype, name
            size = max(1, np.abs(theirs).max())
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * size, err_msg=name)


def assert_equal(found: Results, expected: Results) -> None:
    assert found.keys() == expected.keys()
    for name, ours in found.items():
        np.testing.assert_array_equal(ours, expected[name], err_msg=name)


@every_kind
@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(sizes=SIZES, seed=st.integers(0, 99))
def test_layer_equals_cell_for_floats(kind: CellKind, dtype: Any, sizes: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    parameters = make_parameters(rng, dtype, sizes["D"], sizes["H"], kind)
    inputs = make_inputs(rng, dtype, **sizes, kind=kind)
    expected = run_cell(parameters, inputs, kind)
    assert_close(run_layer(make_layer(parameters, kind), inputs, kind), expected, TOLERANCE[dtype])


@every_kind
@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(sizes=SIZES, seed=st.integers(0, 99))
def test_layer_equals_cell_for_ids_read_as_one_hot_vectors(kind: CellKind, dtype: Any, sizes: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    parameters = make_parameters(rng, dtype, sizes["D"], sizes["H"], kind)
    inputs = make_inputs(rng, dtype, **sizes, ids=True, kind=kind)
    expected = run_cell(parameters, inputs._replace(x=one_hot(inputs.x, sizes["D"], dtype)), kind)
    found = run_layer(make_layer(parameters, kind), inputs, kind)
    assert found["dx"] is None  # ids have no derivative
    assert_close(found, expected | {"dx": None}, TOLERANCE[dtype])


@every_kind
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "sizes", [(1, 1, 1, 1), (1, 4, 3, 5), (6, 1, 3, 5), (6, 4, 1, 5), (6, 4, 3, 1), (40, 8, 20, 33)]
)
@floats_and_ids
def test_layer_equals_cell_at_the_edges_and_at_a_working_size(
    ids: bool, sizes: Any, dtype: Any, kind: CellKind
) -> None:
    T, B, D, H = sizes
    rng = np.random.default_rng(1)
    parameters = make_parameters(rng, dtype, D, H, kind)
    inputs = make_inputs(rng, dtype, T, B, D, H, ids=ids, kind=kind)
    parameters = tuple((values / np.sqrt(H)).astype(dtype) for values in parameters)  # as small as a model has them
    expected = run_cell(parameters, inputs._replace(x=one_hot(inputs.x, D, dtype)) if ids else inputs, kind)
    found = run_layer(make_layer(parameters, kind), inputs, kind)
    assert_close(found, expected | {"dx": None} if ids else expected, TOLERANCE[dtype])


@every_kind
def test_gates_that_are_wide_open_or_shut_agree_too(kind: CellKind) -> None:
    rng = np.random.default_rng(2)
    parameters = tuple(200 * values for values in make_parameters(rng, np.float64, 3, 4, kind))
    inputs = make_inputs(rng, np.float64, 5, 2, 3, 4, kind=kind)
    assert_close(run_layer(make_layer(parameters, kind), inputs, kind), run_cell(parameters, inputs, kind), 1e-11)


@every_kind
def test_no_gradient_from_after_the_last_step_means_zero(kind: CellKind) -> None:
    rng = np.random.default_rng(3)
    parameters = make_parameters(rng, np.float64, 3, 4, kind)
    inputs = make_inputs(rng, np.float64, 5, 2, 3, 4, kind=kind)
    zeros = inputs._replace(d_last=tuple(np.zeros_like(part) for part in inputs.state))
    none = inputs._replace(d_last=None)
    found, expected = (run_layer(make_layer(parameters, kind), given, kind) for given in (none, zeros))
    assert_equal(found, expected)


@every_kind
def test_backward_without_a_forward_is_refused(kind: CellKind) -> None:
    rng = np.random.default_rng(4)
    with pytest.raises(RuntimeError, match="forward before"):
        make_layer(make_parameters(rng, np.float64, 3, 4, kind), kind).layer.backward(np.zeros((1, 1, 4)))


@every_kind
def test_a_second_backward_for_one_forward_is_refused(kind: CellKind) -> None:
    rng = np.random.default_rng(14)
    made = make_layer(make_parameters(rng, np.float64, 3, 4, kind), kind)
    inputs = make_inputs(rng, np.float64, 5, 2, 3, 4, kind=kind)
    run_layer(made, inputs, kind)
    with pytest.raises(RuntimeError, match="forward before"):
        made.layer.backward(inputs.dh)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(n=st.integers(1, 30), D=st.integers(1, 12), H=st.integers(1, 4), seed=st.integers(0, 99))
def test_rows_summed_by_id_equal_the_one_hot_product(n: int, D: int, H: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    ids, rows = rng.integers(0, D, n), rng.normal(size=(4, n, H))
    expected = one_hot(ids, D, float).T @ rows  # (4, D, H)
    np.testing.assert_allclose(sum_rows_by_id(ids, rows, D), expected, rtol=1e-12, atol=1e-13)


@every_kind
@pytest.mark.parametrize("D", [1, 96, 700])
def test_alphabets_of_any_size_equal_the_cell(D: int, kind: CellKind) -> None:
    rng = np.random.default_rng(6)
    parameters = make_parameters(rng, np.float64, D, 3, kind)
    inputs = make_inputs(rng, np.float64, 6, 5, D, 3, ids=True, kind=kind)
    expected = run_cell(parameters, inputs._replace(x=one_hot(inputs.x, D, np.float64)), kind)
    assert_close(run_layer(make_layer(parameters, kind), inputs, kind), expected | {"dx": None}, 1e-12)


@every_kind
@pytest.mark.parametrize("unpacked_most", [1, 200, 300, 10**9], ids=["none fits", "narrow", "wide", "all fit"])
def test_products_in_blocks_of_columns_equal_the_cell(
    unpacked_most: int, kind: CellKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks_room, "UNPACKED_MOST", unpacked_most)
    monkeypatch.setattr(blocks_room, "BLOCKS", (8, 4))
    rng = np.random.default_rng(16)
    widths = set()
    for T, B, H in ((3, 2, 16), (2, 1, 8), (3, 4, 12), (2, 5, 7)):
        widths.add(blocks_room.block_width(B, H) / H)
        parameters = make_parameters(rng, np.float64, 3, H, kind)
        inputs = make_inputs(rng, np.float64, T, B, 3, H, kind=kind)
        expected = run_cell(parameters, inputs, kind)
        assert_close(run_layer(make_layer(parameters, kind), inputs, kind), expected, 1e-12)
    assert (widths == {1.0}) == (unpacked_most in (1, 10**9))


@pytest.mark.parametrize("near", [1, 3 * 4 * 2 * 4 * 8, 10**9], ids=["a step", "three steps", "all steps"])
def test_derivatives_taken_a_few_steps_at_a_time_equal_the_cell(near: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_model.network.cells.lstm.sequence.NEAR", near)
    rng = np.random.default_rng(17)
    parameters, inputs = make_parameters(rng, np.float64, 3, 4), make_inputs(rng, np.float64, 7, 2, 3, 4)
    assert_close(run_layer(make_layer(parameters), inputs), run_cell(parameters, inputs), 1e-12)


@every_kind
def test_the_gradient_of_the_last_step_alone_equals_one_with_zeros_before_it(kind: CellKind) -> None:
    rng = np.random.default_rng(18)
    parameters = make_parameters(rng, np.float64, 3, 4, kind)
    inputs = make_inputs(rng, np.float64, 7, 2, 3, 4, kind=kind)
    padded = np.concatenate([np.zeros_like(inputs.dh[:-1]), inputs.dh[-1:]])
    short = run_layer(make_layer(parameters, kind), inputs._replace(dh=inputs.dh[-1:]), kind)
    assert_equal(short, run_layer(make_layer(parameters, kind), inputs._replace(dh=padded), kind))


@every_kind
@floats_and_ids
def test_shapes_a_b_a_give_what_fresh_layers_give(ids: bool, kind: CellKind) -> None:
    rng = np.random.default_rng(7)
    parameters = make_parameters(rng, np.float32, 3, 4, kind)
    used = make_layer(parameters, kind)
    for T, B in ((6, 2), (2, 6), (6, 2), (3, 4), (6, 2)):  # (6, 2) and (2, 6) and (3, 4): equal T * B, other shapes
        inputs = make_inputs(rng, np.float32, T, B, 3, 4, ids=ids, kind=kind)
        assert_equal(run_layer(used, inputs, kind), run_layer(make_layer(parameters, kind), inputs, kind))


class Makings(list[tuple[int, int]]):
    """The shapes (T, B) that arrays were made for, in order."""


@pytest.fixture
def makings(monkeypatch: pytest.MonkeyPatch) -> Makings:
    """What the layers of this test make arrays for."""
    found, of = Makings(), Buffers.of

    def noted(T: int, B: int, **more: Any) -> Buffers:
        found.append((T, B))
        return of(T, B, **more)

    monkeypatch.setattr(Buffers, "of", noted)
    return found


def test_more_shapes_than_are_kept_are_evicted_without_harm(makings: Makings) -> None:
    rng = np.random.default_rng(8)
    parameters = make_parameters(rng, np.float32, 3, 4)
    used = make_layer(parameters)
    shapes = [(T, 2) for T in range(1, Workspace.SHAPES_KEPT + 3)]
    for T, B in (*shapes, *reversed(shapes), *shapes):
        inputs = make_inputs(rng, np.float32, T, B, 3, 4)
        assert_equal(run_layer(used, inputs), run_layer(make_layer(parameters), inputs))
    of_fresh_layers = 3 * len(shapes)
    assert len(makings) - of_fresh_layers > len(shapes)  # some were made again: no more than SHAPES_KEPT are held


def test_the_shape_used_in_every_step_is_never_evicted(makings: Makings) -> None:
    rng = np.random.default_rng(9)
    layer = make_layer(make_parameters(rng, np.float32, 3, 4)).layer
    often = make_inputs(rng, np.float32, 5, 2, 3, 4)
    layer.forward(often.x, often.state)
    for T in range(6, 20):
        other = make_inputs(rng, np.float32, T, 2, 3, 4)
        layer.forward(other.x, other.state)
        layer.forward(often.x, often.state)
    assert makings.count((5, 2)) == 1


def test_arrays_for_as_many_shapes_as_are_kept_are_made_once(makings: Makings) -> None:
    rng = np.random.default_rng(13)
    layer = make_layer(make_parameters(rng, np.float32, 3, 4)).layer
    calls = [make_inputs(rng, np.float32, T, 2, 3, 4) for T in range(1, Workspace.SHAPES_KEPT + 1)]
    for inputs in (*calls, *calls, *calls):
        layer.forward(inputs.x, inputs.state)
        layer.forward(inputs.x, inputs.state)
    assert makings == [(T, 2) for T in range(1, Workspace.SHAPES_KEPT + 1)]


@every_kind
@floats_and_ids
def test_neither_inputs_nor_parameters_are_modified(ids: bool, kind: CellKind) -> None:
    rng = np.random.default_rng(10)
    parameters = make_parameters(rng, np.float32, 3, 4, kind)
    inputs = make_inputs(rng, np.float32, 5, 2, 3, 4, ids=ids, kind=kind)
    for array in (*parameters, inputs.x, *inputs.state, inputs.dh, *(inputs.d_last or ())):
        array.flags.writeable = False  # any write raises
    run_layer(make_layer(parameters, kind), inputs, kind)


@every_kind
def test_results_of_backward_survive_the_next_call(kind: CellKind) -> None:
    rng = np.random.default_rng(11)
    made = make_layer(make_parameters(rng, np.float64, 3, 4, kind), kind)
    first, second = (make_inputs(rng, np.float64, 5, 2, 3, 4, kind=kind) for _ in range(2))
    made.layer.forward(first.x, first.state)
    below = made.layer.backward(first.dh)
    assert below.x is not None
    before = [values.copy() for values in (below.x, *below.state)]
    run_layer(made, second, kind)
    for values, copy in zip((below.x, *below.state), before, strict=True):
        np.testing.assert_array_equal(values, copy)


@every_kind
def test_a_sequence_in_two_halves_with_the_state_carried_equals_the_whole(kind: CellKind) -> None:
    rng = np.random.default_rng(12)
    layer = make_layer(make_parameters(rng, np.float64, 3, 4, kind), kind).layer
    inputs = make_inputs(rng, np.float64, 8, 2, 3, 4, kind=kind)
    h, last = layer.forward(inputs.x, inputs.state)
    whole = [values.copy() for values in (h, *last)]
    h1, last = layer.forward(inputs.x[:4], inputs.state)
    first = h1.copy()
    h2, last = layer.forward(inputs.x[4:], last)  # the views themselves, into the same buffers
    for ours, theirs in zip((np.concatenate([first, h2]), *last), whole, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@every_kind
@pytest.mark.parametrize("wrong", [-1, 3])
def test_an_id_outside_of_the_alphabet_is_refused_and_not_bent_into_it(wrong: int, kind: CellKind) -> None:
    rng = np.random.default_rng(0)
    layer = make_layer(make_parameters(rng, np.float64, 3, 2, kind), kind).layer
    inputs = make_inputs(rng, np.float64, 4, 2, 3, 2, ids=True, kind=kind)
    inputs.x[1, 1] = wrong
    with pytest.raises(IndexError, match=r"0 \.\. 2"):
        layer.forward(inputs.x, inputs.state)
