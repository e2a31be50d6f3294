"""What the losses of saved runs are held against: counted once for all runs of the same data, then known.

The baselines are those of `Task.references`: losses of forecasts that need no network. `Saved.baselines` is a key that
runs share which are held against the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lstm_model.errors import LSTMError
from lstm_model.runs.saves import Saved
from lstm_model.settings.config import Config
from lstm_model.storage.cache import recall, remember
from lstm_model.storage.checkpoint import read_record
from lstm_model.tasks.registry import open_task

ROOM = "references"
LARGEST = 1e30  # loss that is believed of a cache

Losses = Mapping[str, float]


@dataclass(frozen=True)
class Passed:
    """The baselines that a run is better than, the hardest first, and how many there are."""

    names: tuple[str, ...]
    of: int


def known(key: str) -> Losses:
    """The baselines that were counted for such runs; none if they were not."""
    kept = recall(key, ROOM)
    sound = all(type(loss) in (int, float) and 0 <= loss <= LARGEST for loss in kept.values())
    return {name: float(loss) for name, loss in kept.items()} if sound else {}


def count(save: Saved) -> Losses:
    """Read a run's data and count its baselines, which takes seconds.

    None if its data are not there, or are no longer those it was trained on.
    """
    try:
        record = read_record(save.file)
        task = open_task(Config.from_dict(dict(save.values)), record.data.memory)
        if task.fingerprint != record.data.sha256:
            return {}
        found = task.references()
    except (LSTMError, OSError, MemoryError):
        return {}
    remember(save.baselines, found, ROOM)
    return found


def passed(save: Saved, losses: Losses) -> Passed | None:
    """Which of them the best validation loss of a run is below; None where either is unknown."""
    best = save.best_val_loss
    if best is None or not losses:
        return None
    below = sorted((loss, name) for name, loss in losses.items() if best < loss)
    return Passed(tuple(name for _, name in below), len(losses))
