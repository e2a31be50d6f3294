"""A run driven to its end in front of a person who waits for it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from lstm_model.events import Event
from lstm_model.notebook.line import Line
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.events import Exploded, SaveFailed, WentBack
from lstm_model.runs.run import Run

SMOOTH = 0.05  # weight of a new loss in the running mean that the line shows


class Stop:
    """Whether a person asked for an end."""

    asked = False


@contextmanager
def stopped_by_interrupt() -> Iterator[Stop]:
    """While entered, an interrupt (Ctrl+C, the stop button of a notebook) is noted; a second one ends at once.

    A step must not be cut in two: what lasts would be half of one and half of the other.
    """
    stop = Stop()

    def noted(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        stop.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    if threading.current_thread() is not threading.main_thread():  # Python allows no other
        yield stop
        return
    before = signal.signal(signal.SIGINT, noted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)


def drive(run: Run, line: Line) -> list[str]:
    """Train until the run's limit, or an interrupt; it is saved then. Returns what a person should know of how it went.

    OSError if nothing can be written any more.
    """
    said: list[str] = []
    mean: float | None = None
    with one_blas_thread(), stopped_by_interrupt() as stop:
        while not (run.finished or run.diverged or stop.asked):
            stepping = run.job is None
            _note(run.step() if stepping else run.work(), said)
            last = run.trainer.last
            if stepping and last is not None:
                mean = last.loss if mean is None else mean + SMOOTH * (last.loss - mean)
            line.show(_standing(run, mean))
        if not run.finished:
            _note(run.save_unsaved(), said)
    if stop.asked:
        said.append(f"stopped at step {run.trainer.steps:,}; `train` goes on from there")
    run.close()
    line.end(_standing(run, mean))
    return said


def _note(events: list[Event], said: list[str]) -> None:
    said += [str(getattr(event, "reason", event)) for event in events if isinstance(event, Exploded | SaveFailed)]
    said += [str(event) for event in events if isinstance(event, WentBack)]


def _standing(run: Run, mean: float | None) -> str:
    trainer = run.trainer
    loss = "" if mean is None else f"  loss {mean:.3f}"
    val = "" if trainer.val_loss is None else f"  validation {trainer.val_loss:.3f}"
    left = run.eta
    if run.finished or left is None:
        time = f"{trainer.elapsed:.0f} s"
    else:
        time = f"measuring {100 * run.job_share:.0f} %" if run.job in ("evaluate", "finish") else f"{left:.0f} s left"
    return f"step {trainer.steps:,}{loss}{val}  {time}"
