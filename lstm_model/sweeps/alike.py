"""The same training from other seeds, side by side: how much of a result is luck.

Each model is trained as `train_alike` trains it, to the last bit, by a process of its own on some road.
"""

from collections.abc import Callable
from pathlib import Path

from lstm_model.errors import WorkError
from lstm_model.network.model import Network
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.saves import LAST
from lstm_model.settings.config import Config
from lstm_model.sweeps.batch import Batch, Wanted
from lstm_model.sweeps.driving import drive
from lstm_model.sweeps.roads.road import Road
from lstm_model.sweeps.standing import reached
from lstm_model.tasks.base import Result, Task


def batch_alike(config: Config, steps: int, total_steps: int | None, count: int, folder: Path) -> Batch:
    """`count` models from the config's seed and those that follow it, each of `steps` steps.

    total_steps: where the schedule of the rate ends; None: nowhere.
    """
    wanted = [Wanted(f"seed{config.seed + k}", config.changed(seed=config.seed + k)) for k in range(count)]
    return Batch(wanted, folder, steps=steps, schedule=total_steps or 0)


def told_alike(
    batch: Batch, road: Road, tell: Callable[[Task, Network], Result], progress: Callable[[float], None]
) -> list[Result]:
    """Train them on a road; of each is kept what `tell` says of it as it is after its last step.

    Raises WorkError if one diverges, or cannot be trained.
    """
    for _ in drive(batch, road, 1, lambda: False):
        progress(sum(map(reached, batch.trials.values())) / len(batch.trials))
    told = []
    for trial in batch.trials.values():
        if trial.outcome is None or trial.outcome.state != "done":
            raise WorkError(f"the model of seed {trial.seed} has failed: {trial.outcome.why if trial.outcome else ''}")
        trainer = SavedModel.read(trial.folder / LAST).trainer()
        try:
            told.append(tell(trainer.task, trainer.judged))
        finally:
            trainer.close()
    return told
