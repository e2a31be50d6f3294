"""The array types that annotations name; shapes stand in docstrings and comments."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.floating[Any]]  # float32 to train, float64 to check gradients
Ids: TypeAlias = NDArray[np.integer[Any]]  # characters as numbers in 0..V-1
Inputs: TypeAlias = NDArray[Any]  # what a network reads: (T, B) ids or (T, B, D) floats
State: TypeAlias = tuple[Floats, ...]  # one for each state of the cell, (num_layers, B, H) each: (h, c) for an LSTM

# Decorates what runs a model. Weights out of all proportion, of a run that explodes or of a damaged file, give results
# that are no finite numbers; whoever asked for them sees that, and NumPy's warnings would only spoil the screen.
quietly = np.errstate(over="ignore", invalid="ignore")
