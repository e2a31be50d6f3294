"""A session: a mailbox for the screen, and the worker on its other side, which owns the run."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from lstm_model.runs.run import Run
from lstm_tui.session.commands import Stop
from lstm_tui.session.mailbox import Mailbox
from lstm_tui.session.snapshot import Paused, Snapshot
from lstm_tui.session.source import Source
from lstm_tui.session.worker import RunMaker, Worker


class Session(Source):
    """Owns a run from `start` to the end of its worker.

    make_run builds it, in the worker thread, so that the screen stays alive while data are read. In evaluation-only
    mode nothing is trained or written, and a second model can be looked at beside the first (`make_rival`): what is
    asked of the one is asked of the other. settings, tell: see `Worker`.
    """

    def __init__(
        self,
        task: str,
        make_run: RunMaker,
        *,
        paused: bool = False,
        eval_only: bool = False,
        make_rival: RunMaker | None = None,
        settings: Mapping[str, Any] | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        pause = Paused.UNTIL_RESUMED if paused else None
        mailbox = Mailbox(Snapshot.waiting(task, eval_only=eval_only, paused=pause))
        super().__init__(task, mailbox, eval_only=eval_only)
        makers = [make_run] if make_rival is None else [make_run, make_rival]
        self._worker = Worker(mailbox, makers, eval_only=eval_only, paused=pause, settings=settings, tell=tell)

    def start(self) -> None:
        """Start the worker thread."""
        self._worker.start(f"training-{self.task}")

    def turn(self) -> bool:
        """Do one turn of the worker, for whoever moves the session on without its thread."""
        return self._worker.turn()

    # How it ends

    def stop(self, *, save: bool = True, insist: bool = True) -> None:
        """Ask it to end, see `Stop`."""
        self._worker.refused = None
        self.request(Stop(save=save, insist=insist))

    def save_in_step(self) -> bool:
        """Save what the step in hand began from, see `Worker.save_in_step`."""
        return self._worker.save_in_step()

    @property
    def refused(self) -> str | None:
        """Why it did not end when it was asked to the last time."""
        return self._worker.refused

    @property
    def ordered_to_end(self) -> bool:
        """Whether it was an order from outside that ended it."""
        return self._worker.ordered_to_end

    @property
    def ended(self) -> threading.Event:
        """Set once the worker is gone."""
        return self._worker.ended

    @property
    def run(self) -> Run | None:
        """The run at hand, for whoever moves the session on itself; it belongs to the worker's thread."""
        sides = self._worker.sides
        return sides[0].run if sides else None
