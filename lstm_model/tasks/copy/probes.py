"""Sequences of the copy task to look inside of its models with: which part of its work a unit is busy in."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lstm_model.tasks.base import default_part
from lstm_model.tasks.copy.kind import CopySettings
from lstm_model.tasks.copy.task import CopyTask
from lstm_model.tasks.probes import Feature, HeldOut, Probes


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
    task: CopyTask

    def many(self, most: int | None = None) -> HeldOut:
        """All held-out sequences."""
        settings = self.task.settings
        x, targets = (ids[:, :most] for ids in self.task.held_out(default_part(self.task.parts)))
        T, B = x.shape
        places = np.arange(T)[:, None] + np.arange(B) * T
        return HeldOut(x, targets, Source(np.tile(np.arange(T), B), settings), places)
