"""Trials side by side on one machine, each in a process of its own."""

import selectors
from pathlib import Path
from typing import IO

from lstm_model.storage.files import open_to_append
from lstm_model.sweeps.roads.process import TrialProcess
from lstm_model.sweeps.roads.road import Happened
from lstm_model.sweeps.trial import Order

LEAVE_MOST = 60.0  # seconds that a worker has for saving, once it is told to leave


class Local:
    """`jobs` processes at most. What they have to say beside results is appended to the file `log`."""

    def __init__(self, jobs: int, log: Path) -> None:
        self.jobs = jobs
        self._log: IO[bytes] = open_to_append(log)
        self._ready = selectors.DefaultSelector()
        self._out: dict[int, TrialProcess] = {}
        self.able = True  # until a trial could not go on here

    @property
    def free(self) -> int:
        """How many more trials can be started now."""
        return self.jobs - len(self._out) if self.able else 0

    def start(self, number: int, order: Order) -> None:
        """Begin to train a trial. OSError if no process can be started."""
        process = self._out[number] = TrialProcess(order, self._log)
        self._ready.register(process.out, selectors.EVENT_READ, (number, process))

    def give_up(self, number: int) -> None:
        """Ask for the end of a trial, which then has an outcome."""
        if number in self._out:
            self._out[number].say("give up")

    def pause(self, waits: bool) -> None:
        """Let all trials save and wait where they are, or go on."""
        for process in self._out.values():
            process.say("pause" if waits else "go on")

    def wait(self, seconds: float) -> list[Happened]:
        """What has happened, after so many seconds at most."""
        happened: list[Happened] = []
        for key, _ in self._ready.select(seconds):
            number, process = key.data
            reached, ended = process.read()
            happened += [Happened(number, reached=each) for each in reached]
            if ended:
                self._ready.unregister(process.out)
                del self._out[number]
                how = process.end()
                happened.append(self._ended(number, process, how))
        return happened

    def _ended(self, number: int, process: TrialProcess, how: str) -> Happened:
        if process.outcome is not None:
            return Happened(number, outcome=process.outcome)
        if process.stuck:
            self.able = False
            return Happened(number, stuck=process.stuck)
        return Happened(number, died=how)

    def close(self) -> list[Happened]:
        """Tell all to save and leave, and wait until they have; the outcomes of those that ended meanwhile."""
        for process in self._out.values():
            process.leave()
        happened: list[Happened] = []
        while self._out:
            now = self.wait(LEAVE_MOST)
            happened += now
            if not now:  # nobody has said anything for a minute
                for process in self._out.values():
                    process.kill()
        self._ready.close()
        self._log.close()
        return [each for each in happened if each.outcome is not None]
