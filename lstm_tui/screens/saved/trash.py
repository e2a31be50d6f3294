"""The dialog that lists the trash."""

import time
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from lstm_model.runs.keeping.trash import Thrown
from lstm_tui.visible import as_line
from lstm_tui.widgets.dialog import Choices, Dialog
from lstm_tui.wording import ago, size

EMPTY = ""  # the answer that asks for the trash to be emptied: no run is called so


class TrashScreen(Dialog[str]):
    """Gives the name of a run that is to come back, EMPTY, or None."""

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("e", "empty", "Empty"),
        ("escape,q,t,question_mark", "dismiss(None)", "Close"),
    ]

    def __init__(self, there: Sequence[Thrown]) -> None:
        super().__init__()
        self._there = there

    def compose(self) -> ComposeResult:
        """A line for each run."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = f"Trash, {size(sum(each.bytes for each in self._there))}" if self._there else "Trash"
            dialog.border_subtitle = "enter brings back, e empties, escape closes" if self._there else "escape closes"
            if self._there:
                yield Choices(*(Option(_line(thrown), id=str(k)) for k, thrown in enumerate(self._there)), markup=False)
            else:
                yield Static("There is nothing in the trash.")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Bring back the run of the row."""
        self.dismiss(self._there[int(str(event.option.id))].run)

    def action_empty(self) -> None:
        """Ask for all to be taken from the disk."""
        self.dismiss(EMPTY if self._there else None)


def _line(thrown: Thrown) -> str:
    return as_line(f"{thrown.run}  {size(thrown.bytes)}, deleted {ago(time.time() - thrown.at)} ago")
