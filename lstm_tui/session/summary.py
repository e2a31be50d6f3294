"""What stays on the normal screen after the app: how far each run came, its curve in a line, where it is saved."""

import numpy as np

from lstm_model.curves.history import Array, Buckets
from lstm_tui.session.snapshot import Snapshot, Status
from lstm_tui.visible import as_line, pasteable
from lstm_tui.wording import duration, figure, short

COLUMNS = 40  # of the curve
BLOCKS, ASCII = "▁▂▃▄▅▆▇█", "_.-=+*#@"  # from low to high


def summary(end: Snapshot, *, ascii_only: bool = False) -> list[str]:
    """The lines for one run, from its last snapshot; none for one that was only looked at."""
    if end.status is Status.EVAL_ONLY:
        return []
    now = end.figure
    if not now.step:
        return [f"{end.task}: nothing to save, no step was taken"]
    return [*course(end, ascii_only=ascii_only), "  " + saved(end)]


def course(end: Snapshot, *, ascii_only: bool = False) -> list[str]:
    """How far a run came."""
    now = end.figure
    lines = [f"{end.task}: {now.step:,} steps in {duration(now.elapsed)}, {short(now.speed)} {end.about.unit}/s"]
    losses = f"  loss {figure(now.loss)}, validation {figure(now.val_loss)}"
    if now.best_val_loss is not None:
        losses += f", lowest {figure(now.best_val_loss)} at step {now.best_step:,}"
    lines.append(losses)
    if shape := curve(end.curves.train, ASCII if ascii_only else BLOCKS):
        lines.append(f"  {shape}")
    return lines


def saved(end: Snapshot) -> str:
    """Where a run is saved, and how to go on."""
    files = end.files
    if files.save_failed:
        return as_line(f"NOT saved: {files.save_failed}")
    if not files.folder:
        return "nothing was saved"
    where = (
        "nothing new to save" if files.saved_step is None else f"saved at step {files.saved_step:,} in {files.folder}"
    )
    return as_line(f"{where}; go on with: lstm-tui --load {pasteable(files.folder)}")


def curve(buckets: Buckets, marks: str) -> str:
    """The mean loss along a run in COLUMNS marks at most, between its first and its last value; "" below two values."""
    values = buckets.mean[np.isfinite(buckets.mean)]
    if len(values) < 2:
        return ""
    columns: Array = np.array([part.mean() for part in np.array_split(values, min(COLUMNS, len(values)))])
    low, high = float(columns.min()), float(columns.max())
    shares = (columns - low) / (high - low) if high > low else np.zeros_like(columns)
    heights = np.minimum(len(marks) - 1, (shares * len(marks)).astype(int))
    return f"{figure(float(values[0]))} {''.join(marks[height] for height in heights)} {figure(float(values[-1]))}"
