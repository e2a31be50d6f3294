"""A pane of one task's face: where it stands, when it is there, and how it asks for something."""

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar, Literal

from lstm_tui.session.requests import Request
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.widgets.pane import Pane

Place = Literal["above", "side", "below"]  # beside the loss chart, at its right, or below both as wide as the screen


class TaskPane(Pane):
    """Subclasses say the first three, and show snapshots. What keys of the task do is their `action_...`.

    ask: brings a request to the session; it is foretold on the next snapshot that is shown.
    """

    NAME: ClassVar[str]  # the widget's id
    PLACE: ClassVar[Place]
    IN_TRAINING: ClassVar[bool] = True  # else only where a saved model is looked at

    def __init__(self, ask: Callable[[Request], None], *, ascii_only: bool = False) -> None:
        super().__init__(id=self.NAME, classes=self.PLACE)
        self.ask, self._ascii = ask, ascii_only

    @abstractmethod
    def show(self, snapshot: Snapshot) -> None:
        """Draw what is new in a snapshot of this task."""
