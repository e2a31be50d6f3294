"""What lies between the screen and the worker: commands in, numbered; a mailbox of one snapshot out.

    key -> action -> request(command) -> applied between two steps -> acknowledged in the next snapshot
    run -> events -> snapshot, made when the screen asked for one or something changed -> look()

The worker never waits for the screen: whoever does not look gets no new snapshot, and nothing piles up.
"""

import queue
import threading
from collections import deque

from lstm_tui.session.commands import Command
from lstm_tui.session.snapshot import Snapshot

UNASKED = 0  # number of a command that no key asked for


class Mailbox:
    """`latest`: the newest snapshot, as the worker made it."""

    def __init__(self, first: Snapshot) -> None:
        self.latest = first
        self._asked: deque[tuple[int, Command]] = deque()  # what no snapshot has acknowledged yet
        self._requested = 0
        self._ahead: tuple[int, int, Snapshot] = 0, 0, first
        self._commands: queue.SimpleQueue[tuple[int, Command]] = queue.SimpleQueue()
        self._wanted = threading.Event()

    # The screen's side

    def request(self, command: Command) -> int:
        """Hand in a command; returns its number, which a snapshot's `acknowledged` reaches once it took effect."""
        self._requested += 1
        self._asked.append((self._requested, command))
        self._commands.put((self._requested, command))
        return self._requested

    def look(self) -> Snapshot:
        """The newest snapshot as of `ahead`; asks for a newer one, which the worker makes between two steps."""
        self._wanted.set()
        return self.ahead

    @property
    def ahead(self) -> Snapshot:
        """The newest snapshot, with the effect of what was asked for; the same object while nothing changes."""
        latest = self.latest
        while self._asked and self._asked[0][0] <= latest.acknowledged:
            self._asked.popleft()
        if not self._asked:
            return latest
        if self._ahead[:2] != (latest.number, self._requested):
            ahead = latest
            for _, command in self._asked:
                ahead = command.foretold(ahead)
            self._ahead = latest.number, self._requested, ahead
        return self._ahead[2]

    # The worker's side

    def hand_in(self, command: Command) -> None:
        """Hand in a command that no key asked for, from any thread."""
        self._commands.put((UNASKED, command))

    def next_command(self, *, wait: bool, most: float | None = None) -> tuple[int, Command] | None:
        """The next command with its number; None if there is none. wait: for one, `most` seconds if that is said."""
        try:
            return self._commands.get(wait, most)
        except queue.Empty:
            return None

    def take_wish(self) -> bool:
        """True if the screen has looked since this was asked last."""
        wanted = self._wanted.is_set()
        self._wanted.clear()
        return wanted

    def put(self, snapshot: Snapshot) -> None:
        """Put a newer snapshot in the place of the one that is there."""
        self.latest = snapshot
