"""A model of text that learns from each segment once it has predicted it (dynamic evaluation, Krause et al. 2018)."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_model.adaptation.reader import AdaptiveReader
from lstm_model.adaptation.rules import Dynamic, Rule
from lstm_model.adaptation.scales import Segment, gradient_scales
from lstm_model.adaptation.search import find_rule
from lstm_model.arrays import Floats, Ids
from lstm_model.errors import InputError
from lstm_model.network.model import LSTM
from lstm_model.progress import sliced
from lstm_model.tasks.base import Slices
from lstm_model.tasks.text.surprise import GUESSES, PASSAGE, Passage, Surprise, judged, passage, place_of, surprise
from lstm_model.tasks.text.task import TextTask

SEGMENT = 32  # characters predicted, and then learnt from, at a time
# Where a search begins, and what is taken where there is nothing to search on: docs/recipe.md says how they were found.
SCALED, PLAIN = Rule(rate=2e-3, pull=2e-3), Rule(rate=2.0, pull=2e-3)
SCALED_BY = 128  # segments of the training part whose gradients give the scales
LEAD = PASSAGE  # characters learnt from before a passage is read
RUNS = 4  # of so many segments in a row, spread over the training part


def text_reader(model: LSTM, rule: Rule | None = None, scales: Floats | None = None) -> AdaptiveReader:
    """A copy of the model that learns as it reads; without a rule by the usual one."""
    rule = rule or (PLAIN if scales is None else SCALED)
    return AdaptiveReader(model, Dynamic(rule, model.parameters.flat.copy(), scales))


def read_adaptively(
    reader: AdaptiveReader, ids: Ids, start: int, stop: int, *, guesses: int = GUESSES
) -> Slices[Surprise]:
    """How much each of ids[start:stop] surprises a model that learns from all of them that it has read.

    Each character is predicted with weights that have not seen it: it is learnt from with its segment, after all of
    that was predicted. The reader goes on with what it has learnt, and read, before. InputError for a range that is
    empty or not inside of the text.
    """
    if not 1 <= start < stop <= len(ids):
        raise InputError(f"no characters {start} to {stop} that something stands before: the text has {len(ids)}")
    k = min(guesses, reader.model.output_size)
    parts: list[Surprise] = []
    for first in range(start, stop, SEGMENT):
        last = min(first + SEGMENT, stop)
        outputs = reader.predict(ids[first - 1 : last - 1, None])
        parts.append(judged(outputs[:, 0], ids[first:last], k))
        reader.learn(ids[first:last, None])
        yield (last - start) / (stop - start)
    return Surprise(*(np.concatenate(series) for series in zip(*parts, strict=True)))


def text_scales(model: LSTM, ids: Ids, train: range) -> Slices[Floats | None]:
    """How large each weight's gradient is on segments of the training part; None if that is too short for one."""
    if len(train) <= SEGMENT:
        return None
    segments = list(_spread(ids, train))
    return (yield from gradient_scales(model, segments, len(segments)))


def _spread(ids: Ids, train: range) -> Iterator[Segment]:
    """Segments in some runs over a part; where it is short, fewer."""
    runs = np.array_split(np.arange(min(SCALED_BY, (len(train) - 1) // SEGMENT)), RUNS)
    for k, run in enumerate(runs):
        begin = train.start + 1 + k * (len(train) - 1) // RUNS
        for n in range(len(run)):
            first = begin + n * SEGMENT
            last = first + SEGMENT
            yield Segment(ids[first - 1 : last - 1, None], ids[first:last, None], fresh=n == 0)


def read_passage_adaptively(
    model: LSTM, task: TextTask, step: int, number: int, length: int = PASSAGE
) -> Slices[Passage]:
    """Let a model read a passage and learn from it, from the trained weights on, and once more without learning.

    It has learnt from LEAD characters before the passage, or from as many as there are.
    """
    place, ids = place_of(task, number, length), task.corpus.ids
    still = yield from sliced(surprise(model, ids, place.start, place.stop), 0.0, 0.2)
    reader = text_reader(model)
    lead = max(1, place.start - LEAD)
    if lead < place.start:
        yield from sliced(read_adaptively(reader, ids, lead, place.start, guesses=1), 0.2, 0.6)
    read = yield from sliced(read_adaptively(reader, ids, place.start, place.stop), 0.6, 1.0)
    return passage(task, step, place, read, still)


class FoundRule(NamedTuple):
    """The best rule, and the surprise of each character that it was found on (n,), nats."""

    rule: Rule
    nats: NDArray[np.float64]


def find_text_rule(model: LSTM, ids: Ids, part: range, scales: Floats | None) -> Slices[FoundRule]:
    """The rate and the pull that give the lowest loss on a part which judges nothing."""
    readings: dict[Rule, NDArray[np.float64]] = {}

    def score(rule: Rule) -> Slices[float]:
        reader = text_reader(model, rule, scales)
        readings[rule] = (yield from read_adaptively(reader, ids, part.start, part.stop, guesses=1)).nats
        return float(readings[rule].mean())

    best = yield from find_rule(score, PLAIN if scales is None else SCALED)
    return FoundRule(best, readings[best])
