"""Its batches."""

from lstm_model.tasks.base import Task
from lstm_tui.session.watched import ShownBatch


def next_batch_shown(task: Task) -> ShownBatch:
    """The first points of each wave."""
    x = task.next_batch().x
    rows = [" ".join(f"{value:+.2f}" for value in x[:8, b, 0]) for b in range(x.shape[1])]
    return ShownBatch(f"{len(rows)} waves", tuple(rows))
