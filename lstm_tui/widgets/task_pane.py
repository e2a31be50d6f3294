"""A pane of one task's face: where it stands, when it is there, and how it asks for something."""

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar, Literal

from textual.message import Message

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
    IN_EVALUATION: ClassVar[bool] = True  # else only where a model trains
    STANDS_FOR: ClassVar[str] = ""  # the pane whose place it can take; it is hidden as long as it does not

    def __init__(self, ask: Callable[[Request], None], *, ascii_only: bool = False) -> None:
        super().__init__(id=self.NAME, classes=self.PLACE)
        self.ask, self._ascii = ask, ascii_only
        self.is_instead = False  # it has taken the place of the other

    class Exchanged(Message):
        """Two panes have changed places: this one has come or gone."""

        def __init__(self, pane: "TaskPane") -> None:
            super().__init__()
            self.pane = pane

    def exchange(self) -> None:
        """Take the other's place, or give it back."""
        self.is_instead = not self.is_instead
        self.post_message(self.Exchanged(self))

    @abstractmethod
    def show(self, snapshot: Snapshot) -> None:
        """Draw what is new in a snapshot of this task."""
