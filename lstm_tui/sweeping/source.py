"""Where the screen of a sweep hears how it stands: from a thread that drives it, or from a folder.

Both give the newest `Standing`, which nobody changes any more, and make the next one only once that was looked at. So
neither waits for the screen, and where nobody looks nothing is made.
"""

import os
import signal
import threading
from collections import deque
from typing import Protocol

from lstm_model.errors import LSTMError
from lstm_model.storage.claim import LOCK
from lstm_model.sweeps.driving import drive
from lstm_model.sweeps.outside import Outside
from lstm_model.sweeps.roads.road import Road
from lstm_model.sweeps.standing import Standing
from lstm_model.sweeps.sweep import Sweep

FOLLOW = 0.5  # seconds between two looks at a folder


class Source(Protocol):
    """What the screen asks. ended: set once nothing more will come. said: lines that a person should read, once."""

    ended: threading.Event
    said: deque[str]

    @property
    def is_driven_here(self) -> bool:
        """Whether this process drives it."""
        ...

    def look(self) -> Standing:
        """How it stands."""
        ...

    def pause(self, waits: bool) -> bool:
        """Let all trials wait, or go on; False where that cannot be done from here."""
        ...

    def stop(self) -> bool:
        """Let all trials save and end; False where that cannot be done from here."""
        ...


class Driven:
    """A sweep that a thread of this process drives. error: what ended it, if it was no good end.

    said: what a person should read, and whatever the road adds to it.
    """

    is_driven_here = True

    def __init__(self, sweep: Sweep, road: Road, threads: int, said: deque[str]) -> None:
        self.ended = threading.Event()
        self.said = said
        self.error: LSTMError | OSError | None = None
        self._sweep, self._road, self._threads = sweep, road, threads
        self._running: set[int] = set()
        self._paused = self._stops = False
        self._looked = threading.Event()
        self._standing = Standing.of(sweep, ())
        self._thread = threading.Thread(target=self._drive, name="sweep")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def look(self) -> Standing:
        """How it stands."""
        self._looked.set()
        return self._standing

    def pause(self, waits: bool) -> bool:
        """Let all trials save and wait where they are, or go on."""
        self._paused = waits
        return True

    def stop(self) -> bool:
        """Let all trials save and end."""
        self._stops = True
        return True

    def join(self) -> None:
        """Wait until it has ended."""
        self._thread.join()

    def _drive(self) -> None:
        try:
            for told in drive(self._sweep, self._road, self._threads, self._turn, lambda: self._paused):
                number = told.trial.number
                if told.what == "begun":
                    self._running.add(number)
                elif told.what in ("ended", "died"):
                    self._running.discard(number)
                if told.what == "died":
                    self.said.append(f"trial {number + 1} is begun again: its process {told.why}")
        except (LSTMError, OSError) as error:
            self.error = error
        finally:
            self._standing = Standing.of(self._sweep, ())
            self.ended.set()

    def _turn(self) -> bool:
        """Between two turns: say how it stands if somebody has looked. Whether it is to end."""
        if self._looked.is_set():
            self._looked.clear()
            self._standing = Standing.of(self._sweep, self._running, paused=self._paused)
        return self._stops


class Followed:
    """A sweep that another process drives, or that has ended, by its folder: a thread reads it."""

    is_driven_here = False

    def __init__(self, outside: Outside) -> None:
        self.ended = threading.Event()
        self.said: deque[str] = deque()
        self._outside = outside
        self._looked = threading.Event()
        self._standing = outside.look()
        self._thread = threading.Thread(target=self._follow, name="follow", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def look(self) -> Standing:
        """How it stands."""
        self._looked.set()
        return self._standing

    def pause(self, waits: bool) -> bool:  # noqa: ARG002
        """Not from here."""
        return False

    def stop(self) -> bool:
        """Ask the process that drives it to save and end. False if there is none on this machine."""
        process, lock = self._standing.process, self._outside.folder / LOCK
        try:
            # What holds the lock must also have written its number there: in a container it may have another here.
            if process is None or lock.read_text(encoding="ascii", errors="replace").strip() != str(process):
                return False
            os.kill(process, signal.SIGTERM)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Read no more."""
        self.ended.set()
        self._looked.set()

    def _follow(self) -> None:
        while not self.ended.wait(FOLLOW):
            self._looked.wait()
            self._looked.clear()
            self._standing = self._outside.look()
