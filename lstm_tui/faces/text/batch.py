"""A batch of text as a person reads it: the streams side by side, each a piece of the training part."""

from lstm_model.tasks.base import Task
from lstm_model.tasks.text.task import TextTask
from lstm_tui.session.watched import ShownBatch
from lstm_tui.visible import as_line

ROWS = 12  # streams that are shown, of many


def next_batch_shown(task: Task) -> ShownBatch:
    """The characters of the next batch, a line for each stream."""
    if not isinstance(task, TextTask):
        raise TypeError(f"the task {task.config.task} reads no text")
    x = task.next_batch().x  # (T, B)
    T, B = x.shape
    decode = task.corpus.vocabulary.decode
    rows = tuple(as_line(decode(x[:, b])) for b in range(min(B, ROWS)))
    return ShownBatch(f"{B:,} streams of {T:,} characters; after each, the next one is predicted", rows)
