"""What is seen of a run of the copy task: its last try, and where nothing trains, how it does at longer gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lstm_model.events import Event
from lstm_model.runs.run import Run
from lstm_model.tasks.copy.looks import Stretched, Tried
from lstm_model.tasks.copy.sequences import Score
from lstm_tui.session.seen import Line, Observer, Seen


@dataclass(frozen=True, eq=False)
class CopySeen(Seen):
    """The last try, and scores by gap."""

    tried: Tried | None = None
    gaps: Mapping[int, Score] = field(default_factory=dict)

    def losses(self, val_loss: float | None) -> Sequence[Line]:  # noqa: ARG002
        """The recall over the validation sequences."""
        return ((8, "recall", "-" if self.tried is None else f"{100 * self.tried.recall:.1f} %"),)


class CopyObserver(Observer):
    """See `Observer`."""

    nothing = CopySeen()

    def __init__(self) -> None:
        self._seen = self.nothing

    def note(self, events: Sequence[Event], run: Run) -> None:  # noqa: ARG002
        """Take in tries and longer gaps."""
        for event in events:
            match event:
                case Tried():
                    self._seen = replace(self._seen, tried=event)
                case Stretched(scores=scores):
                    self._seen = replace(self._seen, gaps=scores)
                case _:
                    pass

    def seen(self, run: Run) -> CopySeen:  # noqa: ARG002
        """What there is to see now."""
        return self._seen


OBSERVER = CopyObserver
