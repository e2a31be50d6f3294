"""How large each weight's gradient usually is, so that a step can move all of them alike."""

from collections.abc import Generator, Iterable
from typing import NamedTuple

import numpy as np

from lstm_model.arrays import Floats, Inputs, State, quietly
from lstm_model.network.model import Network


class Segment(NamedTuple):
    """What is read at a time. `fresh`: it begins with a state of zeros."""

    x: Inputs  # (T, B) ids or (T, B, D)
    targets: Inputs
    fresh: bool


@quietly
def gradient_scales(model: Network, segments: Iterable[Segment], count: int) -> Generator[float, None, Floats]:
    """The root of the mean square of each weight's gradient (n,) over `count` segments that training has seen.

    Segments of the same shape as those that will be learnt from: a mean over more targets has smaller gradients. Yields
    the share that is done. The model's weights stay as they are; ValueError without segments.
    """
    squares, done = np.zeros_like(model.parameters.flat), 0
    gradients: Floats = model.gradients.flat
    state: State | None = None
    for segment in segments:
        _, state = model.loss_and_gradients(segment.x, segment.targets, None if segment.fresh else state)
        squares += np.square(gradients, out=gradients)
        done += 1
        yield done / count
    if not done:
        raise ValueError("there must be a segment to take gradients of")
    squares /= done
    return np.sqrt(squares, out=squares)
