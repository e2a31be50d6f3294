"""What is seen of a wave: the last point that was drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from lstm_model.events import Event
from lstm_model.runs.run import Run
from lstm_tui.session.seen import Line, Observer, Seen
from support.sine import Drawn


@dataclass(frozen=True, eq=False)
class SineSeen(Seen):
    """Its step and value."""

    drawn: Drawn | None = None

    def losses(self, val_loss: float | None) -> Sequence[Line]:
        """The root of the loss."""
        return ((6, "root", "-" if val_loss is None else f"{val_loss**0.5:.3f}"),)


class SineObserver(Observer):
    """See `Observer`."""

    nothing = SineSeen()

    def __init__(self) -> None:
        self._seen = self.nothing

    def note(self, events: Sequence[Event], run: Run) -> None:
        """Take in points."""
        for event in events:
            if isinstance(event, Drawn):
                self._seen = SineSeen(event)

    def seen(self, run: Run) -> SineSeen:
        """The last one."""
        return self._seen


OBSERVER = SineObserver
