"""The array types that annotations name.

In the network's public signatures shapes stand in the annotation: `Float[Floats, "T B H"]` is an array of floats with
three axes, whose sizes agree wherever a call names them again; `*` stands for any number of axes. While the program
runs these are comments. Where jaxtyping was imported before, as the tests do, they are types that can be checked.
"""

import sys
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if not TYPE_CHECKING and "jaxtyping" in sys.modules:
    from jaxtyping import Float, Integer, Shaped

    Floats = Ids = Inputs = np.ndarray  # of these it checks kind and shape itself, and it takes nothing but a class
else:
    from typing import Annotated as Float
    from typing import Annotated as Integer
    from typing import Annotated as Shaped

    Floats: TypeAlias = NDArray[np.floating[Any]]  # float32 to train, float64 to check gradients
    Ids: TypeAlias = NDArray[np.integer[Any]]  # characters as numbers in 0..V-1
    Inputs: TypeAlias = NDArray[Any]  # what a network reads: (T, B) ids or (T, B, D) floats

__all__ = ["Float", "Floats", "Ids", "Inputs", "Integer", "LayerState", "Shaped", "State", "quietly"]

State: TypeAlias = tuple[Float[Floats, "L B H"], ...]  # of L layers, one array for each state of the cell: h, c
LayerState: TypeAlias = tuple[Float[Floats, "B H"], ...]  # of one layer

# Decorates what runs a model. Weights out of all proportion, of a run that explodes or of a damaged file, give results
# that are no finite numbers; whoever asked for them sees that, and NumPy's warnings would only spoil the screen.
quietly = np.errstate(over="ignore", invalid="ignore")
