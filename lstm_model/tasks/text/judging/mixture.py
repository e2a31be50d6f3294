"""A model and counts together: p = w * model + (1 - w) * counts, with a weight w for each length of known context.

The counts are sure of themselves after a long context that they have seen, and the model is better after a short one.
The weights are fitted where nothing is judged, by expectation and maximization (Jelinek and Mercer 1980).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lstm_model.tasks.text.judging.counting_names import LONGEST_CONTEXT
from lstm_model.tasks.text.judging.kneser_ney import Counted

ROUNDS = 60  # the weights then change by less than a thousandth
PRIOR = 20.0  # characters' worth of "half and half", for lengths that hardly come in the text that is fitted on

Reals = NDArray[np.float64]


def fitted_weights(nats: Reals, counted: Counted) -> tuple[float, ...]:
    """The model's weights for 0 to 8 known characters of context, that give the lowest loss on some characters.

    nats: -ln of the model's probability of each (m,); counted: what the counts say of the same ones.
    """
    model = np.exp(-nats)
    weights = np.full(LONGEST_CONTEXT + 1, 0.5)
    for k in range(len(weights)):
        here = counted.known == k
        ours, theirs = model[here], counted.p[here]
        for _ in range(ROUNDS if here.any() else 0):
            both = weights[k] * ours
            share = both / (both + (1 - weights[k]) * theirs)  # (m,) how much of each is the model's doing
            weights[k] = (share.sum() + PRIOR / 2) / (len(share) + PRIOR)
    return tuple(weights.tolist())


def mixed(nats: Reals, counted: Counted, weights: Sequence[float]) -> Reals:
    """Surprise (m,) of the mixture, nats; see `fitted_weights`."""
    w = np.array(weights)[counted.known]
    found: Reals = -np.log(w * np.exp(-nats) + (1 - w) * counted.p)
    return found


def mixed_loss(nats: Reals, counted: Counted, weights: Sequence[float]) -> float:
    """The mean of `mixed`, nats per character."""
    return float(mixed(nats, counted, weights).mean())
