"""Where a screen gets what it shows: a run of its own, one that another process trains, or one that was recorded.

    key -> Source.request(command) -> Snapshot.acknowledged
    screen -> Source.look -> Snapshot

`Sources` is what the app asks beyond one source: which there are, what else can be opened, how all of them end.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError
from lstm_model.runs.driving.plan import Plan
from lstm_tui.opening.opened import Opened
from lstm_tui.session.commands import Command
from lstm_tui.session.mailbox import Mailbox
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.telling.teller import Teller

ALONE = "here one run is shown, and no other can be opened"


class Source(ABC):
    """A run as a screen sees it: it is looked at, asked for something, and left."""

    def __init__(self, task: str, mailbox: Mailbox, *, eval_only: bool = False) -> None:
        self.task, self.mailbox, self.eval_only = task, mailbox, eval_only

    @abstractmethod
    def start(self) -> None:
        """Start whatever makes the snapshots."""

    def request(self, command: Command) -> int:
        """Hand in a command; returns its number, which a snapshot's `acknowledged` reaches once it took effect."""
        return self.mailbox.request(command)

    def look(self) -> Snapshot:
        """The newest snapshot, with the effect of what was asked for; asks for a newer one."""
        return self.mailbox.look()

    @property
    def ahead(self) -> Snapshot:
        """As `look`, but asks for nothing."""
        return self.mailbox.ahead

    @property
    def latest(self) -> Snapshot:
        """The newest snapshot as it was made."""
        return self.mailbox.latest

    def why_not(self, action: str, *, asks: bool) -> str:  # noqa: ARG002
        """Why an action of a key is not for this source; "" if it is. asks: it would ask something of the run."""
        return ""

    @abstractmethod
    def stop(self, *, save: bool = True, insist: bool = True) -> None:
        """Ask it to end."""

    def save_in_step(self) -> bool:
        """Save what the step in hand began from, where there is one; see `Worker.save_in_step`."""
        return True

    @property
    def refused(self) -> str | None:
        """Why it did not end when it was asked to the last time."""
        return None

    @property
    def can_be_ended(self) -> bool:
        """Whether it goes on when the screen goes, and whoever looks may also end it."""
        return False

    @property
    def ordered_to_end(self) -> bool:
        """Whether somebody elsewhere has ended it, so that there is nothing more to show."""
        return False

    @property
    @abstractmethod
    def ended(self) -> threading.Event:
        """Set once nothing is at work any more."""

    def join(self, seconds: float) -> bool:
        """Wait for it to end; True if it did."""
        return self.ended.wait(seconds)


class Sources(ABC):
    """What an app shows. Those that can open other runs say how; the others refuse, with an InputError."""

    current: Source
    teller: Teller
    only_looks = False  # nothing is trained here, so that nothing can be lost
    plays = False  # a recording, whose time can be gone through

    def start(self, source: Any) -> None:
        """Start a source."""
        source.start()

    @property
    @abstractmethod
    def at_hand(self) -> Sequence[Source]:
        """The sources that go on."""

    @property
    def snapshots(self) -> list[Snapshot]:
        """The latest of each."""
        return [source.latest for source in self.at_hand]

    @property
    @abstractmethod
    def folders(self) -> list[Path]:
        """The folders of all their runs."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """Settings of Config that hold for whatever is opened next."""
        return {}

    # Other runs

    def switch(self) -> Source:
        """Go to the next task."""
        raise InputError(ALONE)

    def load(self, path: Path) -> Source:  # noqa: ARG002
        """Go on with a checkpoint."""
        raise InputError(ALONE)

    def begin(self, opened: Opened, plan: Plan | None = None) -> Source:  # noqa: ARG002
        """Begin a new run."""
        raise InputError(ALONE)

    @property
    def plan(self) -> Plan:
        """What a new run is asked to do beside stepping."""
        return Plan()

    def take_failures(self) -> list[str]:
        """Why runs that were replaced could not save their last steps; each is told once."""
        return []

    # How they end

    @abstractmethod
    def stop(self, *, save: bool, insist: bool = True) -> None:
        """Ask all to end."""

    def save_in_step(self) -> bool:
        """Save runs that are in a step which takes too long to wait for; True if no other is at work."""
        saved = [source.save_in_step() for source in self.at_hand if not source.ended.is_set()]
        return all(saved)

    @property
    def refused(self) -> str | None:
        """Why one that was to save and end did not, once all have answered."""
        return None

    def go_on(self) -> Source:
        """After a stop that was refused: what is shown now."""
        return self.current

    @property
    @abstractmethod
    def ended(self) -> bool:
        """True once nothing is at work any more."""

    @abstractmethod
    def join(self, seconds: float) -> bool:
        """Wait for all to end, for so long at most; True if they did."""

    @abstractmethod
    def farewell(self, *, ascii_only: bool = False) -> list[str]:
        """What to say on the normal screen after the end."""
