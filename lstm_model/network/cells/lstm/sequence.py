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

from functools import partial

import numpy as np

from lstm_model.arrays import Float, Floats, Inputs, LayerState, Shaped
from lstm_model.network.cells.base import InputGradients
from lstm_model.network.cells.blocks import in_blocks
from lstm_model.network.cells.lstm.buffers import Buffers
from lstm_model.network.cells.products import (
    by_gate,
    gradient_of_x,
    input_gradients,
    project_input,
    recurrent_gradients,
)
from lstm_model.network.cells.workspace import Workspace

NEAR = 1 << 19  # bytes of gates whose derivatives are taken at a time, so that the loop finds them in the cache


class Layer:
    """An LSTM layer that runs over whole sequences: the equations of `Cell`, without a copy of any weight.

    parameters: weight_ih (4H, D), weight_hh (4H, H), bias (4H,); gradients: arrays of the same shapes, which `backward`
    writes over. All are used, never copied or rebound: an optimizer that updates them in place updates the layer.
    """

    def __init__(self, parameters: tuple[Floats, ...], gradients: tuple[Floats, ...]) -> None:
        self.weight_ih, self.weight_hh, self.bias = parameters
        self.d_weight_ih, self.d_weight_hh, self.d_bias = gradients
        self.H = self.weight_hh.shape[1]
        dtype = self.weight_hh.dtype
        self._gate_scale = np.array([0.5, 0.5, 1, 0.5], dtype)[:, None, None]  # i f g o: tanh(z / 2) for the sigmoids
        self._gate_shift = np.array([0.5, 0.5, 0, 0.5], dtype)[:, None, None]
        self._space = Workspace(partial(Buffers.of, H=self.H, dtype=dtype))

    def forward(self, x: Shaped[Inputs, "T B *D"], state: LayerState) -> tuple[Float[Floats, "T B H"], LayerState]:
        """Run over a sequence.

        x: (T, B, D) floats, or (T, B) ids that stand for one-hot vectors of length D; state: (h, c) before the first
        step, (B, H) each. Returns h of every step (T, B, H), and the last (h, c): views, overwritten by the next call.
        IndexError for ids that are not in 0 .. D - 1.
        """
        T, B = x.shape[:2]
        work = self._space.begin(x)
        work.h[0], work.c[0] = state
        project_input(x, self.weight_ih, self.bias, self._gate_scale, work.gates)
        weight = in_blocks(by_gate(self.weight_hh, self.H).transpose(0, 2, 1) * self._gate_scale, B)
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
        work, x = self._space.end()
        T, B = x.shape[:2]
        dh_next, dc = (part.copy() for part in d_last or (np.zeros_like(work.scratch),) * 2)
        weight = in_blocks(by_gate(self.weight_hh, self.H), B)
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
        recurrent_gradients(work.h[:-1], work.dz, self.d_weight_hh)
        input_gradients(x, work.dz, self.d_weight_ih, self.d_bias)
        dx = gradient_of_x(work.dz, self.weight_ih) if to_x and x.ndim == 3 else None
        return InputGradients(dx, (dh_next, dc))

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
