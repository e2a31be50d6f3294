"""What there is to say of a view beyond its two lines."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from lstm_tui.inside.table import Entry
from lstm_tui.widgets.dialog import Dialog


class MoreScreen(Dialog[None]):
    """Closed by escape, q or the key that opened it."""

    AUTO_FOCUS = "#more"  # so that the arrow keys scroll
    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,question_mark,enter", "dismiss", "Close")]

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry

    def compose(self) -> ComposeResult:
        """The two lines, then the rest."""
        with VerticalScroll(classes="dialog", id="more") as dialog:
            dialog.border_title = f"{self._entry.number} {self._entry.name}"
            dialog.border_subtitle = "escape closes"
            yield Static("\n".join((*self._entry.lines, "", self._entry.more)), markup=False)
