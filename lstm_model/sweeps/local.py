"""Trials side by side on one machine, each in a process of its own."""

import json
import os
import selectors
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from lstm_model.sweeps.road import Happened
from lstm_model.sweeps.trial import Order, Outcome, Reached

LEAVE_MOST = 60.0  # seconds that a worker has for saving, once it is told to leave


class Local:
    """`jobs` processes at most. What they have to say beside results is appended to the file `log`."""

    def __init__(self, jobs: int, log: Path) -> None:
        self.jobs = jobs
        self._log: IO[bytes] = log.open("ab")
        self._ready = selectors.DefaultSelector()
        self._workers: dict[int, _Worker] = {}

    @property
    def free(self) -> int:
        """How many more trials can be started now."""
        return self.jobs - len(self._workers)

    def start(self, number: int, order: Order) -> None:
        """Begin to train a trial. OSError if no process can be started."""
        worker = _Worker(number, order, self._log)
        self._workers[number] = worker
        self._ready.register(worker.out, selectors.EVENT_READ, worker)

    def give_up(self, number: int) -> None:
        """Ask for the end of a trial, which then has an outcome."""
        if number in self._workers:
            self._workers[number].say("give up")

    def wait(self, seconds: float) -> list[Happened]:
        """What has happened, after so many seconds at most."""
        happened: list[Happened] = []
        for key, _ in self._ready.select(seconds):
            worker: _Worker = key.data
            lines, ended = worker.read()
            happened += [_told(worker.number, line) for line in lines]
            if ended:
                self._ready.unregister(worker.out)
                del self._workers[worker.number]
                status = worker.end()
                if not worker.has_outcome:
                    happened.append(Happened(worker.number, died=_in_words(status)))
        return happened

    def close(self) -> list[Happened]:
        """Tell all to save and leave, and wait until they have; what they still had to say."""
        for worker in self._workers.values():
            worker.leave()
        happened: list[Happened] = []
        while self._workers:
            now = self.wait(LEAVE_MOST)
            happened += now
            if not now and self._workers:  # nobody has said anything for a minute
                for worker in self._workers.values():
                    worker.kill()
        self._ready.close()
        self._log.close()
        return [each for each in happened if each.outcome is not None]


class _Worker:
    def __init__(self, number: int, order: Order, log: IO[bytes]) -> None:
        self.number, self.has_outcome = number, False
        self._rest = b""
        # In a session of its own, so that Ctrl+C on a terminal reaches the one who decides, and nobody else.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lstm_model.sweeps.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
        )  # fmt: skip
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        self.out = self._process.stdout
        os.set_blocking(self.out.fileno(), False)
        self.say(json.dumps(asdict(order)))

    def say(self, line: str) -> None:
        """Write a line to it; one that is dead will be noticed when it is read from."""
        stdin = self._process.stdin
        try:
            if stdin is not None and not stdin.closed:
                stdin.write(line.encode() + b"\n")
                stdin.flush()
        except OSError:
            return

    def leave(self) -> None:
        stdin = self._process.stdin
        try:
            if stdin is not None:
                stdin.close()
        except OSError:
            return

    def kill(self) -> None:
        self._process.kill()

    def read(self) -> tuple[list[dict[str, Any]], bool]:
        """The whole lines that it has written, and whether there will be no more."""
        data = os.read(self.out.fileno(), 1 << 16)
        *lines, self._rest = (self._rest + data).split(b"\n")
        told = [json.loads(line) for line in lines]
        self.has_outcome = self.has_outcome or any("outcome" in each for each in told)
        return told, not data

    def end(self) -> int:
        self.leave()
        self.out.close()
        return self._process.wait()


def _told(number: int, line: dict[str, Any]) -> Happened:
    if "outcome" in line:
        return Happened(number, outcome=Outcome(**line["outcome"]))
    return Happened(number, reached=Reached(**line["reached"]))


def _in_words(status: int) -> str:
    return f"killed by signal {-status}" if status < 0 else f"ended with status {status}"
