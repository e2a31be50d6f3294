"""A pane of one text that is made for its size, and written where it is another one than stands there."""

from abc import abstractmethod

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Static

from lstm_tui.session.snapshot import Snapshot
from lstm_tui.widgets.pane import Pane

SMALLEST = 10, 2  # columns and rows, below which nothing is written


class WrittenPane(Pane):
    """Subclasses say what is to be written of a snapshot."""

    DEFAULT_CSS = "WrittenPane > Static { width: 100%; height: 1fr; }"

    _snapshot: Snapshot | None = None
    _written: Text | None = None

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id=f"{self.id}-text")

    def on_resize(self) -> None:
        """Choose again what fits."""
        if self._snapshot is not None:
            self.show(self._snapshot)

    def show(self, snapshot: Snapshot) -> None:
        """Write what there is, if it is new."""
        self._snapshot = snapshot
        width, height = self.content_size
        if width < SMALLEST[0] or height < SMALLEST[1]:
            return
        text = self.text(snapshot, width, height)
        if text != self._written:
            self._written = text
            self.query_one(Static).update(text, layout=False)

    @abstractmethod
    def text(self, snapshot: Snapshot, width: int, height: int) -> Text:
        """What to write into so many columns and rows."""
