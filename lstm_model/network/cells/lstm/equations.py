"""The equations of an LSTM cell, one step forward and one step back, as a reader would write them.

This is the reference: `sequence.py` computes the same for a whole sequence at once, and a test holds the two equal.
The gates are stacked along 4H in the order i f g o, as PyTorch and cuDNN have them.
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
    c: Floats  # (B, H) before the step, while tanh_c below is of the state after it
    i: Floats
    f: Floats
    g: Floats
    o: Floats  # i f g o: (B, H) each
    tanh_c: Floats  # (B, H) of the new cell state


@dataclass
class Cell:
    """One LSTM cell. Hochreiter & Schmidhuber 1997, with the forget gate of Gers, Schmidhuber & Cummins 2000.

    weight_ih (4H, D), weight_hh (4H, H), bias (4H,): of the gates i f g o, one below the other. The cell keeps nothing
    between two steps; whoever calls it carries the state.
    """

    weight_ih: Float[Floats, "GH D"]
    weight_hh: Float[Floats, "GH H"]
    bias: Float[Floats, " GH"]

    def step(self, x: Float[Floats, "B D"], state: LayerState) -> tuple[LayerState, Kept]:
        """Advance one time step.

        x: (B, D) input; state: hidden and cell state (h, c), (B, H) each. Returns the new (h, c), and what `step_back`
        needs.
        """
        h, c = state
        z = x @ self.weight_ih.T + h @ self.weight_hh.T + self.bias  # (B, 4H): i f g o
        z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)  # (B, H) each
        i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o)  # how much to write, to keep, to show
        g = np.tanh(z_g)  # what could be written
        c_new = f * c + i * g  # the path without a matrix: times f, plus i * g
        tanh_c = np.tanh(c_new)
        h_new = o * tanh_c
        return (h_new, c_new), Kept(x, h, c, i, f, g, o, tanh_c)

    def step_back(self, d_state: LayerState, kept: Kept, *, to_parameters: bool = True) -> CellGradients:
        """Carry gradients back over one step: the chain rule, line by line, from the end of `step` to its start.

        d_state: (dh, dc), (B, H) each. dh is the whole gradient of the loss with respect to the new h. dc is the part
        of the new c's gradient that comes from the next step alone; the part that comes through the new h is added
        here. The derivatives of the gates are written with their values: sigmoid' = s (1 - s), tanh' = 1 - t^2.
        to_parameters: whether the parameters' gradients are wanted, which cost more than all the rest.
        """
        dh, dc = d_state
        x, h, c, i, f, g, o, tanh_c = kept
        d_o = dh * tanh_c  # h_new = o * tanh_c
        dc_new = dc + dh * o * (1 - tanh_c**2)  # c_new is reached from the next step and through h_new
        d_f, dc_before = dc_new * c, dc_new * f  # c_new = f * c + i * g
        d_i, d_g = dc_new * g, dc_new * i
        dz = np.concatenate([d_i * i * (1 - i), d_f * f * (1 - f), d_g * (1 - g**2), d_o * o * (1 - o)], axis=1)
        dh_before = dz @ self.weight_hh  # (B, 4H) (4H, H)
        of_parameters = {"weight_ih": dz.T @ x, "weight_hh": dz.T @ h, "bias": dz.sum(axis=0)} if to_parameters else {}
        return CellGradients(
            x=dz @ self.weight_ih,  # (B, 4H) (4H, D)
            state=(dh_before, dc_before),
            parameters=of_parameters,
            new_state=(dh, dc_new),
        )
