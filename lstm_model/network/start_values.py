"""The shapes of all parameters, and the values they start from."""

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.network.parameters import Parameters


def parameter_shapes(D: int, H: int, O: int, num_layers: int) -> dict[str, tuple[int, ...]]:  # noqa: E741
    """Names and shapes of all parameters, in the order in which they lie in the vector."""
    shapes: dict[str, tuple[int, ...]] = {}
    for k in range(num_layers):
        shapes[f"weight_ih_l{k}"] = (4 * H, H if k else D)
        shapes[f"weight_hh_l{k}"] = (4 * H, H)
        shapes[f"bias_l{k}"] = (4 * H,)
    return shapes | {"head_weight": (O, H), "head_bias": (O,)}


def initialise(parameters: Parameters, H: int, rng: np.random.Generator) -> None:
    """Start values that let training work at once.

    Input and head weights U(-1/sqrt(H), 1/sqrt(H)), as PyTorch has them; each gate's recurrent block orthogonal, so
    that it neither shrinks nor stretches what it carries (Saxe et al. 2014); biases 0, but 1 for the forget gate: the
    cell remembers until it learns to forget (Gers et al. 2000; Jozefowicz et al. 2015).
    """
    bound = 1 / np.sqrt(H)
    for name, values in parameters.items():
        if name.startswith("weight_hh"):
            for block in values.reshape(4, H, H):
                block[...] = orthogonal(H, rng)
        elif name.startswith("bias"):
            values[...] = 0
            values[H : 2 * H] = 1
        elif name == "head_bias":
            values[...] = 0
        else:
            values[...] = rng.uniform(-bound, bound, values.shape)


def orthogonal(n: int, rng: np.random.Generator) -> Floats:
    """A random orthogonal matrix (n, n), uniformly distributed (Mezzadri 2007: QR with the signs of R taken out)."""
    q, r = np.linalg.qr(rng.standard_normal((n, n)))
    result: Floats = q * np.sign(np.diag(r))
    return result
