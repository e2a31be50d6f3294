"""A batch of windows as a person reads it: the days that are looked at, and what came after them."""

from lstm_model.tasks.base import Task
from lstm_model.tasks.stock.reading.rows import shown_date
from lstm_model.tasks.stock.task import StockTask
from lstm_tui.session.watched import ShownBatch

ROWS = 12  # windows that are shown, of many
LAST = 3  # days of a window whose values are shown


def next_batch_shown(task: Task) -> ShownBatch:
    """The windows of the next batch, a line for each: its days, the last values in it, and those it is to predict."""
    if not isinstance(task, StockTask):
        raise TypeError(f"the task {task.config.task} reads no series")
    days, T = task.next_days(), task.config.seq_length  # (B,)
    name = f"{len(days):,} windows of {T:,} {task.data.step}s, shuffled; after -> what each is to predict"
    return ShownBatch(name, tuple(_row(day, T, task) for day in days[:ROWS].tolist()))


def _row(day: int, T: int, task: StockTask) -> str:
    """The window before a day."""
    closes, dates = task.prices.close, task.prices.dates
    span = f"{shown_date(dates[day - T])} to {shown_date(dates[day - 1])}"
    read = " ".join(f"{close:,.5g}" for close in closes[max(day - LAST, day - T) : day])
    targets = ", ".join(f"{closes[day + ahead - 1]:,.5g}" for ahead in task.data.horizons)
    return f"{span}: ... {read} -> {targets}"
