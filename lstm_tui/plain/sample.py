"""`lstm-tui sample`: something from a saved model, in its task's way."""

from pathlib import Path

from lstm_model.runs.saved_model import SavedModel
from lstm_tui.options.given import Given
from lstm_tui.task_faces import part_of


def sample(given: Given) -> int:
    """Let the model write; gives the exit status."""
    saved = SavedModel.read(Path(given["load"]))
    status: int = part_of(saved.config.task, "sample").sample(saved, given)
    return status
