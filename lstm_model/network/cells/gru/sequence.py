"""One GRU layer over a whole sequence, forward and back: what `equations.py` says, without a copy of any weight.

The input's part of all gates and steps is one product, and so are the gradients of the weights. Gates lie as
(3, T, B, H). The loop back only multiplies: all that a step sends back is its dh times something that is known from the
way forward. All arrays are made once for a shape (T, B).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from lstm_model.arrays import Float, Floats, Inputs, LayerState, Shaped
from lstm_model.network.cells.base import InputGradients
from lstm_model.network.cells.blocks import blocks_of, in_blocks
from lstm_model.network.cells.products import (
    by_gate,
    gradient_of_x,
    input_gradients,
    project_input,
    recurrent_gradients,
)
from lstm_model.network.cells.workspace import Workspace


@dataclass(frozen=True)
class Buffers:
    """The arrays a layer works in for one shape (T, B)."""

    gates: Float[Floats, "3 T B H"]  # values of r z n
    hn: Float[Floats, "T B H"]  # the hidden state's part of n, before r
    h: Float[Floats, "T+1 B H"]  # h before step t at index t
    dh: Float[Floats, "T B H"]  # gradient of each step's new h
    dz: Float[Floats, "3 T B H"]  # gradients of what the gates take in
    product: Float[Floats, "3 B H"]
    scratch: Float[Floats, "B H"]

    @classmethod
    def of(cls, T: int, B: int, H: int, dtype: np.dtype[np.floating]) -> "Buffers":
        """Make the arrays for T steps of B sequences with H hidden units."""
        of_steps = (3, T, B, H), (T, B, H), (T + 1, B, H), (T, B, H), (3, T, B, H)
        return cls(*(np.empty(shape, dtype) for shape in (*of_steps, (3, B, H), (B, H))))


class Layer:
    """A GRU layer that runs over whole sequences.

    parameters: weight_ih (3H, D), weight_hh (3H, H), bias (3H,), bias_hh (H,); gradients: arrays of the same shapes,
    which `backward` writes over. All are used, never copied or rebound.
    """

    def __init__(self, parameters: tuple[Floats, ...], gradients: tuple[Floats, ...]) -> None:
        self.weight_ih, self.weight_hh, self.bias, self.bias_hh = parameters
        self.d_weight_ih, self.d_weight_hh, self.d_bias, self.d_bias_hh = gradients
        self.H, dtype = len(self.bias_hh), self.bias.dtype
        self._scale = np.array([0.5, 0.5, 1], dtype)[:, None, None]  # r z n: sigmoid(z) = (tanh(z / 2) + 1) / 2
        self._space = Workspace(partial(Buffers.of, H=self.H, dtype=dtype))

    def forward(self, x: Shaped[Inputs, "T B *D"], state: LayerState) -> tuple[Float[Floats, "T B H"], LayerState]:
        """Run over a sequence.

        x: (T, B, D) floats, or (T, B) ids that stand for one-hot vectors of length D; state: (h,) before the first
        step, (B, H). Returns h of every step (T, B, H), and the last (h,): views, overwritten by the next call.
        IndexError for ids that are not in 0 .. D - 1.
        """
        T, B = x.shape[:2]
        work = self._space.begin(x)
        work.h[0] = state[0]
        project_input(x, self.weight_ih, self.bias, self._scale, work.gates)
        weight = in_blocks(by_gate(self.weight_hh, self.H).transpose(0, 2, 1) * self._scale, B)
        product, blocks, scratch = work.product, blocks_of(work.product), work.scratch
        for t in range(T):
            h_before, h, hn = work.h[t], work.h[t + 1], work.hn[t]
            rz, (r, z, n) = work.gates[:2, t], work.gates[:, t]
            np.matmul(h_before, weight, out=blocks)
            rz += product[:2]
            np.tanh(rz, out=rz)
            rz *= 0.5
            rz += 0.5
            np.add(product[2], self.bias_hh, out=hn)
            np.multiply(r, hn, out=scratch)
            n += scratch
            np.tanh(n, out=n)
            np.subtract(h_before, n, out=h)  # (1 - z) n + z h = n + z (h - n)
            h *= z
            h += n
        return work.h[1:], (work.h[T],)

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
        T, B = x.shape[:2]
        dh_next = d_last[0].copy() if d_last else np.zeros_like(work.scratch)
        weight = in_blocks(by_gate(self.weight_hh, self.H), B)
        product, blocks, scratch = work.product, blocks_of(work.product), work.scratch
        self._local_derivatives(work)
        for t in range(T - 1, -1, -1):
            d, dz = work.dh[t], work.dz[:, t]
            if t >= T - len(dh):
                dh_next += dh[t - T]
            np.copyto(d, dh_next)
            dz *= d
            np.matmul(dz[:, None], weight, out=blocks)
            np.add.reduce(product, axis=0, out=dh_next)
            np.multiply(d, work.gates[1, t], out=scratch)  # z: what of h stayed
            dh_next += scratch
        recurrent_gradients(work.h[:-1], work.dz, self.d_weight_hh)
        np.add.reduce(work.dz[2], axis=(0, 1), out=self.d_bias_hh)
        np.multiply(work.dh, work.gates[2], out=work.dz[2])  # from here on as the input sees n: without r
        input_gradients(x, work.dz, self.d_weight_ih, self.d_bias)
        dx = gradient_of_x(work.dz, self.weight_ih) if to_x and x.ndim == 3 else None
        return InputGradients(dx, (dh_next,))

    @staticmethod
    def _local_derivatives(work: Buffers) -> None:
        """Fill dz with what dh is multiplied with on its way to W_hh h: through r, through z, and through n and r.

        Afterwards n holds the factor on the way to n itself, (1 - z) (1 - n^2).
        """
        r, z, n = work.gates
        to_r, to_z, to_hn = work.dz
        np.subtract(work.h[:-1], n, out=to_z)  # h_new = (1 - z) n + z h
        n *= n
        np.subtract(1, n, out=n)  # tanh'
        np.subtract(1, z, out=to_hn)
        n *= to_hn
        to_z *= z
        to_z *= to_hn  # z (1 - z) (h - n)
        np.multiply(n, r, out=to_hn)
        np.subtract(1, r, out=to_r)
        to_r *= to_hn
        to_r *= work.hn  # r (1 - r) hn times the factor of n
