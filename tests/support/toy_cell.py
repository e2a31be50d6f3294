"""A second kind of cell, whole in one file and not fast: a gated recurrent unit as PyTorch has it.

r, z = sigmoid(...)     n = tanh(W_in x + b_in + r * (W_hn h + b_hn))     h' = (1 - z) * n + z * h
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lstm_model.arrays import Floats, Inputs, State
from lstm_model.network.cells.base import CellGradients, CellKind, InputGradients
from lstm_model.network.cells.lstm.equations import sigmoid


class Kept(NamedTuple):
    x: Floats  # (B, D)
    h: Floats  # (B, H) before the step
    r: Floats
    z: Floats
    n: Floats
    hn: Floats  # W_hn h + b_hn


@dataclass
class Cell:
    weight_ih: Floats  # (3H, D)
    weight_hh: Floats  # (3H, H)
    bias: Floats  # (3H,)
    bias_hh: Floats  # (H,), b_hn

    def step(self, x: Floats, state: State) -> tuple[State, Kept]:
        (h,) = state
        from_x = x @ self.weight_ih.T + self.bias  # (B, 3H): r z n
        from_h = h @ self.weight_hh.T
        (x_r, x_z, x_n), (h_r, h_z, h_n) = np.split(from_x, 3, axis=1), np.split(from_h, 3, axis=1)
        r, z, hn = sigmoid(x_r + h_r), sigmoid(x_z + h_z), h_n + self.bias_hh
        n = np.tanh(x_n + r * hn)
        return ((1 - z) * n + z * h,), Kept(x, h, r, z, n, hn)

    def step_back(self, d_state: State, kept: Kept, *, to_parameters: bool = True) -> CellGradients:
        (dh,), (x, h, r, z, n, hn) = d_state, kept
        d_n = dh * (1 - z) * (1 - n**2)
        d_z = dh * (h - n) * z * (1 - z)
        d_r = d_n * hn * r * (1 - r)
        from_x, from_h = (np.concatenate([d_r, d_z, last], axis=1) for last in (d_n, d_n * r))
        return CellGradients(
            x=from_x @ self.weight_ih,
            state=(dh * z + from_h @ self.weight_hh,),
            parameters={
                "weight_ih": from_x.T @ x, "weight_hh": from_h.T @ h,
                "bias": from_x.sum(axis=0), "bias_hh": (d_n * r).sum(axis=0),
            } if to_parameters else {},
        )  # fmt: skip


class Layer:
    """The cell in a loop."""

    def __init__(self, parameters: tuple[Floats, ...], gradients: tuple[Floats, ...]) -> None:
        self.cell, self.gradients = Cell(*parameters), gradients
        self.kept: list[Kept] = []
        self.ids = False

    def forward(self, x: Inputs, state: State) -> tuple[Floats, State]:
        self.ids = x.ndim == 2
        vectors = np.eye(self.cell.weight_ih.shape[1], dtype=self.cell.bias.dtype)[x] if self.ids else x
        self.kept, hs = [], []
        for of_step in vectors:
            state, kept = self.cell.step(of_step, state)
            self.kept.append(kept)
            hs.append(state[0])
        return np.stack(hs), state

    def backward(self, dh: Floats, d_last: State | None = None, *, to_x: bool = True) -> InputGradients:
        (d,) = d_last or (np.zeros_like(dh[0]),)
        for total in self.gradients:
            total[...] = 0
        dxs, T = [], len(self.kept)
        for t in range(T - 1, -1, -1):
            d = d + dh[t - T] if t >= T - len(dh) else d
            of_step = self.cell.step_back((d,), self.kept[t])
            (d,) = of_step.state
            dxs.append(of_step.x)
            for total, part in zip(self.gradients, of_step.parameters.values(), strict=True):
                total += part
        return InputGradients(np.stack(dxs[::-1]) if to_x and not self.ids else None, (d,))


KIND = CellKind(
    name="toy", gates=("r", "z", "n"), states=("h",), cell=Cell, layer=Layer, arrays_per_step=8, step_seconds=35e-6,
    start_biases={"z": -1.0}, apart=("n",), candidate="n", keeps="z",
)  # fmt: skip
