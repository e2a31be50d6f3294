"""One tanh RNN layer over a whole sequence, forward and back: what `equations.py` says, without a copy of any weight.

The input's part of all steps is one product, and so are the gradients of the weights. In the loop over time is left
what depends on the step before: a product, a sum, a tanh. All arrays are made once for a shape (T, B).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from lstm_model.arrays import Float, Floats, Inputs, LayerState, Shaped
from lstm_model.network.cells.base import InputGradients
from lstm_model.network.cells.blocks import blocks_of, in_blocks
from lstm_model.network.cells.products import gradient_of_x, input_gradients, project_input, recurrent_gradients
from lstm_model.network.cells.workspace import Workspace


@dataclass(frozen=True)
class Buffers:
    """The arrays a layer works in for one shape (T, B)."""

    dz: Float[Floats, "T B H"]  # gradients of what tanh takes in
    h: Float[Floats, "T+1 B H"]  # h before step t at index t
    product: Float[Floats, "1 B H"]

    @classmethod
    def of(cls, T: int, B: int, H: int, dtype: np.dtype[np.floating]) -> "Buffers":
        """Make the arrays for T steps of B sequences with H hidden units."""
        return cls(*(np.empty(shape, dtype) for shape in ((T, B, H), (T + 1, B, H), (1, B, H))))


class Layer:
    """A tanh RNN layer that runs over whole sequences.

    parameters: weight_ih (H, D), weight_hh (H, H), bias (H,); gradients: arrays of the same shapes, which `backward`
    writes over. All are used, never copied or rebound.
    """

    def __init__(self, parameters: tuple[Floats, ...], gradients: tuple[Floats, ...]) -> None:
        self.weight_ih, self.weight_hh, self.bias = parameters
        self.d_weight_ih, self.d_weight_hh, self.d_bias = gradients
        H, dtype = len(self.bias), self.bias.dtype
        self._scale = np.ones((1, 1, 1), dtype)
        self._space = Workspace(partial(Buffers.of, H=H, dtype=dtype))

    def forward(self, x: Shaped[Inputs, "T B *D"], state: LayerState) -> tuple[Float[Floats, "T B H"], LayerState]:
        """Run over a sequence.

        x: (T, B, D) floats, or (T, B) ids that stand for one-hot vectors of length D; state: (h,) before the first
        step, (B, H). Returns h of every step (T, B, H), and the last (h,): views, overwritten by the next call.
        IndexError for ids that are not in 0 .. D - 1.
        """
        work = self._space.begin(x)
        work.h[0] = state[0]
        project_input(x, self.weight_ih, self.bias, self._scale, work.h[None, 1:])
        weight = in_blocks(self.weight_hh.T[None], x.shape[1])
        product, blocks = work.product[0], blocks_of(work.product)
        h_before = work.h[0]
        for h in work.h[1:]:
            np.matmul(h_before, weight, out=blocks)
            h += product
            np.tanh(h, out=h)
            h_before = h
        return work.h[1:], (h_before,)

    def backward(
        self, dh: Float[Floats, "S B H"], d_last: LayerState | None = None, *, to_x: bool = True
    ) -> InputGradients:
        """Backpropagation through time for the last `forward`: writes the parameters' gradients, returns the others.

        dh: the loss's gradient with respect to h of every step as the layers above see it, S = T, or of S = 1 with
        respect to h of the last step alone; d_last: (dh,), (B, H), with respect to the state handed on after the last
        step, zero when None; to_x: whether the gradient of x is wanted. Once for each `forward`, in whose arrays it
        works: RuntimeError for a second one.
        """
        work, x = self._space.end()
        T = len(x)
        dh_next = d_last[0].copy() if d_last else np.zeros_like(work.product[0])
        weight = in_blocks(self.weight_hh[None], x.shape[1])
        product, blocks = work.product[0], blocks_of(work.product)
        np.multiply(work.h[1:], work.h[1:], out=work.dz)
        np.subtract(1, work.dz, out=work.dz)  # tanh' = 1 - h^2
        for t in range(T - 1, -1, -1):
            dz = work.dz[t]
            if t >= T - len(dh):
                dh_next += dh[t - T]
            dz *= dh_next
            np.matmul(dz, weight, out=blocks)
            np.copyto(dh_next, product)
        recurrent_gradients(work.h[:-1], work.dz[None], self.d_weight_hh)
        input_gradients(x, work.dz[None], self.d_weight_ih, self.d_bias)
        dx = gradient_of_x(work.dz[None], self.weight_ih) if to_x and x.ndim == 3 else None
        return InputGradients(dx, (dh_next,))
