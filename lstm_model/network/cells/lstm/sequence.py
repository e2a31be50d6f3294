"""One LSTM layer over a whole sequence, forward and back: `equations.py`, arranged so that NumPy is fast.

What differs from the plain form, and why (docs/performance.md derives each step and says what it gains):

- Gates lie as (4, T, B, H) instead of (T, B, 4H): each gate of each step is one contiguous block, which NumPy walks at
  full speed.
- The product with the recurrent weights is made in blocks of columns, small enough for BLAS to skip its copying.
- sigmoid(z) = (tanh(z / 2) + 1) / 2, with the halving folded into a copy of the weights: one call of tanh serves all
  four gates.
- Everything that does not depend on the step before is done for many T at once: the input's part of z, the derivatives
  of the gates, the gradients of the weights.
- A sequence of ids gathers columns of weight_ih; nobody multiplies by a matrix of zeros and ones.
- All arrays of the time loop, and the views of each step, are made once for a shape (T, B) and used again.
"""

import numpy as np

from lstm_model.arrays import Float, Floats, Ids, Inputs, Integer, LayerState, Shaped
from lstm_model.network.cells.base import InputGradients
from lstm_model.network.cells.lstm.buffers import Buffers, in_blocks

NEAR = 1 << 19  # bytes of gates whose derivatives are taken at a time, so that the loop finds them in the cache


class Layer:
    """An LSTM layer that runs over whole sequences: the equations of `Cell`, without a copy of any weight.

    parameters: weight_ih (4H, D), weight_hh (4H, H), bias (4H,); gradients: arrays of the same shapes, which `backward`
    writes over. All are used, never copied or rebound: an optimizer that updates them in place updates the layer.
    """

    SHAPES_KEPT = 6  # training, a held-out part and its end, prompts; more would only hold memory

    def __init__(self, parameters: tuple[Floats, ...], gradients: tuple[Floats, ...]) -> None:
        self.weight_ih, self.weight_hh, self.bias = parameters
        self.d_weight_ih, self.d_weight_hh, self.d_bias = gradients
        self.H = self.weight_hh.shape[1]
        dtype = self.weight_hh.dtype
        self._gate_scale = np.array([0.5, 0.5, 1, 0.5], dtype)[:, None, None]  # i f g o: tanh(z / 2) for the sigmoids
        self._gate_shift = np.array([0.5, 0.5, 0, 0.5], dtype)[:, None, None]
        self._buffers: dict[tuple[int, int], Buffers] = {}
        self._x: Inputs | None = None
        self._last: Buffers | None = None

    def forward(self, x: Shaped[Inputs, "T B *D"], state: LayerState) -> tuple[Float[Floats, "T B H"], LayerState]:
        """Run over a sequence.

        x: (T, B, D) floats, or (T, B) ids that stand for one-hot vectors of length D; state: (h, c) before the first
        step, (B, H) each. Returns h of every step (T, B, H), and the last (h, c): views, overwritten by the next call.
        IndexError for ids that are not in 0 .. D - 1.
        """
        T, B = x.shape[:2]
        work = self._last = self._buffers_for(T, B)
        self._x = x
        work.h[0], work.c[0] = state
        self._project_input(x, work.gates)
        weight = in_blocks(self._by_gate(self.weight_hh).transpose(0, 2, 1) * self._gate_scale, B)
        product, blocks, scratch = work.product, work.product_blocks, work.scratch
        scale, shift = self._gate_scale, self._gate_shift
        add, multiply, tanh, matmul = np.add, np.multiply, np.tanh, np.matmul
        for h_before, c_before, gates, i, f, g, o, c, tanh_c, h in work.steps:
            matmul(h_before, weight, out=blocks)
            add(gates, product, out=gates)
            tanh(gates, out=gates)
            multiply(gates, scale, out=gates)  # tanh -> sigmoid for i f o; g stays: times 1, plus 0
            add(gates, shift, out=gates)
            multiply(f, c_before, out=c)
            multiply(i, g, out=scratch)
            add(c, scratch, out=c)
            tanh(c, out=tanh_c)
            multiply(o, tanh_c, out=h)
        return work.h[1:], (work.h[T], work.c[T])

    def backward(
        self, dh: Float[Floats, "S B H"], d_last: LayerState | None = None, *, to_x: bool = True
    ) -> InputGradients:
        """Backpropagation through time for the last `forward`: writes the parameters' gradients, returns the others.

        dh: the loss's gradient with respect to h of every step as the layers above see it, S = T, or of S = 1 with
        respect to h of the last step alone; d_last: (dh, dc), (B, H) each, with respect to the state handed on after
        the last step, zero when None; to_x: whether the gradient of x is wanted. Werbos 1990. Once for each `forward`,
        in whose arrays it works: RuntimeError for a second one.
        """
        work, x = self._last, self._x
        if work is None or x is None:
            raise RuntimeError("each backward needs a forward before it")
        self._x = None  # a second backward would find tanh_c overwritten and give wrong gradients
        T, B = x.shape[:2]
        dh_next, dc = (part.copy() for part in d_last or (np.zeros_like(work.scratch),) * 2)
        weight = in_blocks(self._by_gate(self.weight_hh), B)
        product, blocks, scratch = work.product, work.product_blocks, work.scratch
        add, multiply, matmul, add_up = np.add, np.multiply, np.matmul, np.add.reduce
        near = max(1, NEAR // max(1, work.product.nbytes))
        for stop in range(T, 0, -near):
            start = max(0, stop - near)
            self._local_derivatives(work, slice(start, stop))
            for t in range(stop - 1, start - 1, -1):
                through_h, f, dz, dz_ifg, dz_o = work.steps_back[t]
                if t >= T - len(dh):  # dh[-1] is of the last step, whether there are T of them or one
                    add(dh_next, dh[t - T], out=dh_next)
                multiply(dh_next, through_h, out=scratch)
                add(dc, scratch, out=dc)
                multiply(dz_ifg, dc, out=dz_ifg)
                multiply(dz_o, dh_next, out=dz_o)
                multiply(dc, f, out=dc)
                matmul(dz, weight, out=blocks)
                add_up(product, axis=0, out=dh_next)  # over the four gates
        self._weight_gradients(x, work)
        dx = self._input_gradient(x, work.dz) if to_x and x.ndim == 3 else None
        return InputGradients(dx, (dh_next, dc))

    def _buffers_for(self, T: int, B: int) -> Buffers:
        buffers = self._buffers.pop((T, B), None) or Buffers.of(T, B, self.H, self.weight_hh.dtype)
        while len(self._buffers) >= self.SHAPES_KEPT:
            self._buffers.pop(next(iter(self._buffers)))  # the one unused for longest
        self._buffers[T, B] = buffers
        return buffers

    def _by_gate(self, stacked: Floats) -> Floats:
        return stacked.reshape(4, self.H, *stacked.shape[1:])  # (4H, ...) -> (4, H, ...), a view

    def _project_input(self, x: Inputs, z: Floats) -> None:
        """Write the input's part of z, bias included and scaled for tanh, for all T at once into (4, T, B, H)."""
        weight = self._by_gate(self.weight_ih).transpose(0, 2, 1) * self._gate_scale  # (4, D, H)
        bias = self._by_gate(self.bias)[:, None] * self._gate_scale  # (4, 1, H)
        if x.ndim == 2:
            if x.size and not 0 <= x.min() <= x.max() < weight.shape[1]:
                raise IndexError(f"ids must lie in 0 .. {weight.shape[1] - 1}")  # `take` below would bend them
            weight += bias  # each id takes exactly one row, so the bias can travel in it
            for table, out in zip(weight, z, strict=True):
                np.take(table, x, axis=0, out=out, mode="clip")  # "clip" writes into `out` without a copy
        else:
            np.matmul(with_ones(x), np.concatenate([weight, bias], axis=1), out=z.reshape(4, -1, self.H))

    @staticmethod
    def _local_derivatives(work: Buffers, some: slice) -> None:
        """Fill dz with each gate's own part of the chain rule, for some steps at once.

        Afterwards dz_i = dc * dz[0], dz_f = dc * dz[1], dz_g = dc * dz[2], dz_o = dh * dz[3], and tanh_c holds
        d h' / d c' = o (1 - tanh_c^2), the way from dh to dc: the loop only multiplies.
        """
        i, f, g, o = work.gates[:, some]
        dz, through_h = work.dz[:, some], work.tanh_c[some]  # tanh(c') until the last four lines make it d h' / d c'
        for out, gate, other in zip((dz[0], dz[1], dz[3]), (i, f, o), (g, work.c[some], through_h), strict=True):
            np.subtract(1, gate, out=out)
            out *= gate  # s (1 - s)
            out *= other
        np.multiply(g, g, out=dz[2])
        np.subtract(1, dz[2], out=dz[2])
        dz[2] *= i
        through_h *= through_h
        np.subtract(1, through_h, out=through_h)
        through_h *= o

    def _weight_gradients(self, x: Inputs, work: Buffers) -> None:
        dz = work.dz.reshape(4, -1, self.H)  # (4, T B, H)
        h = work.h[:-1].reshape(-1, self.H)  # (T B, H): what each step started from
        np.matmul(dz.transpose(0, 2, 1), h, out=self._by_gate(self.d_weight_hh))
        D = self.weight_ih.shape[1]
        of_input, of_bias = self._by_gate(self.d_weight_ih), self._by_gate(self.d_bias)  # (4, H, D), (4, H)
        if x.ndim == 2:
            of_input[...] = sum_rows_by_id(x.ravel(), dz, D).transpose(0, 2, 1)
            np.add.reduce(of_input, axis=2, out=of_bias)  # each step has one id: summed over ids is summed over steps
        else:
            both = np.matmul(dz.transpose(0, 2, 1), with_ones(x))  # (4, H, D + 1)
            of_input[...], of_bias[...] = both[:, :, :-1], both[:, :, -1]

    def _input_gradient(self, x: Floats, dz: Floats) -> Floats:
        T, B, D = x.shape
        flat, weight = dz.reshape(4, T * B, self.H), self._by_gate(self.weight_ih)
        dx: Floats = flat[0] @ weight[0]  # (T B, D)
        for gate in range(1, 4):
            dx += flat[gate] @ weight[gate]
        return dx.reshape(T, B, D)


def with_ones(x: Float[Floats, "T B D"]) -> Float[Floats, "T*B D+1"]:
    """(T, B, D) -> (T B, D + 1): the features and a 1, which carries the bias through a product and its gradient."""
    T, B, D = x.shape
    wider = np.ones((T * B, D + 1), x.dtype)
    wider[:, :D] = x.reshape(T * B, D)
    return wider


def sum_rows_by_id(ids: Integer[Ids, " n"], rows: Float[Floats, "4 n H"], D: int) -> Float[Floats, "4 {D} H"]:
    """Sum rows (4, n, H) that share an id (n,) into (4, D, H): the product with a one-hot matrix, without its zeros.

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
