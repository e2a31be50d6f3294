"""The array types that annotations name; shapes stand in docstrings and comments."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.floating[Any]]  # float32 to train, float64 to check gradients
Ids: TypeAlias = NDArray[np.integer[Any]]  # characters as numbers in 0..V-1
Inputs: TypeAlias = NDArray[Any]  # what a network reads: (T, B) ids or (T, B, D) floats
State: TypeAlias = tuple[Floats, Floats]  # (h, c), each (num_layers, B, H)
