"""What `sample` does with it."""

from lstm_model.runs.saved_model import SavedModel
from lstm_tui.options.given import Given
from lstm_tui.terminal.output import result


def sample(saved: SavedModel, given: Given) -> int:
    """Say something."""
    result(f"a wave of step {saved.record.step}")
    return 0
