"""Sequences of the copy task, and how well a model repeats what it was shown.

The form is that of Arjovsky, Shah & Bengio 2016 (section 5.1); long time lags as a test of memory are from Hochreiter &
Schmidhuber 1997.
"""

from typing import NamedTuple

import numpy as np

from lstm_model.arrays import Floats, Ids
from lstm_model.network.losses import softmax_cross_entropy
from lstm_model.network.model import Network
from lstm_model.tasks.base import Slices
from lstm_model.tasks.copy.kind import CopySettings

SLICE = 128  # sequences measured at a time


class Sequences(NamedTuple):
    """Some sequences side by side. x, targets: (T, B) ids."""

    x: Ids
    targets: Ids


class Score(NamedTuple):
    """loss: nats per step. per_symbol: nats per symbol to be recalled. recall: share of these that were right."""

    loss: float
    per_symbol: float
    recall: float


def make_sequences(settings: CopySettings, rng: np.random.Generator, count: int) -> Sequences:
    """`count` sequences of random symbols, each as likely as any other."""
    k, T = settings.remember, settings.steps
    symbols = rng.integers(0, settings.alphabet, (k, count))
    x, targets = np.full((2, T, count), settings.blank)
    x[:k] = symbols
    x[T - k - 1] = settings.go
    targets[T - k :] = symbols
    return Sequences(x, targets)


def score(model: Network, sequences: Sequences, remember: int) -> Slices[Score]:
    """Measure a model; every step counts for the loss, the last `remember` of each sequence for the recall."""
    x, targets = sequences
    T, count = x.shape
    total = of_symbols = 0.0
    right = 0
    for start in range(0, count, SLICE):
        here = slice(start, start + SLICE)
        outputs, _ = model.forward(x[:, here])
        total += _nats(outputs, targets[:, here])
        asked, answers = targets[T - remember :, here], outputs[T - remember :]
        of_symbols += _nats(answers, asked)
        right += int(np.count_nonzero(answers.argmax(axis=-1) == asked))
        yield min(1.0, (start + SLICE) / count)
    return Score(total / (T * count), of_symbols / (remember * count), right / (remember * count))


def _nats(outputs: Floats, targets: Ids) -> float:
    """The sum over all of some outputs (T, B, V) for targets (T, B)."""
    return softmax_cross_entropy(outputs, targets).value * targets.size
