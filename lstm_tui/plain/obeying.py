"""What `train` does that somebody else asks for through the run's folder: see `watch --control`."""

import signal
import time

from lstm_model.events import Event
from lstm_model.runs.events import SaveFailed
from lstm_model.runs.remote.orders import EVERY, Order, Word
from lstm_model.runs.run import Run
from lstm_tui.options.wording import with_flags
from lstm_tui.terminal.output import message


class Obeying:
    """Moves a run on, and obeys orders to it."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._paused = False

    def moved(self) -> list[Event]:
        """Do what is asked now, then one slice of work; in a pause wait a little. Gives what happened."""
        run, events = self._run, self._heard()
        if self._paused and not run.job:
            time.sleep(EVERY)
            return events
        return events + (run.work() if run.job else run.step())

    def _heard(self) -> list[Event]:
        events: list[Event] = []
        for order in self._run.orders():
            message(f"somebody who watches asked for this: {order.word}")
            events += self._obey(order)
        return events

    def _obey(self, order: Order) -> list[Event]:
        events: list[Event] = []
        match order.word:
            case Word.PAUSE | Word.RESUME:
                self._paused = order.word is Word.PAUSE
                self._run.tell_pause(paused=self._paused)
            case Word.SAMPLE:
                self._run.look()
            case Word.SAVE:
                events = self._run.save("step")
            case Word.STOP:
                signal.raise_signal(signal.SIGTERM)  # it saves and ends as with any other polite end
        failed = [with_flags(event.reason) for event in events if isinstance(event, SaveFailed)]
        self._run.answer(order, "; ".join(failed))
        return events
