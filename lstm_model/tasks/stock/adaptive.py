"""A model of prices that goes on learning, walking forward: each day is predicted, and learnt from once it is over."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_model.adaptation.reader import AdaptiveReader
from lstm_model.adaptation.rules import Dynamic, Rule
from lstm_model.adaptation.scales import Segment, gradient_scales
from lstm_model.adaptation.search import find_rule
from lstm_model.arrays import Floats
from lstm_model.network.model import LSTM
from lstm_model.progress import sliced
from lstm_model.tasks.base import Slices
from lstm_model.tasks.stock.paths import PricePaths
from lstm_model.tasks.stock.task import StockTask

FIRST = Rule(rate=1e-4, pull=2e-3)  # where the search begins
SCALED_BY = 128  # windows of the training part whose gradients give the scales
SLICE = 16  # days between two looks at the progress


class Walked(NamedTuple):
    """What a model that goes on learning said, and after how many days the trained weights were gone back to."""

    paths: PricePaths  # with what it said of the part's days in place of what the model says that stands still
    explosions: tuple[int, ...]


class Walk(NamedTuple):
    """What the walk over a part gave, and how it was learnt."""

    rule: Rule
    searched: int  # days of the validation part on which the rule was found
    walked: Walked


def walk(task: StockTask, model: LSTM, paths: PricePaths, part: str) -> Slices[Walk]:
    """Walk over a part with the rule that does best on the validation part. The model stays as it is.

    paths: what the model says of every day without learning.
    """
    scales = yield from sliced(_scales(task, model), 0.0, 0.05)
    days = task.data.parts["val"]

    def score(rule: Rule) -> Slices[float]:
        walked = yield from walk_forward(task, model, paths, "val", rule, scales)
        at = np.arange(days.start + paths.horizon - 1, days.stop)
        return float(np.square(walked.paths.predicted[at] - paths.closes[at]).mean())

    rule = yield from sliced(find_rule(score, FIRST), 0.05, 0.9)
    walked = yield from sliced(walk_forward(task, model, paths, part, rule, scales), 0.9, 1.0)
    return Walk(rule, len(days), walked)


def walk_forward(
    task: StockTask, model: LSTM, paths: PricePaths, part: str, rule: Rule, scales: Floats | None = None
) -> Slices[Walked]:
    """Predict each day of a part in order of time, with what was learnt from the days before it.

    With horizons of several days, a window is learnt from as soon as the last day that it speaks of is known.
    """
    data, days = task.data, task.data.parts[part]
    reader = AdaptiveReader(model, Dynamic(rule, model.parameters.flat.copy(), scales))
    said = np.empty((len(days), len(data.horizons)))
    for k, day in enumerate(days):
        known = day - data.reach  # all that its window speaks of lies before `day`
        if known >= days.start:
            segment = _window(task, known)
            reader.predict(segment.x, fresh=True)
            reader.learn(segment.targets)
        said[k] = reader.predict(data.windows(np.array([day]))[0], fresh=True)[-1, 0]
        if k % SLICE == 0:
            yield k / len(days)
    return Walked(_replaced(task, paths, days, said), tuple(reader.explosions))


def _replaced(task: StockTask, paths: PricePaths, days: range, said: NDArray[np.float64]) -> PricePaths:
    """The paths with other forecasts: `said` (n, K), scaled, made on the eve of each of some days."""
    data, n = task.data, len(paths.closes)
    outlooks = dict(paths.outlooks)
    for k, h in enumerate(data.horizons):
        predicted = outlooks[h].predicted.copy()
        there = np.array([day for day in days if day + h - 1 < n], int)
        predicted[there + h - 1] = data.closes(there, said[: len(there), k], k)
        outlooks[h] = replace(outlooks[h], predicted=predicted)
    return replace(paths, predicted=outlooks[data.horizons[0]].predicted, outlooks=outlooks)


def _scales(task: StockTask, model: LSTM) -> Slices[Floats]:
    days = task.data.days("train")
    some = days[np.linspace(0, len(days) - 1, min(SCALED_BY, len(days))).astype(int)]

    return (yield from gradient_scales(model, (_window(task, int(day)) for day in some), len(some)))


def _window(task: StockTask, day: int) -> Segment:
    """The window that ends the day before, and what it must predict."""
    x, last, every = task.data.windows(np.array([day]))
    return Segment(x, last[None] if task.settings.loss_at == "last" else every, fresh=True)
