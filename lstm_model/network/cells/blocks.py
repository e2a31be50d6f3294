"""The product of a time step with the recurrent weights, in blocks of columns that BLAS multiplies fastest."""

import numpy as np

from lstm_model.arrays import Float, Floats

# OpenBLAS packs its operands before it multiplies, which for a few rows costs as much as the product; up to this many
# multiply-adds it has kernels that do not.
UNPACKED_MOST = 1_000_000
BLOCKS = (64, 32, 16)  # widths of column blocks, the faster one first


def block_width(B: int, H: int) -> int:
    """How many of H columns to multiply (B, H) with at a time: as many as BLAS still multiplies without packing.

    All H if they are few enough, or if no narrower block helps. At B = 32 blocks of 64 take H = 256 from 84 to 110
    GFLOP/s, and blocks of 32 take H = 512 from 79 to 114 (benchmarks/parts.py).
    """
    if B * H * H <= UNPACKED_MOST:
        return H
    return next((width for width in BLOCKS if H % width == 0 and B * H * width <= UNPACKED_MOST), H)


def in_blocks(weight: Float[Floats, "G K H"], B: int) -> Float[Floats, "G N K W"]:
    """Return the weights as N contiguous blocks of W = H / N columns, for products with B rows."""
    G, K, H = weight.shape
    width = block_width(B, H)
    return np.ascontiguousarray(weight.reshape(G, K, H // width, width).transpose(0, 2, 1, 3))


def blocks_of(product: Float[Floats, "G B H"]) -> Float[Floats, "G N B W"]:
    """A product as the N blocks of W columns in which it is computed, a view to write into."""
    G, B, H = product.shape
    width = block_width(B, H)
    return product.reshape(G, B, H // width, width).transpose(0, 2, 1, 3)
