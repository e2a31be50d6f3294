"""One LSTM layer over a whole sequence, forward and back: `cell.py`, arranged so that NumPy is fast.

What differs from the plain form, and why:

- Gates lie as (4, T, B, H) instead of (T, B, 4H): each gate of each step is one contiguous block, which NumPy walks at
  full speed, and the product with the recurrent weights falls into four smaller ones that BLAS need not copy around.
- sigmoid(z) = (tanh(z / 2) + 1) / 2, with the halving folded into a copy of the weights: one call of tanh serves all
  four gates.
- Everything that does not depend on the step before is done for all T at once: the input's part of z, the derivatives
  of the gates, the gradients of the weights.
- A sequence of ids gathers columns of weight_ih; nobody multiplies by a matrix of zeros and ones.
- All arrays of the time loop are made once for a shape (T, B) and used again.
"""

from dataclasses import dataclass

import numpy as np

from lstm_model.arrays import Floats, Ids, Inputs

# Ids of a large alphabet would make a large matrix of zeros and ones; from this size on their rows are sorted instead.
ONE_HOT_MOST = 512


@dataclass(frozen=True)
class Buffers:
    """The arrays a layer works in for one shape (T, B). `h` and `c` hold the state before step t at index t."""

    gates: Floats  # (4, T, B, H), values of i f g o
    dz: Floats  # (4, T, B, H)
    h: Floats  # (T + 1, B, H)
    c: Floats  # (T + 1, B, H)
    tanh_c: Floats  # (T, B, H)
    product: Floats  # (4, B, H)
    scratch: Floats  # (B, H)

    @classmethod
    def of(cls, T: int, B: int, H: int, dtype: np.dtype[np.floating]) -> "Buffers":
        """Make the arrays for T steps of B sequences with H hidden units."""
        shapes = (4, T, B, H), (4, T, B, H), (T + 1, B, H), (T + 1, B, H), (T, B, H), (4, B, H), (B, H)
        return cls(*(np.empty(shape, dtype) for shape in shapes))


@dataclass(frozen=True)
class LayerGradients:
    """Gradients with respect to what went into a layer's `forward`, beside those of its parameters."""

    x: Floats | None  # (T, B, D); None for ids
    h0: Floats  # (B, H)
    c0: Floats  # (B, H)


class Layer:
    """weight_ih (4H, D), weight_hh (4H, H), bias (4H,) and, in the same shapes, where their gradients are written.

    The arrays are used, never copied or rebound: an optimizer that updates them in place updates the layer.
    """

    SHAPES_KEPT = 6  # training, a held-out part and its end, prompts; more would only hold memory

    def __init__(self, parameters: tuple[Floats, ...], gradients: tuple[Floats, ...]) -> None:
        self.weight_ih, self.weight_hh, self.bias = parameters
        self.d_weight_ih, self.d_weight_hh, self.d_bias = gradients
        self.H = self.weight_hh.shape[1]
        self._gate_scale = np.array([0.5, 0.5, 1, 0.5], self.weight_hh.dtype)  # i f g o: tanh(z / 2) for the sigmoids
        self._buffers: dict[tuple[int, int], Buffers] = {}
        self._x: Inputs | None = None
        self._last: Buffers | None = None

    def forward(self, x: Inputs, h0: Floats, c0: Floats) -> tuple[Floats, Floats, Floats]:
        """Run over a sequence.

        x: (T, B, D) floats, or (T, B) ids that stand for one-hot vectors of length D; h0, c0: (B, H).
        Returns h of every step (T, B, H), and the last h and c (B, H): views, overwritten by the next call. IndexError
        for ids that are not in 0 .. D - 1.
        """
        T, B = x.shape[:2]
        work = self._last = self._buffers_for(T, B)
        self._x = x
        work.h[0], work.c[0] = h0, c0
        self._project_input(x, work.gates)
        weight = (self._by_gate(self.weight_hh) * self._gate_scale[:, None, None]).transpose(0, 2, 1)
        weight = np.ascontiguousarray(weight)  # (4, H, H): a transposed right operand would cost up to a third more
        for t in range(T):
            gates, c = work.gates[:, t], work.c[t + 1]  # (4, B, H), (B, H)
            np.matmul(work.h[t], weight, out=work.product)
            gates += work.product
            np.tanh(gates, out=gates)
            i, f, g, o = gates
            for sigmoids in (gates[:2], o):
                sigmoids *= 0.5
                sigmoids += 0.5
            np.multiply(f, work.c[t], out=c)
            np.multiply(i, g, out=work.scratch)
            c += work.scratch
            np.tanh(c, out=work.tanh_c[t])
            np.multiply(o, work.tanh_c[t], out=work.h[t + 1])
        return work.h[1:], work.h[T], work.c[T]

    def backward(self, dh: Floats, dh_last: Floats | None = None, dc_last: Floats | None = None) -> LayerGradients:
        """Backpropagation through time for the last `forward`: writes the parameters' gradients, returns the others.

        dh: (T, B, H), the loss's gradient with respect to h of every step as the layers above see it; dh_last, dc_last:
        (B, H), with respect to the state handed on after the last step, zero when None. Werbos 1990. Once for each
        `forward`: it works in the arrays that one left.
        """
        work, x = self._last, self._x
        if work is None or x is None:
            raise RuntimeError("backward needs a forward before it")
        self._x = None  # a second backward would find tanh_c overwritten and give wrong gradients
        self._local_derivatives(work)
        dh_next = np.zeros_like(work.scratch) if dh_last is None else dh_last.copy()
        dc = np.zeros_like(work.scratch) if dc_last is None else dc_last.copy()
        weight, through_h = self._by_gate(self.weight_hh), work.tanh_c  # (4, H, H), (T, B, H)
        for t in range(len(dh) - 1, -1, -1):
            dh_next += dh[t]
            np.multiply(dh_next, through_h[t], out=work.scratch)
            dc += work.scratch
            work.dz[:3, t] *= dc
            work.dz[3, t] *= dh_next
            dc *= work.gates[1, t]
            np.matmul(work.dz[:, t], weight, out=work.product)
            np.add.reduce(work.product, axis=0, out=dh_next)
        self._weight_gradients(x, work)
        dx = None if x.ndim == 2 else self._input_gradient(x, work.dz)
        return LayerGradients(dx, dh_next, dc)

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
        weight = self._by_gate(self.weight_ih).transpose(0, 2, 1) * self._gate_scale[:, None, None]  # (4, D, H)
        bias = self._by_gate(self.bias) * self._gate_scale[:, None]  # (4, H)
        if x.ndim == 2:
            if x.size and not 0 <= x.min() <= x.max() < weight.shape[1]:
                raise IndexError(f"ids must lie in 0 .. {weight.shape[1] - 1}")  # `take` below would bend them
            weight += bias[:, None]  # each id takes exactly one row, so the bias can travel in it
            for table, out in zip(weight, z, strict=True):
                np.take(table, x, axis=0, out=out, mode="clip")  # "clip" writes into `out` without a copy
        else:
            T, B, D = x.shape
            np.matmul(x.reshape(T * B, D), weight, out=z.reshape(4, T * B, self.H))
            z += bias[:, None, None]

    @staticmethod
    def _local_derivatives(work: Buffers) -> None:
        """Fill dz with each gate's own part of the chain rule, for all steps at once.

        Afterwards dz_i = dc * dz[0], dz_f = dc * dz[1], dz_g = dc * dz[2], dz_o = dh * dz[3], and tanh_c holds
        d c / d h = o (1 - tanh_c^2): the loop only multiplies.
        """
        i, f, g, o = work.gates
        sigmoids = work.dz[0], work.dz[1], work.dz[3]
        for out, gate, other in zip(sigmoids, (i, f, o), (g, work.c[:-1], work.tanh_c), strict=True):
            np.subtract(1, gate, out=out)
            out *= gate  # s (1 - s)
            out *= other
        np.multiply(g, g, out=work.dz[2])
        np.subtract(1, work.dz[2], out=work.dz[2])
        work.dz[2] *= i
        through_h = work.tanh_c
        through_h *= through_h
        np.subtract(1, through_h, out=through_h)
        through_h *= o

    def _weight_gradients(self, x: Inputs, work: Buffers) -> None:
        dz = work.dz.reshape(4, -1, self.H)  # (4, T B, H)
        h = work.h[:-1].reshape(-1, self.H)  # (T B, H): what each step started from
        np.matmul(dz.transpose(0, 2, 1), h, out=self._by_gate(self.d_weight_hh))
        np.add.reduce(dz, axis=1, out=self._by_gate(self.d_bias))
        D = self.weight_ih.shape[1]
        if x.ndim == 3:
            np.matmul(dz.transpose(0, 2, 1), x.reshape(-1, D), out=self._by_gate(self.d_weight_ih))
        elif D <= ONE_HOT_MOST:
            one_hot = np.zeros((x.size, D), dz.dtype)  # adding rows with BLAS beats np.add.at by far
            one_hot[np.arange(x.size), x.ravel()] = 1
            np.matmul(dz.transpose(0, 2, 1), one_hot, out=self._by_gate(self.d_weight_ih))
        else:
            self._by_gate(self.d_weight_ih)[...] = sum_rows_by_id(x.ravel(), dz, D).transpose(0, 2, 1)

    def _input_gradient(self, x: Floats, dz: Floats) -> Floats:
        T, B, D = x.shape
        flat, weight = dz.reshape(4, T * B, self.H), self._by_gate(self.weight_ih)
        dx: Floats = flat[0] @ weight[0]  # (T B, D)
        for gate in range(1, 4):
            dx += flat[gate] @ weight[gate]
        return dx.reshape(T, B, D)


def sum_rows_by_id(ids: Ids, rows: Floats, D: int) -> Floats:
    """Sum rows (..., n, H) that share an id (n,) into (..., D, H): the one-hot product for large alphabets."""
    order = np.argsort(ids, kind="stable")
    found, starts = np.unique(ids[order], return_index=True)
    out = np.zeros((*rows.shape[:-2], D, rows.shape[-1]), rows.dtype)
    out[..., found, :] = np.add.reduceat(rows[..., order, :], starts, axis=-2)
    return out
