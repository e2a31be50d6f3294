"""The function that opens and shuts a gate."""

import numpy as np

from lstm_model.arrays import Float, Floats


def sigmoid(z: Float[Floats, "*Z"]) -> Float[Floats, "*Z"]:
    """1 / (1 + exp(-z)), written with tanh, which cannot overflow."""
    result: Floats = 0.5 * np.tanh(0.5 * z) + 0.5
    return result
