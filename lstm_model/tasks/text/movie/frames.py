"""Frames of a movie: when one is due, and how a model reads the passage they all show."""

import numpy as np

from lstm_model.network.model import LSTM
from lstm_model.tasks.base import Slices
from lstm_model.tasks.films import FINEST, MOST, Frame
from lstm_model.tasks.text.surprise import surprise
from lstm_model.tasks.text.task import TextTask

LENGTH = 600  # characters
FIRST = 50  # steps before the first frame after that of step 0; from there on twice as many each time


def is_due(step: int) -> bool:
    """True for 0, 50, 100, 200, 400 ...: some twenty frames in ten million steps."""
    times, rest = divmod(step, FIRST)
    return rest == 0 and times & (times - 1) == 0  # 0 or a power of 2


def shown_part(task: TextTask) -> range:
    """The characters that all frames show: the first of the validation part, of the test part where there is none.

    The very first character of a text is left out, for nothing comes before it. InputError without a held-out part.
    """
    part = task.part("val" if task.parts.get("val") else "test")
    start = max(1, part.start)
    return range(start, min(start + LENGTH, part.stop))


def make_frame(model: LSTM, task: TextTask, step: int) -> Slices[Frame]:
    """Let a model read the passage."""
    part = shown_part(task)
    read = yield from surprise(model, task.corpus.ids, part.start, part.stop, guesses=1)
    levels = np.clip(np.rint(read.nats / np.log(2) * FINEST), 0, MOST).astype(np.uint8)
    return Frame(step, levels, task.corpus.vocabulary.decode(read.guesses[:, 0]))
