"""The same training from other seeds: how much of a result is luck."""

from collections.abc import Callable

from lstm_model.errors import WorkError
from lstm_model.network.model import Network
from lstm_model.settings.config import Config
from lstm_model.tasks.base import Result, Slices, Task
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import DivergedError, Trainer

OFTEN = 20  # steps between two looks at the progress


def train_alike(
    config: Config, steps: int, total_steps: int | None, count: int, tell: Callable[[Task, Network], Result]
) -> Slices[list[Result]]:
    """Train `count` models for `steps` steps, from the config's seed and those that follow it; all else is the same.

    total_steps: where the schedule of the rate ends. Of each model is kept what `tell` says of it as it is after its
    last step, whatever its validation losses were. Raises WorkError if one diverges.
    """
    told = []
    for k in range(count):
        task = open_task(config.changed(seed=config.seed + k))
        trainer = Trainer(task)
        trainer.total_steps = total_steps
        try:
            for step in range(steps):
                trainer.step()
                if step % OFTEN == 0:
                    yield (k + step / steps) / count
        except DivergedError as error:
            raise WorkError(f"the model of seed {task.config.seed} has diverged: {error}") from None
        finally:
            trainer.close()
        told.append(tell(task, trainer.judged))
    return told
