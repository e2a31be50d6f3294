"""The average of the weights along the way: what a model is judged and used by.

At a rate that learns fast the weights keep shaking about a better place in their middle (Polyak & Juditsky 1992). Their
mean is that place, without lowering the rate first: a run that has no last step is at every moment as good as if it
were about to end.
"""

import numpy as np

from lstm_model.arrays import Floats

EVERY = 4  # steps between two additions: neighbours differ little, and each addition walks over all weights


class Average:
    """A running mean of weight vectors (n,) in which the share of old ones shrinks as a power of the step.

    After step t:  mean = b mean + (1 - b) weights,  b = (1 - 1/n)^(power + 1),  n = t / EVERY  (Karras et al. 2024,
    "Analyzing and Improving the Training Dynamics of Diffusion Models", section 3.1). Weights of step s then count
    with (s/t)^power: the mean looks back over about the last 1/(power + 1) of the run, however long the run is. It
    needs no memory but itself, and follows from the step alone.
    """

    def __init__(self, values: Floats, power: float) -> None:
        self.values, self.power = values, power
        self._scratch = np.empty_like(values)

    def add(self, weights: Floats, step: int) -> None:
        """Take in the weights (n,) after `step`, counted from 1; between the steps that count nothing is done."""
        if step > EVERY and step % EVERY:
            return
        kept = self.values.dtype.type(max(0.0, 1 - EVERY / step) ** (self.power + 1))  # at first: the weights alone
        self.values *= kept
        self.values += np.multiply(weights, 1 - kept, out=self._scratch)
