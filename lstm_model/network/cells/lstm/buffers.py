"""What a pass over a sequence writes into: arrays and views that are made once."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from lstm_model.arrays import Float, Floats

# OpenBLAS packs its operands before it multiplies, which for a few rows costs as much as the product; up to this many
# multiply-adds it has kernels that do not.
UNPACKED_MOST = 1_000_000
BLOCKS = (64, 32, 16)  # widths of column blocks, the faster one first


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
        _, B, H = self.product.shape
        width = block_width(B, H)
        return self.product.reshape(4, B, H // width, width).transpose(0, 2, 1, 3)


def block_width(B: int, H: int) -> int:
    """How many of H columns to multiply (B, H) with at a time: as many as BLAS still multiplies without packing.

    All H if they are few enough, or if no narrower block helps. At B = 32 blocks of 64 take H = 256 from 84 to 110
    GFLOP/s, and blocks of 32 take H = 512 from 79 to 114 (benchmarks/parts.py).
    """
    if B * H * H <= UNPACKED_MOST:
        return H
    return next((width for width in BLOCKS if H % width == 0 and B * H * width <= UNPACKED_MOST), H)


def in_blocks(weight: Float[Floats, "4 K H"], B: int) -> Float[Floats, "4 N K W"]:
    """Return the weights as N contiguous blocks of W = H / N columns, for products with B rows."""
    _, K, H = weight.shape
    width = block_width(B, H)
    return np.ascontiguousarray(weight.reshape(4, K, H // width, width).transpose(0, 2, 1, 3))
