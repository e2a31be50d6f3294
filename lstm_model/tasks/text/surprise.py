"""Looking at what a trained model does: how much each character of a text surprises it, and what it expected."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Floats, Ids
from lstm_model.errors import InputError
from lstm_model.network.model import LSTM
from lstm_model.tasks.base import Slices, default_part
from lstm_model.tasks.text.corpus import Vocabulary
from lstm_model.tasks.text.task import TextTask

GUESSES = 3  # how many of the likeliest characters are kept for each place
CONTEXT = 256  # characters read before a passage: enough for a page's heading and the paragraph at hand
PASSAGE = 2_000  # characters of a passage: about a screen of a large terminal
STEPS = 128  # characters of a slice

Reals = NDArray[np.float64]


class Surprise(NamedTuple):
    """How a model read n characters."""

    nats: Reals  # (n,) -ln of the probability it gave the character that came
    guesses: NDArray[np.intp]  # (n, k) ids of the characters it held likeliest, the likeliest first
    shares: Reals  # (n, k) their probabilities


def surprise(
    model: LSTM, ids: Ids, start: int, stop: int, *, context: int = CONTEXT, guesses: int = GUESSES
) -> Slices[Surprise]:
    """How much each of ids[start:stop] surprises a model that has read what stands before it.

    The state is zero `context` characters before `start`, or at the beginning of the text. With a context of 1 the mean
    of the nats is what `text_loss` measures over one stream. The first character of a text has nothing before it to be
    predicted from, so `start` must be 1 or more. InputError for a range that is empty or not inside of the text.
    """
    if not 1 <= start < stop <= len(ids):
        there = f"start at 1 or later and stop at {len(ids)} or before"
        raise InputError(f"there is nothing to read from character {start} to {stop}: {there}")
    k = min(guesses, model.output_size)
    state = None
    read = max(0, start - max(1, context))
    if read < start - 1:  # the last character before `start` is the first input below
        _, state = model.forward(ids[read : start - 1, None])
    parts: list[Surprise] = []
    for first in range(start, stop, STEPS):
        last = min(first + STEPS, stop)
        outputs, state = model.forward(ids[first - 1 : last - 1, None], state)
        parts.append(judged(outputs[:, 0], ids[first:last], k))
        yield (last - start) / (stop - start)
    return Surprise(*(np.concatenate(series) for series in zip(*parts, strict=True)))


def judged(logits: Floats, targets: Ids, k: int) -> Surprise:
    """Surprise of targets (n,) and the k first guesses, from logits (n, V), in float64."""
    logits = logits.astype(np.float64)
    logits -= logits.max(axis=1, keepdims=True)  # exp cannot overflow then
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    order = np.argsort(-log_p, axis=1, kind="stable")[:, :k]
    nats = -log_p[np.arange(len(targets)), targets.astype(np.intp)]
    return Surprise(nats, order, np.exp(np.take_along_axis(log_p, order, axis=1)))


@dataclass(frozen=True, eq=False)
class Passage:
    """A piece of a held-out part, and how a model read it."""

    step: int
    part: str  # "test", or "val" where there is no test part
    number: int  # which one, from 0
    count: int  # how many the part has
    text: str  # n characters
    surprise: Surprise
    characters: str  # of the vocabulary: what the ids of the guesses stand for
    still: Surprise | None = None  # of a model that learnt as it read: how it read the same without learning

    @property
    def bits(self) -> Reals:
        """Surprise of each character in bits (n,)."""
        return self.surprise.nats / math.log(2)

    @property
    def still_bits(self) -> Reals | None:
        """The same of the model that does not learn (n,); None where this one does not learn either."""
        return None if self.still is None else self.still.nats / math.log(2)

    def guesses(self, k: int) -> list[tuple[str, float]]:
        """The likeliest characters at place k with their probabilities."""
        ids, shares = self.surprise.guesses[k].tolist(), self.surprise.shares[k].tolist()
        return [(self.characters[i], share) for i, share in zip(ids, shares, strict=True)]


def held_out(task: TextTask) -> tuple[str, range]:
    """Name and characters of the part that shows best what a model knows: test, else val. InputError without both."""
    name = default_part(task.parts)
    return name, task.part(name)


@dataclass(frozen=True)
class Place:
    """Where a passage stands in a text."""

    part: str
    number: int
    count: int
    start: int
    stop: int


def place_of(task: TextTask, number: int, length: int = PASSAGE) -> Place:
    """Passage `number` of the held-out part; a number beyond its ends is the first or the last."""
    name, part = held_out(task)
    count = max(1, len(part) // length)  # the last one takes the rest
    number = min(max(0, number), count - 1)
    start = max(1, part.start + number * length)
    stop = part.stop if number == count - 1 else start + length
    return Place(name, number, count, start, stop)


def read_passage(model: LSTM, task: TextTask, step: int, number: int, length: int = PASSAGE) -> Slices[Passage]:
    """Let a model read a passage, see `place_of`."""
    place = place_of(task, number, length)
    read = yield from surprise(model, task.corpus.ids, place.start, place.stop)
    return passage(task, step, place, read)


def passage(task: TextTask, step: int, place: Place, read: Surprise, still: Surprise | None = None) -> Passage:
    """What was read at a place."""
    vocabulary: Vocabulary = task.corpus.vocabulary
    text = vocabulary.decode(task.corpus.ids[place.start : place.stop])
    return Passage(step, place.part, place.number, place.count, text, read, vocabulary.characters, still)
