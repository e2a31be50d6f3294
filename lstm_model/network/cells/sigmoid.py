"""The function that opens and shuts a gate."""

import numpy as np

from lstm_model.arrays import Float, Floats


def sigmoid(z: Float[Floats, "*Z"]) -> Float[Floats, "*Z"]:
    """1 / (1 + exp(-z)), written with tanh, which cannot overflow.

    In float32 it is exactly 0 for z below about -17 and exactly 1 above 17, and then its derivative s (1 - s) is 0.
    """
    result: Floats = 0.5 * np.tanh(0.5 * z) + 0.5
    return result
