"""One pass over a text by a model that begins with nothing: each character is predicted, then learnt from.

The mean of -ln p is what a compressor of this kind would need, for whoever reads the same text in the same way can make
the same predictions (Knoll's lstm-compress, Bellard's NNCP).
"""

import math
from typing import NamedTuple

import numpy as np

from lstm_model.adaptation.reader import AdaptiveReader
from lstm_model.adaptation.rules import Optimized
from lstm_model.arrays import Ids
from lstm_model.errors import InputError
from lstm_model.network.model import LSTM
from lstm_model.optimization.optimizers import OPTIMIZERS
from lstm_model.optimization.schedules import rate_factor
from lstm_model.settings.config import Config
from lstm_model.tasks.base import Slices
from lstm_model.tasks.text.corpus import fitting_shape

TENTHS = 10
LEAST = 16  # characters
# A text that is read once has to be learnt from often, and the fewer streams, the more is known at each place. On the
# first 120,000 characters of a manual, 16 streams of 64 characters needed 3.25 nats, 4 of 16 needed 1.98, and one of 32
# the same in twice the time.
STREAMS, SEGMENT = 4, 16


class Online(NamedTuple):
    """How a text was read."""

    loss: float  # nats per character, all of them
    tenths: list[float]  # the same over each tenth of the way; of a short text fewer
    streams: int  # read side by side
    segment: int  # characters of each stream that were predicted before they were learnt from
    explosions: list[int]  # after how many characters the weights ran away, and it began anew


def read_online(config: Config, ids: Ids, V: int) -> Slices[Online]:
    """Read all of ids (n,), 0 .. V-1, once, with a new model of these settings, but for batch and sequence length.

    The text is cut into STREAMS that are read side by side. Their first characters are as likely as any. InputError for
    a text of fewer than 16 characters.
    """
    if len(ids) < LEAST:
        raise InputError(f"the text has {len(ids)} characters: too few to learn from, {LEAST} are the least")
    B, T = fitting_shape(len(ids), STREAMS, SEGMENT)
    length = len(ids) // B
    starts = np.arange(B) * length
    model = LSTM(V, config.hidden_size, V, config.num_layers, seed=config.seed, cell=config.cell)
    parameters = model.parameters.flat

    def rate(step: int) -> float:
        return config.learning_rate * rate_factor(config.schedule, step, config.warmup, None)

    optimizer = OPTIMIZERS[config.optimizer](parameters.size, parameters.dtype)
    reader = AdaptiveReader(model, Optimized(optimizer, rate, config.clip, config.clip_mode))
    total, losses = B * math.log(V), []
    for first in range(1, length, T):
        places = starts + np.arange(first, min(first + T, length))[:, None]  # (T, B)
        reader.predict(ids[places - 1])
        losses.append(reader.learn(ids[places]))
        total += losses[-1] * places.size
        yield min(1.0, (first + T) / length)
    if rest := len(ids) - B * length:  # fewer than B: what is over at the end of the last stream
        total += rest * math.log(V)
    parts = np.array_split(np.array(losses), min(TENTHS, len(losses)))
    return Online(total / len(ids), [float(part.mean()) for part in parts], B, T, reader.explosions)
