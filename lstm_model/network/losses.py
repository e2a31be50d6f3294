"""The two losses, each with its gradient: the loss that is reported is the loss whose gradient is taken."""

import math
from typing import NamedTuple

import numpy as np

from lstm_model.arrays import Float, Floats, Ids, Integer, quietly


class Loss(NamedTuple):
    """A mean loss and its gradient with respect to the model's outputs."""

    value: float
    gradient: Floats


@quietly
def softmax_cross_entropy(logits: Float[Floats, "*N V"], targets: Integer[Ids, "*N"]) -> Loss:
    """Cross-entropy of softmax(logits), in nats per character, the mean over all steps and sequences.

    logits of V characters; targets: ids. The gradient is (softmax - one_hot) / number of targets, because d loss /
    d logits of one target is p - one_hot (Bishop 2006, eq. 4.109). The largest logit is taken off first: exp of
    what is left cannot overflow.
    """
    flat = logits.reshape(-1, logits.shape[-1])
    rows, ids = np.arange(len(flat)), targets.reshape(-1)
    gradient = flat - flat.max(axis=1, keepdims=True)  # one array: in turn logits, exponentials, softmax, gradient
    of_targets = gradient[rows, ids]
    np.exp(gradient, out=gradient)
    total = gradient.sum(axis=1, keepdims=True)
    value = float(np.mean(np.log(total[:, 0]) - of_targets, dtype=np.float64))
    gradient /= total  # softmax
    gradient[rows, ids] -= 1
    gradient /= len(flat)
    return Loss(value, gradient.reshape(logits.shape))


@quietly
def squared_error(outputs: Float[Floats, "S B O"], targets: Float[Floats, "*R"]) -> Loss:
    """Mean of (output - target)^2 over everything that is predicted, with no 1/2; gradient 2 (output - target) / count.

    outputs, targets: of one step for "at the last step", of T for "at every step". ValueError where they
    have not one shape.
    """
    if outputs.shape != targets.shape:
        raise ValueError(f"outputs {outputs.shape} and targets {targets.shape} must have one shape")
    difference = outputs - targets
    value = float(np.mean(np.square(difference), dtype=np.float64))
    return Loss(value, difference * (2 / difference.size))


def bits(nats: float) -> float:
    """Turn nats into bits."""
    return nats / math.log(2)


def nats(bits: float) -> float:
    """Turn bits into nats."""
    return bits * math.log(2)
