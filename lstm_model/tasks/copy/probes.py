"""Sequences of the copy task to look inside of its models with: which part of its work a unit is busy in."""

import string
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import InputError
from lstm_model.tasks.base import default_part
from lstm_model.tasks.copy.kind import CopySettings
from lstm_model.tasks.copy.task import CopyTask
from lstm_model.tasks.probes import Feature, Probe, Probes


class Source(NamedTuple):
    """Sequences one after the other."""

    step: NDArray[np.intp]  # (N,) of its sequence that each place is
    settings: CopySettings

    @property
    def recalling(self) -> NDArray[np.bool_]:
        """From the sign to go on."""
        return self.step >= self.settings.steps - self.settings.remember - 1

    @property
    def shown(self) -> NDArray[np.bool_]:
        """While the symbols come."""
        return self.step < self.settings.remember


FEATURES = (
    Feature("steps so far", lambda source: source.step),
    Feature("symbols still to come", lambda source: np.where(source.recalling, source.settings.steps - source.step, 0)),
    Feature("while symbols are shown", lambda source: source.shown, yes_no=True),
    Feature("while it waits", lambda source: ~source.shown & ~source.recalling, yes_no=True),
    Feature("while it recalls", lambda source: source.recalling, yes_no=True),
)


class CopyProbes(Probes):
    """See the base."""

    features = FEATURES
    item = "steps"
    task: CopyTask

    def page(self, number: int = 0, length: int | None = None) -> Probe:
        """One sequence; a number beyond the last is the last, and so is a length."""
        whole = self.many()
        b = min(max(0, number), whole.x.shape[1] - 1)
        some = slice(length), slice(b, b + 1)
        return Probe(whole.x[some], whole.targets[some], whole.source, whole.places[some], whole.labels)

    def many(self) -> Probe:
        """All held-out sequences."""
        if self.text is not None:
            raise InputError("the copy task makes its sequences itself: leave the text out")
        settings = self.task.settings
        x, targets = self.task.held_out(default_part(self.task.parts))
        T, B = x.shape
        places = np.arange(T)[:, None] + np.arange(B) * T
        source = Source(np.tile(np.arange(T), B), settings)
        return Probe(x, targets, source, places, [_label(settings, id_) for id_ in x.T.ravel().tolist()])


def _label(settings: CopySettings, id_: int) -> str:
    """A symbol as a letter, a blank as a dot, the sign to begin as an arrow head."""
    return "." if id_ == settings.blank else ">" if id_ == settings.go else string.ascii_letters[id_]
