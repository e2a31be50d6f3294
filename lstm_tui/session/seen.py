"""What a task's own panes show of a run: each face brings it, made from the task's events.

Shared parts hand it on and ask no more of it than `Seen` has; what else is in it is the face's own.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

from lstm_model.events import Event
from lstm_model.runs.run import Run
from lstm_tui.task_faces import part_of

# (how dear the line is, its name, its value): with little room the dearest are kept, in their usual order.
Line = tuple[int, str, str]


@dataclass(frozen=True, eq=False)
class Seen:
    """The part of a snapshot that belongs to a task's face: immutable, of copies and plain values."""

    @classmethod
    def of(cls, seen: "Seen") -> Self:
        """What a snapshot holds, for panes of this face; nothing where it is of another task."""
        return seen if isinstance(seen, cls) else cls()

    def losses(self, val_loss: float | None) -> Sequence[Line]:  # noqa: ARG002
        """What else tells how good it is in the task's own measure, as lines of the figures."""
        return ()

    def choices(self) -> Sequence[Line]:
        """What keys have chosen for what is to come, as lines of the figures."""
        return ()


class KeptLooks(ABC):
    """What the files of a run's folder show of it, for whoever has no run. It waits for the disk."""

    @abstractmethod
    def seen(self, up_to: int | None = None) -> Seen | None:
        """What there is to see, up to a step if one is given; None where no file shows anything."""


class Observer(ABC):
    """Bounded memory of one run's events, as far as they are the task's own."""

    nothing: ClassVar[Seen]  # what is seen before the data are read

    @staticmethod
    def kept_in(folder: Path) -> KeptLooks | None:  # noqa: ARG004 - tasks whose looks are written down know it
        """What a run's folder keeps; None for a task whose runs write no looks down."""
        return None

    @abstractmethod
    def note(self, events: Sequence[Event], run: Run) -> None:
        """Take in what happened."""

    @abstractmethod
    def seen(self, run: Run) -> Seen:
        """What there is to see now. The run is between two steps."""


def observer_of(task: str) -> type[Observer]:
    """The observer of a task's face."""
    found: type[Observer] = part_of(task, "seen").OBSERVER
    return found
