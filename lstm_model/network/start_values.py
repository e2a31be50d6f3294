"""The shapes of all parameters, and the values they start from."""

import numpy as np

from lstm_model.arrays import Float, Floats
from lstm_model.network.cells.base import CellKind, Shapes
from lstm_model.network.parameters import Parameters

EMBEDDING = 0.5  # standard deviation of the input weights of ids; PyTorch's nn.Embedding has 1


def parameter_shapes(kind: CellKind, D: int, H: int, outputs: int, num_layers: int) -> Shapes:
    """Names and shapes of all parameters, in the order in which they lie in the vector."""
    shapes: Shapes = {}
    for k in range(num_layers):
        shapes |= {f"{name}_l{k}": shape for name, shape in kind.shapes(H if k else D, H).items()}
    return shapes | {"head_weight": (outputs, H), "head_bias": (outputs,)}


def initialise(parameters: Parameters, kind: CellKind, H: int, rng: np.random.Generator, *, one_hot: bool) -> None:
    """Start values that let training work at once.

    Input and head weights U(-1/sqrt(H), 1/sqrt(H)), as PyTorch has them; each gate's recurrent block orthogonal (Saxe
    et al. 2014; for recurrent networks Le, Jaitly and Hinton 2015); biases 0, or what the kind of cell says. What these
    choices do to the gradient is measured in docs/book/07-start-values.md.

    one_hot: the input is a one-hot vector, as an id stands for. It picks one column of the first layer's input weights
    and nothing is summed over, so these are an embedding, and start from N(0, EMBEDDING^2). As small as weights that
    are summed over, all characters would look alike at first: docs/recipe.md has what that costs.
    """
    bound = 1 / np.sqrt(H)
    for name, values in parameters.items():
        if name.startswith("weight_hh"):
            for block in values.reshape(-1, H, H):
                block[...] = orthogonal(H, rng)
        elif name == "weight_ih_l0" and one_hot:
            values[...] = EMBEDDING * rng.standard_normal(values.shape)
        elif "bias" in name:
            values[...] = 0
            if name.startswith("bias_l"):
                for gate, bias in kind.start_biases.items():
                    kind.rows(values, gate)[...] = bias
        else:
            values[...] = rng.uniform(-bound, bound, values.shape)


def orthogonal(n: int, rng: np.random.Generator) -> Float[Floats, "{n} {n}"]:
    """A random orthogonal matrix, uniformly distributed (Mezzadri 2007: QR with the signs of R taken out)."""
    q, r = np.linalg.qr(rng.standard_normal((n, n)))
    result: Floats = q * np.sign(np.diag(r))
    return result
