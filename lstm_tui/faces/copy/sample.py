"""What `sample` does with a model of the copy task: it says what to ask instead."""

from lstm_model.errors import CheckpointError
from lstm_model.runs.saved_model import SavedModel
from lstm_tui.options.given import Given


def sample(saved: SavedModel, given: Given) -> int:  # noqa: ARG001
    """A CheckpointError."""
    file = saved.file
    raise CheckpointError(f"{file} is a model of the copy task and writes no text: see `lstm-tui eval --load {file}`")
