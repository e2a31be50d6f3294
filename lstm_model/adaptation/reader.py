"""Reading and learning: predict a segment, be scored, and only then learn from it."""

import math
from typing import NamedTuple

import numpy as np

from lstm_model.adaptation.rules import Update
from lstm_model.arrays import Floats, Inputs, State, quietly
from lstm_model.network.model import Network

SPAN = 16  # segments over which the weights are held against the trained ones
EVERY = 256  # segments: so often that is done anew, also where nothing is strange
STRANGE = 2.0  # times the usual loss: what may be an explosion, or a text that is hard for any weights
RAN_AWAY = 1.25  # times the loss of the trained weights on the same segments: an explosion
CERTAIN, SOON = 6.0, 4  # times that loss, and segments, after which there is no need to look at more of them


def copy_of(model: Network) -> Network:
    """Another network with the same weights, which can change while the model's stay."""
    copied = Network(**model.settings)
    copied.parameters.flat[...] = model.parameters.flat
    return copied


class _Predicted(NamedTuple):
    """A segment that waits for its targets."""

    x: Inputs  # (T, B) ids or (T, B, D) floats
    before: State | None  # the state it was begun with
    outputs: Floats  # (S, B, O)


class AdaptiveReader:
    """A copy of a model that learns from what it has read; the model itself stays as it is.

    `predict` sees the inputs of a segment alone. What it gives can be scored; `learn` then takes the targets. So
    nothing is learnt from before it was predicted, whatever the update is. Weights that run away go back to the trained
    ones, the update slows down, and `explosions` says after how many targets that was.
    """

    def __init__(self, model: Network, update: Update) -> None:
        self.model, self.update = copy_of(model), update
        self.state: State | None = None  # after the last segment
        self.explosions: list[int] = []
        self.learnt = 0  # targets, of all sequences together
        self._trained = copy_of(model)
        self._trained_state: State | None = None  # while the two are compared
        self._predicted: _Predicted | None = None
        self._watch = _Watch()

    def predict(self, x: Inputs, *, fresh: bool = False) -> Floats:
        """The outputs (S, B, O) for a segment, (T, B) ids or (T, B, D) floats.

        It begins with the state that the last segment left, or with zeros if it is `fresh`. Outputs that are no finite
        numbers show, before anything is compared with them, that the weights have run away: then the trained ones
        predict.
        """
        before = None if fresh else self.state
        outputs, self.state = self.model.forward(x, before)
        if not np.isfinite(outputs).all():
            self._go_back()
            before = None  # the state was made by weights that had run away
            outputs, self.state = self.model.forward(x, before)
        self._predicted = _Predicted(x, before, outputs)
        return outputs

    @quietly
    def learn(self, targets: Inputs) -> float:
        """Learn from the segment that was predicted last: its loss, as it was predicted. RuntimeError without one."""
        if self._predicted is None:
            raise RuntimeError("learn needs a prediction before it")
        (x, before, outputs), self._predicted = self._predicted, None
        loss, d_outputs = self.model.loss(outputs, targets)
        theirs = self._with_trained_weights(x, targets, fresh=before is None) if self._watch.is_comparing else None
        if self._watch.ran_away(loss, theirs):
            self._go_back()
        else:
            self.model.backward(d_outputs, to_x=False)
            self.update.apply(self.model.parameters.flat, self.model.gradients.flat)
        self.learnt += targets.shape[0] * targets.shape[1]
        return loss

    def _with_trained_weights(self, x: Inputs, targets: Inputs, *, fresh: bool) -> float:
        """The loss of a segment as the trained weights predict it, with a state that they have made themselves."""
        state = None if fresh or self._watch.begins else self._trained_state
        outputs, self._trained_state = self._trained.forward(x, state)
        return self._trained.loss(outputs, targets).value

    def _go_back(self) -> None:
        self.model.parameters.flat[...] = self._trained.parameters.flat
        self.update.slow_down()
        self.explosions.append(self.learnt)
        self.state = None
        self._watch = _Watch()


class _Watch:
    """Notices weights that have run away: a loss far above that of the trained weights on the same segments.

    The two are compared over the first SPAN segments, over SPAN more whenever the loss has become strange, and now and
    then.
    """

    def __init__(self) -> None:
        self._left, self._ours, self._theirs = SPAN, 0.0, 0.0
        self._usual = self._recent = 0.0
        self._since = 0  # segments since they were compared

    @property
    def is_comparing(self) -> bool:
        """Whether the next segment's loss with the trained weights is wanted."""
        return self._left > 0

    @property
    def begins(self) -> bool:
        """Whether that is the first of some segments."""
        return self._left == SPAN

    def ran_away(self, loss: float, theirs: float | None) -> bool:
        """Take in a segment's loss, and that of the trained weights where it was wanted."""
        if not math.isfinite(loss):
            return True
        if theirs is None:
            self._since += 1
            self._recent += (loss - self._recent) / SPAN
            if self._since >= EVERY or self._recent > STRANGE * self._usual:
                self._left, self._ours, self._theirs, self._since = SPAN, 0.0, 0.0, 0
            return False
        self._left, self._ours, self._theirs = self._left - 1, self._ours + loss, self._theirs + theirs
        if self._left:
            return self._left <= SPAN - SOON and self._ours > CERTAIN * self._theirs
        self._usual = self._recent = self._theirs / SPAN
        return self._ours > RAN_AWAY * self._theirs
