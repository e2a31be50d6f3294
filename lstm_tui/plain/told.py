"""`train --notify`: what becomes of a run, told to a person who looks elsewhere."""

import sys

from lstm_model.events import Event
from lstm_model.runs.run import Run
from lstm_tui.telling.teller import Teller, escapes_of
from lstm_tui.telling.worth import Worth
from lstm_tui.terminal.output import message


class RunTold:
    """Tells of a run's events; rings on a terminal alone, and where the log goes into a file on none."""

    def __init__(self, teller: Teller, run: Run) -> None:
        self._teller = teller
        self._worth = Worth(run.folder.path.name if run.folder else run.trainer.config.task)
        teller.complain = message
        if all(stream.isatty() for stream in (sys.stdout, sys.stderr)):
            teller.ring = _ring

    def show(self, events: list[Event]) -> None:
        """Tell of those that are worth it."""
        for line in self._worth.of(events):
            self._teller.tell(line)


def _ring(line: str) -> None:
    sys.stderr.write(escapes_of(line))
    sys.stderr.flush()
