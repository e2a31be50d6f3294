"""Whether training moves the weights at a healthy pace: how large an update is, how weights and gradients spread."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Floats
from lstm_model.network.parameters import Parameters

USUAL_RATIO = 1e-3  # an update of a thousandth of the weights is a good pace (Karpathy 2015, CS231n)
BINS = 24


@dataclass(frozen=True, eq=False)
class Histogram:
    """counts (n,) of values between edges (n + 1,); what is no finite number is in none."""

    counts: NDArray[np.intp]
    edges: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TensorHealth:
    """One parameter tensor after an update."""

    name: str
    ratio: float  # norm of the update / norm of the weights; 0 without an update
    weights: Histogram
    gradients: Histogram


def health(parameters: Parameters, gradients: Parameters, update: Floats | None = None) -> tuple[TensorHealth, ...]:
    """Judge each tensor.

    parameters, gradients: as a network has them; update: what was last added to the flat vector of all parameters, in
    its shape: the vector after a step less a copy from before it. None: no step was taken.
    """
    moved = None if update is None else parameters.like(update)
    return tuple(
        TensorHealth(
            name,
            0.0 if moved is None else update_ratio(moved[name], weights),
            histogram(weights),
            histogram(gradients[name]),
        )
        for name, weights in parameters.items()
    )


def update_ratio(update: Floats, weights: Floats) -> float:
    """The norm of an update by that of the weights it moved; infinite for weights of zero that were moved."""
    by, of = float(np.linalg.norm(update)), float(np.linalg.norm(weights))
    return by / of if of else (float("inf") if by else 0.0)


def histogram(values: Floats, bins: int = BINS, between: Sequence[float] | None = None) -> Histogram:
    """How values of any shape spread, between their least and their largest unless told."""
    finite = values[np.isfinite(values)].astype(np.float64)
    if between is None and finite.size:
        low, high = float(finite.min()), float(finite.max())
        spare = 0.0 if high - low > 1e-9 * abs(high) else max(0.5, 0.01 * abs(high))  # all alike: in the middle
        between = low - spare, high + spare
    counts, edges = np.histogram(finite, bins, None if between is None else (between[0], between[1]))
    return Histogram(counts, edges.astype(np.float64))
