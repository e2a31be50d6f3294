"""A new run. Whoever asks for one, on the command line, in the form or with a key, gets the same checks."""

from lstm_model.costs.memory import require_memory
from lstm_model.runs.folder import RunFolder
from lstm_model.settings.config import Config
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer
from lstm_tui.opening.opened import Opened, released_on_failure
from lstm_tui.opening.where import require_writable


def new_run(config: Config, folder: RunFolder) -> Opened:
    """Read the data and build the model; InputError if the folder cannot be written or the memory does not suffice."""
    with released_on_failure(folder):
        require_writable(folder)
        task = open_task(config)
        require_memory(task.config, task.sizes)
        return Opened(Trainer(task), folder)
