"""Models like one that is measured, from other seeds: on this machine side by side, or on others."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lstm_model.costs.shards import cores
from lstm_model.network.model import Network
from lstm_model.sweeps.alike import batch_alike, told_alike
from lstm_model.tasks.base import Result, Task, finish
from lstm_model.training.seeds import train_alike
from lstm_model.training.trainer import Trainer
from lstm_tui.opening.sweep import road_of
from lstm_tui.options.given import Given
from lstm_tui.options.wording import with_flags
from lstm_tui.terminal.output import message


def told_from_seeds(
    given: Given, trainer: Trainer, end: int | None, tell: Callable[[Task, Network], Result],
    progress: Callable[[float], None],
) -> list[Result]:  # fmt: skip
    """Train as many models like a trainer's as --seeds says, and keep what `tell` says of each; nothing else is kept.

    end: of the schedule of the rate, if it has one. WorkError if one diverges.
    """
    count, threads = given["seeds"], trainer.config.threads
    jobs = given.get("jobs") or max(1, min(count, cores() // max(1, threads)))
    if jobs == 1 and "scheduler" not in given:  # one after another: this process will do
        return finish(train_alike(trainer.config, trainer.steps, end, count, tell), progress)
    with tempfile.TemporaryDirectory(prefix="lstm-tui-seeds-") as folder:
        batch = batch_alike(trainer.config, trainer.steps, end, count, Path(folder))
        try:
            road = road_of(given, batch, jobs, threads, _tell)
            return told_alike(batch, road, tell, progress)
        finally:
            batch.close()


def _tell(line: Any) -> None:
    message(with_flags(line))
