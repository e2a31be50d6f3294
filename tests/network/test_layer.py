"""The fast layer computes what the plain cell computes, step by step, whatever it was run on before."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_model.network.cells.lstm import buffers as buffers_room
from lstm_model.network.cells.lstm.equations import Cell
from lstm_model.network.cells.lstm.sequence import Layer, sum_rows_by_id

TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}
DTYPES = (np.float64, np.float32)
SIZES = st.fixed_dictionaries({"T": st.integers(1, 7), **{name: st.integers(1, 5) for name in "BDH"}})


class Inputs(NamedTuple):
    """What goes into a forward and a backward pass."""

    x: np.ndarray
    h0: np.ndarray
    c0: np.ndarray
    dh: np.ndarray
    dh_last: np.ndarray
    dc_last: np.ndarray


class Results(NamedTuple):
    """What comes out of them."""

    h: np.ndarray
    h_last: np.ndarray
    c_last: np.ndarray
    weight_ih: np.ndarray
    weight_hh: np.ndarray
    bias: np.ndarray
    dh0: np.ndarray
    dc0: np.ndarray
    dx: np.ndarray | None


def make_parameters(rng, dtype, D, H):
    shapes = (4 * H, D), (4 * H, H), (4 * H,)
    return tuple(rng.uniform(-1, 1, shape).astype(dtype) for shape in shapes)


def make_inputs(rng, dtype, T, B, D, H, ids=False):
    x = rng.integers(0, D, (T, B)) if ids else rng.normal(size=(T, B, D)).astype(dtype)
    shapes = (B, H), (B, H), (T, B, H), (B, H), (B, H)
    return Inputs(x, *(rng.normal(size=shape).astype(dtype) for shape in shapes))


def one_hot(ids, D, dtype):
    return np.eye(D, dtype=dtype)[ids]


def make_layer(parameters):
    # Gradients start as NaN: an entry that is added to, or left out, shows.
    return Layer(parameters, tuple(np.full_like(values, np.nan) for values in parameters))


def run_layer(layer, inputs):
    """One forward and one backward pass, everything copied out of the layer's own arrays."""
    h, h_last, c_last = (values.copy() for values in layer.forward(inputs.x, inputs.h0, inputs.c0))
    found = layer.backward(inputs.dh, inputs.dh_last, inputs.dc_last)
    gradients = (layer.d_weight_ih.copy(), layer.d_weight_hh.copy(), layer.d_bias.copy())
    return Results(h, h_last, c_last, *gradients, found.h0, found.c0, found.x)


def run_cell(parameters, inputs):
    """The same with the plain cell, one step after the other; x must be floats."""
    cell, kept, hs, dxs = Cell(*parameters), [], [], []
    h, c = inputs.h0, inputs.c0
    for x in inputs.x:
        h, c, of_step = cell.step(x, h, c)
        kept.append(of_step)
        hs.append(h)
    sums = [np.zeros_like(values) for values in parameters]
    dh, dc = inputs.dh_last, inputs.dc_last
    for t in reversed(range(len(kept))):
        found = cell.step_back(inputs.dh[t] + dh, dc, kept[t])
        dh, dc = found.h, found.c
        dxs.append(found.x)
        for total, part in zip(sums, (found.weight_ih, found.weight_hh, found.bias), strict=True):
            total += part
    return Results(np.stack(hs), h, c, *sums, dh, dc, np.stack(dxs[::-1]))


def assert_close(found, expected, tolerance):
    """Equal to `tolerance`, measured against the largest entry, or 1 if that is less.

    The inputs are of size 1: where products almost cancel, what is left carries the rounding of numbers of that size.
    """
    for name, ours, theirs in zip(Results._fields, found, expected, strict=True):
        if ours is None or theirs is None:
            assert ours is theirs, name
        else:
            assert ours.dtype == theirs.dtype, name
            size = max(1, np.abs(theirs).max())
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * size, err_msg=name)


def assert_equal(found, expected):
    for name, ours, theirs in zip(Results._fields, found, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs, err_msg=name)


@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(sizes=SIZES, seed=st.integers(0, 99))
def test_layer_equals_cell_for_floats(dtype, sizes, seed):
    rng = np.random.default_rng(seed)
    parameters, inputs = make_parameters(rng, dtype, sizes["D"], sizes["H"]), make_inputs(rng, dtype, **sizes)
    assert_close(run_layer(make_layer(parameters), inputs), run_cell(parameters, inputs), TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(sizes=SIZES, seed=st.integers(0, 99))
def test_layer_equals_cell_for_ids_read_as_one_hot_vectors(dtype, sizes, seed):
    rng = np.random.default_rng(seed)
    parameters, inputs = make_parameters(rng, dtype, sizes["D"], sizes["H"]), make_inputs(rng, dtype, **sizes, ids=True)
    expected = run_cell(parameters, inputs._replace(x=one_hot(inputs.x, sizes["D"], dtype)))
    found = run_layer(make_layer(parameters), inputs)
    assert found.dx is None  # ids have no derivative
    assert_close(found, expected._replace(dx=None), TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "sizes", [(1, 1, 1, 1), (1, 4, 3, 5), (6, 1, 3, 5), (6, 4, 1, 5), (6, 4, 3, 1), (40, 8, 20, 33)]
)
@pytest.mark.parametrize("ids", [False, True], ids=["floats", "ids"])
def test_layer_equals_cell_at_the_edges_and_at_a_working_size(ids, sizes, dtype):
    T, B, D, H = sizes
    rng = np.random.default_rng(1)
    parameters, inputs = make_parameters(rng, dtype, D, H), make_inputs(rng, dtype, T, B, D, H, ids=ids)
    parameters = tuple((values / np.sqrt(H)).astype(dtype) for values in parameters)  # as small as a model has them
    expected = run_cell(parameters, inputs._replace(x=one_hot(inputs.x, D, dtype)) if ids else inputs)
    assert_close(
        run_layer(make_layer(parameters), inputs), expected._replace(dx=None) if ids else expected, TOLERANCE[dtype]
    )


def test_gates_that_are_wide_open_or_shut_agree_too():
    rng = np.random.default_rng(2)
    parameters = tuple(200 * values for values in make_parameters(rng, np.float64, 3, 4))
    inputs = make_inputs(rng, np.float64, 5, 2, 3, 4)
    assert_close(run_layer(make_layer(parameters), inputs), run_cell(parameters, inputs), 1e-11)


def test_no_gradient_from_after_the_last_step_means_zero():
    rng = np.random.default_rng(3)
    parameters, inputs = make_parameters(rng, np.float64, 3, 4), make_inputs(rng, np.float64, 5, 2, 3, 4)
    zeros = inputs._replace(dh_last=np.zeros_like(inputs.h0), dc_last=np.zeros_like(inputs.c0))
    none = inputs._replace(dh_last=None, dc_last=None)
    assert_equal(run_layer(make_layer(parameters), none), run_layer(make_layer(parameters), zeros))


def test_backward_without_a_forward_is_refused():
    rng = np.random.default_rng(4)
    with pytest.raises(RuntimeError, match="forward before"):
        make_layer(make_parameters(rng, np.float64, 3, 4)).backward(np.zeros((1, 1, 4)))


def test_a_second_backward_for_one_forward_is_refused():
    rng = np.random.default_rng(14)
    layer = make_layer(make_parameters(rng, np.float64, 3, 4))
    inputs = make_inputs(rng, np.float64, 5, 2, 3, 4)
    run_layer(layer, inputs)
    with pytest.raises(RuntimeError, match="forward before"):
        layer.backward(inputs.dh)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(n=st.integers(1, 30), D=st.integers(1, 12), H=st.integers(1, 4), seed=st.integers(0, 99))
def test_rows_summed_by_id_equal_the_one_hot_product(n, D, H, seed):
    rng = np.random.default_rng(seed)
    ids, rows = rng.integers(0, D, n), rng.normal(size=(4, n, H))
    expected = one_hot(ids, D, float).T @ rows  # (4, D, H)
    np.testing.assert_allclose(sum_rows_by_id(ids, rows, D), expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("D", [1, 96, 700])
def test_alphabets_of_any_size_equal_the_cell(D):
    rng = np.random.default_rng(6)
    parameters, inputs = make_parameters(rng, np.float64, D, 3), make_inputs(rng, np.float64, 6, 5, D, 3, ids=True)
    expected = run_cell(parameters, inputs._replace(x=one_hot(inputs.x, D, np.float64)))
    assert_close(run_layer(make_layer(parameters), inputs), expected._replace(dx=None), 1e-12)


@pytest.mark.parametrize("unpacked_most", [1, 200, 300, 10**9], ids=["none fits", "narrow", "wide", "all fit"])
def test_products_in_blocks_of_columns_equal_the_cell(unpacked_most, monkeypatch):
    monkeypatch.setattr(buffers_room, "UNPACKED_MOST", unpacked_most)
    monkeypatch.setattr(buffers_room, "BLOCKS", (8, 4))
    rng = np.random.default_rng(16)
    widths = set()
    for T, B, H in ((3, 2, 16), (2, 1, 8), (3, 4, 12), (2, 5, 7)):
        widths.add(buffers_room.block_width(B, H) / H)
        parameters, inputs = make_parameters(rng, np.float64, 3, H), make_inputs(rng, np.float64, T, B, 3, H)
        assert_close(run_layer(make_layer(parameters), inputs), run_cell(parameters, inputs), 1e-12)
    assert (widths == {1.0}) == (unpacked_most in (1, 10**9))


@pytest.mark.parametrize("near", [1, 3 * 4 * 2 * 4 * 8, 10**9], ids=["a step", "three steps", "all steps"])
def test_derivatives_taken_a_few_steps_at_a_time_equal_the_cell(near, monkeypatch):
    monkeypatch.setattr("lstm_model.network.cells.lstm.sequence.NEAR", near)
    rng = np.random.default_rng(17)
    parameters, inputs = make_parameters(rng, np.float64, 3, 4), make_inputs(rng, np.float64, 7, 2, 3, 4)
    assert_close(run_layer(make_layer(parameters), inputs), run_cell(parameters, inputs), 1e-12)


def test_the_gradient_of_the_last_step_alone_equals_one_with_zeros_before_it():
    rng = np.random.default_rng(18)
    parameters, inputs = make_parameters(rng, np.float64, 3, 4), make_inputs(rng, np.float64, 7, 2, 3, 4)
    padded = np.concatenate([np.zeros_like(inputs.dh[:-1]), inputs.dh[-1:]])
    short = run_layer(make_layer(parameters), inputs._replace(dh=inputs.dh[-1:]))
    assert_equal(short, run_layer(make_layer(parameters), inputs._replace(dh=padded)))


@pytest.mark.parametrize("ids", [False, True], ids=["floats", "ids"])
def test_shapes_a_b_a_give_what_fresh_layers_give(ids):
    rng = np.random.default_rng(7)
    parameters = make_parameters(rng, np.float32, 3, 4)
    used = make_layer(parameters)
    for T, B in ((6, 2), (2, 6), (6, 2), (3, 4), (6, 2)):  # (6, 2) and (2, 6) and (3, 4): equal T * B, other shapes
        inputs = make_inputs(rng, np.float32, T, B, 3, 4, ids=ids)
        assert_equal(run_layer(used, inputs), run_layer(make_layer(parameters), inputs))


def test_more_shapes_than_are_kept_are_evicted_without_harm():
    rng = np.random.default_rng(8)
    parameters = make_parameters(rng, np.float32, 3, 4)
    used = make_layer(parameters)
    shapes = [(T, 2) for T in range(1, Layer.SHAPES_KEPT + 3)]
    for T, B in (*shapes, *reversed(shapes), *shapes):
        inputs = make_inputs(rng, np.float32, T, B, 3, 4)
        assert_equal(run_layer(used, inputs), run_layer(make_layer(parameters), inputs))
        assert len(used._buffers) <= Layer.SHAPES_KEPT


def test_the_shape_used_in_every_step_is_never_evicted():
    rng = np.random.default_rng(9)
    layer = make_layer(make_parameters(rng, np.float32, 3, 4))
    often = make_inputs(rng, np.float32, 5, 2, 3, 4)
    layer.forward(often.x, often.h0, often.c0)
    kept = layer._buffers[5, 2]
    for T in range(6, 20):
        other = make_inputs(rng, np.float32, T, 2, 3, 4)
        layer.forward(other.x, other.h0, other.c0)
        layer.forward(often.x, often.h0, often.c0)
        assert layer._buffers[5, 2] is kept


def test_arrays_for_as_many_shapes_as_are_kept_are_made_once():
    rng = np.random.default_rng(13)
    layer = make_layer(make_parameters(rng, np.float32, 3, 4))
    calls = [make_inputs(rng, np.float32, T, 2, 3, 4) for T in range(1, Layer.SHAPES_KEPT + 1)]
    made = []
    for inputs in calls:
        layer.forward(inputs.x, inputs.h0, inputs.c0)
        made.append(layer._last)
    for inputs, buffers in zip(calls, made, strict=True):
        for _ in range(2):
            layer.forward(inputs.x, inputs.h0, inputs.c0)
            assert layer._last is buffers


@pytest.mark.parametrize("ids", [False, True], ids=["floats", "ids"])
def test_neither_inputs_nor_parameters_are_modified(ids):
    rng = np.random.default_rng(10)
    parameters, inputs = make_parameters(rng, np.float32, 3, 4), make_inputs(rng, np.float32, 5, 2, 3, 4, ids=ids)
    for array in (*parameters, *inputs):
        array.flags.writeable = False  # any write raises
    run_layer(make_layer(parameters), inputs)


def test_results_of_backward_survive_the_next_call():
    rng = np.random.default_rng(11)
    layer = make_layer(make_parameters(rng, np.float64, 3, 4))
    first, second = (make_inputs(rng, np.float64, 5, 2, 3, 4) for _ in range(2))
    layer.forward(first.x, first.h0, first.c0)
    found = layer.backward(first.dh)
    before = [values.copy() for values in (found.x, found.h0, found.c0)]
    run_layer(layer, second)
    for values, copy in zip((found.x, found.h0, found.c0), before, strict=True):
        np.testing.assert_array_equal(values, copy)


def test_a_sequence_in_two_halves_with_the_state_carried_equals_the_whole():
    rng = np.random.default_rng(12)
    layer = make_layer(make_parameters(rng, np.float64, 3, 4))
    inputs = make_inputs(rng, np.float64, 8, 2, 3, 4)
    whole = [values.copy() for values in layer.forward(inputs.x, inputs.h0, inputs.c0)]
    h1, h_last, c_last = layer.forward(inputs.x[:4], inputs.h0, inputs.c0)
    first = h1.copy()
    h2, h_last, c_last = layer.forward(inputs.x[4:], h_last, c_last)  # the views themselves, into the same buffers
    for ours, theirs in zip((np.concatenate([first, h2]), h_last, c_last), whole, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.parametrize("wrong", [-1, 3])
def test_an_id_outside_of_the_alphabet_is_refused_and_not_bent_into_it(wrong):
    rng = np.random.default_rng(0)
    layer = make_layer(make_parameters(rng, np.float64, 3, 2))
    inputs = make_inputs(rng, np.float64, 4, 2, 3, 2, ids=True)
    inputs.x[1, 1] = wrong
    with pytest.raises(IndexError, match=r"0 \.\. 2"):
        layer.forward(inputs.x, inputs.h0, inputs.c0)
