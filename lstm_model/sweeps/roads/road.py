"""How trials get to where they are trained, and what comes back: the same for one machine and for many."""

from dataclasses import dataclass
from typing import Protocol

from lstm_model.sweeps.trial import Order, Outcome, Reached


@dataclass(frozen=True)
class Happened:
    """Something about a trial: it was validated, it ended, or its process died without an outcome.

    stuck: why nothing can be trained any more where it was, as on a full disk; the trial is not to blame.
    """

    number: int
    reached: Reached | None = None
    outcome: Outcome | None = None
    died: str | None = None
    stuck: str | None = None


class Road(Protocol):
    """Trials go out by their numbers; it knows nothing of the sweep."""

    @property
    def free(self) -> int:
        """How many more trials can be started now."""
        ...

    @property
    def able(self) -> bool:
        """Whether there is a place at which trials can be trained, in use or not."""
        ...

    def start(self, number: int, order: Order) -> None:
        """Begin to train a trial."""
        ...

    def give_up(self, number: int) -> None:
        """Ask for the end of a trial, which then has an outcome."""
        ...

    def pause(self, waits: bool) -> None:
        """Let all trials save and wait where they are, or go on."""
        ...

    def wait(self, seconds: float) -> list[Happened]:
        """What has happened, after so many seconds at most."""
        ...

    def close(self) -> list[Happened]:
        """Let all trials be left, and wait until they are; the outcomes of those that ended meanwhile."""
        ...
