"""What a pass over a sequence writes into: arrays and views that are made once."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from lstm_model.arrays import Float, Floats
from lstm_model.network.cells.blocks import blocks_of


class Step(NamedTuple):
    """Views of one time step, taken once: slicing anew would cost as much as the arithmetic of a small layer."""

    h_before: Floats  # (B, H)
    c_before: Floats  # (B, H)
    gates: Floats  # (4, B, H)
    i: Floats
    f: Floats
    g: Floats
    o: Floats  # (B, H) each
    c: Floats  # (B, H)
    tanh_c: Floats  # (B, H)
    h: Floats  # (B, H)


class StepBack(NamedTuple):
    """Views of one time step on the way back."""

    through_h: Floats  # (B, H), d c / d h, written over tanh_c
    f: Floats  # (B, H)
    dz: Floats  # (4, 1, B, H)
    dz_ifg: Floats  # (3, B, H)
    dz_o: Floats  # (B, H)


@dataclass(frozen=True)
class Buffers:
    """The arrays a layer works in for one shape (T, B). `h` and `c` hold the state before step t at index t."""

    gates: Float[Floats, "4 T B H"]  # values of i f g o
    h: Float[Floats, "T+1 B H"]
    c: Float[Floats, "T+1 B H"]
    tanh_c: Float[Floats, "T B H"]
    product: Float[Floats, "4 B H"]
    scratch: Float[Floats, "B H"]

    @classmethod
    def of(cls, T: int, B: int, H: int, dtype: np.dtype[np.floating]) -> "Buffers":
        """Make the arrays for T steps of B sequences with H hidden units."""
        shapes = (4, T, B, H), (T + 1, B, H), (T + 1, B, H), (T, B, H), (4, B, H), (B, H)
        return cls(*(np.empty(shape, dtype) for shape in shapes))

    @cached_property
    def dz(self) -> Float[Floats, "4 T B H"]:
        """Gradients of the gates' inputs, made for the first way back: a measurement never takes it."""
        return np.empty_like(self.gates)

    @cached_property
    def steps(self) -> list[Step]:
        """The views of each step, in order of time."""
        i, f, g, o = self.gates
        h, c = self.h, self.c
        return [
            Step(h[t], c[t], self.gates[:, t], i[t], f[t], g[t], o[t], c[t + 1], self.tanh_c[t], h[t + 1])
            for t in range(len(i))
        ]

    @cached_property
    def steps_back(self) -> list[StepBack]:
        """The views of each step on the way back, in order of time."""
        f, dz = self.gates[1], self.dz
        return [StepBack(self.tanh_c[t], f[t], dz[:, t, None], dz[:3, t], dz[3, t]) for t in range(len(f))]

    @cached_property
    def product_blocks(self) -> Float[Floats, "4 N B W"]:
        """`product` as the N blocks of W columns in which it is computed, a view."""
        return blocks_of(self.product)
