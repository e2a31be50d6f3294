"""The process of a trial, as the one who started it sees it: see worker.py, which it runs."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from typing import IO

from lstm_model.sweeps.trial import Order, Outcome, Reached


class TrialProcess:
    """A worker, and what came of it. `log`: where it writes what else it has to say. OSError if it cannot begin."""

    def __init__(self, order: Order, log: IO[bytes] | int) -> None:
        self.outcome: Outcome | None = None
        self.stuck = ""  # why it could not go on, where that is no fault of the trial
        self._rest = b""
        # In a session of its own, so that Ctrl+C on a terminal reaches the one who decides, and nobody else.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lstm_model.sweeps.roads.worker"],
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
        """Let it save and end."""
        stdin = self._process.stdin
        try:
            if stdin is not None:
                stdin.close()
        except OSError:
            return

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def read(self) -> tuple[list[Reached], bool]:
        """What it has reached since it was last read from, and whether it will say no more. It must be ready."""
        data = os.read(self.out.fileno(), 1 << 16)
        *lines, self._rest = (self._rest + data).split(b"\n")
        told = [json.loads(line) for line in lines]
        for each in told:
            if "outcome" in each:
                self.outcome = Outcome(**each["outcome"])
            self.stuck = each.get("stuck", "")
        return [Reached(**each["reached"]) for each in told if "reached" in each], not data

    def end(self) -> str:
        """Wait until it is gone; how it ended, in words."""
        self.leave()
        self.out.close()
        status = self._process.wait()
        return f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
