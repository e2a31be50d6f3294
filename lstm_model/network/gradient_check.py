"""Are the gradients right? Nudge a number, see how the loss moves, and compare with what `backward` says.

Central differences: f'(a) = (f(a + s) - f(a - s)) / 2s + O(s^2). Rounding adds about 1e-16 |f| / s. The sum of both
errors is smallest near s = 1e-5 for float64 (Press et al. 2007, section 5.7): some 1e-10 of the size of the loss,
which is why a check in float32, with its 1e-7 of rounding, would prove little.
"""

from collections.abc import Callable

import numpy as np

from lstm_model.arrays import Float, Floats, Inputs, Shaped, State
from lstm_model.network.model import Network

# Central differences are right to about 1e-10, however small the gradient is. Below FLOOR that noise would be a large
# part of a small number, so smaller gradients are held to FLOOR times the tolerance in absolute terms instead: with a
# tolerance of 1e-6 to 1e-9, at which a wrong sign of a gradient below 5e-10 would pass.
FLOOR = 1e-3


def numerical_gradient(
    function: Callable[[], float], array: Float[Floats, "*A"], step: float = 1e-5
) -> Float[Floats, "*A"]:
    """The gradient of function() with respect to `array`, in its shape, by central differences.

    The function reads `array`; its entries are moved in place one after the other, and each is put back exactly, even
    if the function raises. Two calls for every entry: for small arrays only.
    """
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        before = array[index]
        try:
            array[index] = before + step
            above = function()
            array[index] = before - step
            below = function()
        finally:
            array[index] = before
        gradient[index] = (above - below) / (2 * step)
    return gradient


def relative_error(a: Float[Floats, "*A"], b: Float[Floats, "*A"]) -> float:
    """The largest |a - b| / max(|a| + |b|, FLOOR) over all entries: 0 where they agree, up to 1 where they do not."""
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), FLOOR)))


def check_gradients(
    model: Network,
    x: Shaped[Inputs, "T B *D"],
    targets: Shaped[Inputs, "S B *O"],
    state: State | None = None,
    dropout_seed: int | None = None,
) -> dict[str, float]:
    """Compare every gradient of `model`, which must be float64, with central differences.

    x: (T, B) ids or (T, B, D) floats; targets as `model.loss` takes them; state: what to start from, zeros when None.
    With `dropout_seed` dropout is on, and every pass draws the same mask from it: a loss that changed by chance from
    call to call would have no derivative. Returns the relative error of each parameter by name, of each state before
    the first step ("h0", "c0") and, for floats, of "x". Below 1e-6 is right, see FLOOR. The parameters end as they
    began. ValueError for a model of another dtype.
    """
    if model.dtype != np.float64:
        raise ValueError(f"gradients can only be checked in float64, not {model.dtype}")
    x = x.copy() if x.ndim == 2 else x.astype(np.float64)
    start = tuple(part.astype(np.float64) for part in state or model.zero_state(x.shape[1]))

    def outputs() -> Floats:
        rng = None if dropout_seed is None else np.random.default_rng(dropout_seed)
        return model.forward(x, start, rng)[0]

    def loss() -> float:
        return model.loss(outputs(), targets).value

    exact = model.backward(model.loss(outputs(), targets).gradient)
    pairs = {name: (values, model.gradients[name]) for name, values in model.parameters.items()}
    for name, values, gradient in zip(model.kind.states, start, exact.state, strict=True):
        pairs[f"{name}0"] = values, gradient
    if exact.x is not None:
        pairs["x"] = x, exact.x
    return {
        name: relative_error(numerical_gradient(loss, values), gradient) for name, (values, gradient) in pairs.items()
    }
