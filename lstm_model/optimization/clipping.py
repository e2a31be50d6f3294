"""A bound on the gradient."""

import math

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.settings.words import ClipMode


def clip(gradient: Floats, most: float, mode: ClipMode) -> float:
    """Bound a gradient vector in place; return its norm before.

    "norm": scale the whole so that its norm is at most `most`, which keeps its direction (Pascanu et al. 2013);
    "value": each entry into [-most, most]. 0 clips nothing.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        squares = float(np.dot(gradient, gradient))
    if not 1e-30 < squares < 1e30:
        # A float32 sum of squares overflows from 1.8e19 on and would call a finite gradient infinite; in float64 it is
        # right, and ten times slower.
        squares = float(np.einsum("i,i->", gradient, gradient, dtype=np.float64))
    norm = math.sqrt(squares)
    if most > 0 and mode == "value":
        np.clip(gradient, -most, most, out=gradient)
    elif most > 0 and norm > most:
        gradient *= most / norm
    return norm


def was_clipped(gradient: Floats, norm: float, most: float, mode: ClipMode) -> bool:
    """Whether `clip` changed the gradient that it has just bounded and whose norm it returned.

    An entry that lay exactly on the bound counts as one that was cut to it.
    """
    if most <= 0 or norm <= most:  # no entry is larger than the norm
        return False
    return mode == "norm" or bool(max(gradient.max(), -gradient.min()) >= most)
