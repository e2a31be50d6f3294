"""What a layer computes for all steps of a sequence at once, whatever its cell: everything but the loop over time.

Gates lie one behind the other, G of them: (G, T, B, H), where a cell's own page has them stacked, (T, B, G H). So each
gate of each step is one contiguous block. A sequence of ids stands for one-hot vectors: it gathers columns of
weight_ih, and nobody multiplies by a matrix of zeros and ones.
"""

import numpy as np

from lstm_model.arrays import Float, Floats, Ids, Inputs, Integer, Shaped


def by_gate(stacked: Float[Floats, "GH *D"], H: int) -> Float[Floats, "G H *D"]:
    """Rows that are stacked by gate, with an axis for the gates: a view."""
    return stacked.reshape(-1, H, *stacked.shape[1:])


def project_input(
    x: Shaped[Inputs, "T B *D"],
    weight_ih: Float[Floats, "GH D"],
    bias: Float[Floats, " GH"],
    scale: Float[Floats, "G 1 1"],
    out: Float[Floats, "G T B H"],
) -> None:
    """Write the input's part of each gate, bias included and times `scale`, into `out`.

    IndexError for ids that are not in 0 .. D - 1.
    """
    H = out.shape[-1]
    weight = by_gate(weight_ih, H).transpose(0, 2, 1) * scale  # (G, D, H)
    start = by_gate(bias, H)[:, None] * scale  # (G, 1, H)
    if x.ndim == 2:
        if x.size and not 0 <= x.min() <= x.max() < weight.shape[1]:
            raise IndexError(f"ids must lie in 0 .. {weight.shape[1] - 1}")  # `take` below would bend them
        weight += start  # each id takes exactly one row, so the bias can travel in it
        for table, of_gate in zip(weight, out, strict=True):
            np.take(table, x, axis=0, out=of_gate, mode="clip")  # "clip" writes into `out` without a copy
    else:
        np.matmul(with_ones(x), np.concatenate([weight, start], axis=1), out=out.reshape(len(out), -1, H))


def recurrent_gradients(
    h: Float[Floats, "T B H"], dz: Float[Floats, "G T B H"], d_weight_hh: Float[Floats, "GH H"]
) -> None:
    """Write the gradients of the recurrent weights. h: what each step started from; dz: of what the gates take in."""
    H = h.shape[-1]
    flat = dz.reshape(len(dz), -1, H)  # (G, T B, H)
    np.matmul(flat.transpose(0, 2, 1), h.reshape(-1, H), out=by_gate(d_weight_hh, H))


def input_gradients(
    x: Shaped[Inputs, "T B *D"],
    dz: Float[Floats, "G T B H"],
    d_weight_ih: Float[Floats, "GH D"],
    d_bias: Float[Floats, " GH"],
) -> None:
    """Write the gradients of the input weights and of the bias."""
    H, D = dz.shape[-1], d_weight_ih.shape[1]
    flat = dz.reshape(len(dz), -1, H)  # (G, T B, H)
    of_input, of_bias = by_gate(d_weight_ih, H), by_gate(d_bias, H)  # (G, H, D), (G, H)
    if x.ndim == 2:
        of_input[...] = sum_rows_by_id(x.ravel(), flat, D).transpose(0, 2, 1)
        np.add.reduce(of_input, axis=2, out=of_bias)  # each step has one id: summed over ids is summed over steps
    else:
        both = np.matmul(flat.transpose(0, 2, 1), with_ones(x))  # (G, H, D + 1)
        of_input[...], of_bias[...] = both[:, :, :-1], both[:, :, -1]


def gradient_of_x(dz: Float[Floats, "G T B H"], weight_ih: Float[Floats, "GH D"]) -> Float[Floats, "T B D"]:
    """The gradient of the input: what all gates send back to it."""
    _, T, B, H = dz.shape
    flat, weight = dz.reshape(len(dz), T * B, H), by_gate(weight_ih, H)
    dx: Floats = flat[0] @ weight[0]  # (T B, D)
    for of_gate, its in zip(flat[1:], weight[1:], strict=True):
        dx += of_gate @ its
    return dx.reshape(T, B, -1)


def with_ones(x: Float[Floats, "T B D"]) -> Float[Floats, "T*B D+1"]:
    """(T, B, D) -> (T B, D + 1): the features and a 1, which carries the bias through a product and its gradient."""
    T, B, D = x.shape
    wider = np.ones((T * B, D + 1), x.dtype)
    wider[:, :D] = x.reshape(T * B, D)
    return wider


def sum_rows_by_id(ids: Integer[Ids, " n"], rows: Float[Floats, "G n H"], D: int) -> Float[Floats, "G {D} H"]:
    """Sum rows (G, n, H) that share an id (n,) into (G, D, H): the product with a one-hot matrix, without its zeros.

    The rows are put into the order of their ids, so that those of one id lie together and are summed in one go: three
    times as fast as the product.
    """
    order = np.argsort(ids, kind="stable")
    found, starts = np.unique(ids[order], return_index=True)
    sorted_rows = rows[:, order]
    out = np.zeros((len(rows), D, rows.shape[-1]), rows.dtype)
    for id_, start, stop in zip(found.tolist(), starts.tolist(), [*starts[1:].tolist(), len(ids)], strict=True):
        np.add.reduce(sorted_rows[:, start:stop], axis=1, out=out[:, id_])
    return out
