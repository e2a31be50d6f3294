"""`lstm-tui sample`: something from a saved model, in its task's way."""

from lstm_model.settings.known_tasks import KINDS
from lstm_tui.opening.chosen import with_model
from lstm_tui.opening.saved import read_named
from lstm_tui.options.given import Given
from lstm_tui.task_faces import part_of


def sample(given: Given) -> int:
    """Let the model write; gives the exit status."""
    given, _ = with_model(given, next(iter(KINDS)))
    saved = read_named(given)
    status: int = part_of(saved.config.task, "sample").sample(saved, given)
    return status
