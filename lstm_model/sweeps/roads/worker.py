"""`python -m lstm_model.sweeps.roads.worker`: a process for one trial, wherever it was started.

    standard input    the order, a line of JSON; later perhaps "pause", "go on", "give up"; its end means that nobody
                      waits for the trial any more
    standard output   a line of JSON for each validation, and a last one with the outcome, or why there is none

Whoever started it may be killed at any moment. The worker then saves, ends, and leaves the folder to whoever goes on.
"""

import json
import os
import signal
import sys
import threading
import time
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError, WorkError, reason_of
from lstm_model.storage.claim import Claim
from lstm_model.sweeps.trial import Order, Reached, Wish, run_trial

PATIENCE, PAUSE = 60.0, 0.1  # seconds that a folder may still be held by a worker that nobody waits for; between looks


class Wishes:
    """What is wished, as a thread reads it from standard input."""

    def __init__(self) -> None:
        self._wish: Wish = "go on"
        threading.Thread(target=self._listen, daemon=True).start()

    def __call__(self) -> Wish:
        """What is wished now."""
        return self._wish

    def leave(self) -> None:
        """Nobody waits any more."""
        self._wish = "leave"

    def _listen(self) -> None:
        for line in sys.stdin:
            word = line.strip()
            if word in ("give up", "pause", "go on") and self._wish in ("go on", "pause"):
                self._wish = word  # type: ignore[assignment]
        self.leave()


def main() -> None:
    """Do the trial, and end without waiting for the thread that reads."""
    status = 1
    try:
        _work()
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it is, somebody reads it in the sweep's log
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _work() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the one who started us decides
    order = Order(**json.loads(sys.stdin.readline()))
    wishes = Wishes()

    def say(values: dict[str, Any]) -> None:
        try:
            sys.stdout.write(json.dumps(values) + "\n")
            sys.stdout.flush()
        except OSError:
            wishes.leave()

    def tell(reached: Reached) -> None:
        say({"reached": asdict(reached)})

    _wait_for(Path(order.folder), wishes)
    try:
        outcome = run_trial(order, tell, wishes)
    except WorkError as error:
        say({"stuck": str(error)})
    except OSError as error:
        say({"stuck": f"{error.filename or order.folder}: {reason_of(error)}"})
    else:
        if outcome is not None:
            say({"outcome": asdict(outcome)})


def _wait_for(folder: Path, wishes: Wishes) -> None:
    """Let a worker before us, that is about to leave the folder, do so."""
    until = time.monotonic() + PATIENCE
    while folder.is_dir() and time.monotonic() < until and wishes() in ("go on", "pause"):
        try:
            Claim(folder).release()
        except InputError:
            time.sleep(PAUSE)
        else:
            return


if __name__ == "__main__":
    main()
