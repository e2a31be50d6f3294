"""A batch of the copy task as a person reads it: what comes in, and what is to be said."""

from lstm_model.tasks.base import Task
from lstm_model.tasks.copy.task import CopyTask
from lstm_tui.session.watched import ShownBatch

ROWS = 12  # sequences that are shown, of many


def next_batch_shown(task: Task) -> ShownBatch:
    """The sequences of the next batch, a line for each."""
    if not isinstance(task, CopyTask):
        raise TypeError(f"the task {task.config.task} repeats nothing")
    batch, names, k = task.next_batch(), task.names, task.settings.remember
    T, B = batch.x.shape
    rows = []
    for b in range(min(B, ROWS)):
        came, due = ("".join(names[symbol] for symbol in ids[:, b].tolist()) for ids in (batch.x, batch.targets))
        rows.append(f"{came} -> {due[T - k :]}")
    return ShownBatch(f"{B:,} sequences of {T:,} symbols; after !, the first {k} are to be repeated", tuple(rows))
