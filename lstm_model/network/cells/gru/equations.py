"""The equations of a gated recurrent unit, one step forward and one step back, as a reader would write them.

This is the reference: `sequence.py` computes the same for a whole sequence at once, and a test holds the two equal.
The gates are stacked along 3H in the order r z n, as PyTorch and cuDNN have them.

Where an LSTM has two gates to forget and to write, a GRU has one: what z does not keep of h, n replaces. It has no cell
state of its own and no gate at its output.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lstm_model.arrays import Float, Floats, LayerState
from lstm_model.network.cells.base import CellGradients
from lstm_model.network.cells.sigmoid import sigmoid


class Kept(NamedTuple):
    """What `step_back` needs of a step: its inputs and the values of its gates."""

    x: Floats  # (B, D)
    h: Floats  # (B, H) before the step
    r: Floats
    z: Floats
    n: Floats  # r z n: (B, H) each
    hn: Floats  # (B, H) the hidden state's part of n, before r


@dataclass
class Cell:
    """One GRU cell. Cho et al. 2014, with r applied after the product, as PyTorch and cuDNN have it.

    weight_ih (3H, D), weight_hh (3H, H), bias (3H,): of the gates r z n, one below the other; bias_hh (H,): of n's
    hidden part, which r scales, so that it does not merge with n's other bias. The cell keeps nothing between two
    steps; whoever calls it carries the state.
    """

    weight_ih: Float[Floats, "GH D"]
    weight_hh: Float[Floats, "GH H"]
    bias: Float[Floats, " GH"]
    bias_hh: Float[Floats, " H"]

    def step(self, x: Float[Floats, "B D"], state: LayerState) -> tuple[LayerState, Kept]:
        """Advance one time step.

        x: (B, D) input; state: the hidden state (h,), (B, H). Returns the new (h,), and what `step_back` needs.
        """
        (h,) = state
        from_x = x @ self.weight_ih.T + self.bias  # (B, 3H): r z n
        from_h = h @ self.weight_hh.T  # (B, 3H)
        x_r, x_z, x_n = np.split(from_x, 3, axis=1)  # (B, H) each
        h_r, h_z, h_n = np.split(from_h, 3, axis=1)
        r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)  # how much of the past n sees, how much of h stays
        hn = h_n + self.bias_hh
        n = np.tanh(x_n + r * hn)  # what could be written
        h_new = (1 - z) * n + z * h  # as z goes to 1, h passes unchanged: no matrix stands between h and h_new
        return (h_new,), Kept(x, h, r, z, n, hn)

    def step_back(self, d_state: LayerState, kept: Kept, *, to_parameters: bool = True) -> CellGradients:
        """Carry gradients back over one step: the chain rule, line by line, from the end of `step` to its start.

        d_state: (dh,), (B, H), the loss's gradient with respect to the step's new h. The derivatives of the gates are
        written with their values: sigmoid' = s (1 - s), tanh' = 1 - t^2. to_parameters: whether the parameters'
        gradients are wanted.
        """
        (dh,) = d_state
        x, h, r, z, n, hn = kept
        d_n, d_z = dh * (1 - z), dh * (h - n)  # h_new = (1 - z) * n + z * h
        dz_n = d_n * (1 - n**2)  # n = tanh(x_n + r * hn)
        d_r, d_hn = dz_n * hn, dz_n * r
        dz_r, dz_z = d_r * r * (1 - r), d_z * z * (1 - z)
        d_from_x = np.concatenate([dz_r, dz_z, dz_n], axis=1)  # (B, 3H)
        d_from_h = np.concatenate([dz_r, dz_z, d_hn], axis=1)  # (B, 3H)
        dh_before = dh * z + d_from_h @ self.weight_hh  # (B, 3H) (3H, H)
        of_parameters = {
            "weight_ih": d_from_x.T @ x, "weight_hh": d_from_h.T @ h,
            "bias": d_from_x.sum(axis=0), "bias_hh": d_hn.sum(axis=0),
        } if to_parameters else {}  # fmt: skip
        return CellGradients(
            x=d_from_x @ self.weight_ih,  # (B, 3H) (3H, D)
            state=(dh_before,),
            parameters=of_parameters,
        )
