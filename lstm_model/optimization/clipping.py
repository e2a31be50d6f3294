"""A bound on the gradient."""

import math
from typing import NamedTuple

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.settings.words import ClipMode


class Clipped(NamedTuple):
    """What a bound did to a gradient."""

    norm: float  # before it was bounded
    cut: bool  # whether the bound changed it


def clip(gradient: Floats, most: float, mode: ClipMode) -> Clipped:
    """Bound a gradient in place.

    gradient: a vector (n,), float32 or float64.
    most: the bound, 0 for none.
    mode: "norm" scales the whole so that its norm is at most `most`, which keeps its direction (Pascanu et al. 2013);
        "value" cuts each entry to [-most, most].

    Returns the norm before, and whether anything was cut.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        squares = float(np.dot(gradient, gradient))
    if not 1e-30 < squares < 1e30:
        # A float32 sum of squares overflows from 1.8e19 on and would call a finite gradient infinite; in float64 it is
        # right, and ten times slower.
        squares = float(np.einsum("i,i->", gradient, gradient, dtype=np.float64))
    norm = math.sqrt(squares)
    if most <= 0 or not norm > most:  # no entry is larger than the norm
        return Clipped(norm, cut=False)
    if mode == "norm":
        gradient *= most / norm
        return Clipped(norm, cut=True)
    cut = bool(max(gradient.max(), -gradient.min()) > most)
    np.clip(gradient, -most, most, out=gradient)
    return Clipped(norm, cut)
