"""The equations of a plain recurrent cell, one step forward and one step back, as a reader would write them.

This is the reference: `sequence.py` computes the same for a whole sequence at once, and a test holds the two equal.
There are no gates. Each step overwrites all of h, and on the way back the gradient passes W_hh and tanh' once a step:
over many steps it vanishes or explodes (Bengio, Simard & Frasconi 1994). The other cells are the answer to that.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lstm_model.arrays import Float, Floats, LayerState
from lstm_model.network.cells.base import CellGradients


class Kept(NamedTuple):
    """What `step_back` needs of a step: its inputs and its result."""

    x: Floats  # (B, D)
    h: Floats  # (B, H) before the step
    n: Floats  # (B, H) the new hidden state


@dataclass
class Cell:
    """One tanh RNN cell. Elman 1990.

    weight_ih (H, D), weight_hh (H, H), bias (H,). The cell keeps nothing between two steps; whoever calls it carries
    the state.
    """

    weight_ih: Float[Floats, "H D"]
    weight_hh: Float[Floats, "H H"]
    bias: Float[Floats, " H"]

    def step(self, x: Float[Floats, "B D"], state: LayerState) -> tuple[LayerState, Kept]:
        """Advance one time step.

        x: (B, D) input; state: the hidden state (h,), (B, H). Returns the new (h,), and what `step_back` needs.
        """
        (h,) = state
        n = np.tanh(x @ self.weight_ih.T + h @ self.weight_hh.T + self.bias)  # (B, H)
        return (n,), Kept(x, h, n)

    def step_back(self, d_state: LayerState, kept: Kept, *, to_parameters: bool = True) -> CellGradients:
        """Carry gradients back over one step: the chain rule, from the end of `step` to its start.

        d_state: (dh,), (B, H), the loss's gradient with respect to the step's new h. tanh' is written with the value
        of tanh: 1 - n^2. to_parameters: whether the parameters' gradients are wanted.
        """
        (dh,) = d_state
        x, h, n = kept
        dz = dh * (1 - n**2)  # (B, H)
        of_parameters = {"weight_ih": dz.T @ x, "weight_hh": dz.T @ h, "bias": dz.sum(axis=0)} if to_parameters else {}
        return CellGradients(
            x=dz @ self.weight_ih,  # (B, H) (H, D)
            state=(dz @ self.weight_hh,),  # (B, H) (H, H): the only way back, through a matrix
            parameters=of_parameters,
        )
