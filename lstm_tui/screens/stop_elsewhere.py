"""The dialog that Ctrl+C opens over a run that another process trains: end it too, leave it, or stay."""

from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from lstm_tui.screens.stop import standing
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.visible import visible
from lstm_tui.widgets.dialog import Choices, Dialog


class ElsewhereChoice(StrEnum):
    """What a person can answer."""

    LEAVE = "leave"
    END = "end"
    STAY = "stay"


ANSWERS = {
    ElsewhereChoice.LEAVE: "l  Leave, and let it train  (or Ctrl+C again)",
    ElsewhereChoice.END: "s  Let it save and stop training",
    ElsewhereChoice.STAY: "g  Stay here  (or Escape)",
}


class StopElsewhereScreen(Dialog[ElsewhereChoice]):
    """Gives an ElsewhereChoice."""

    AUTO_FOCUS = "OptionList"  # enter takes the first answer
    ANSWERS = Dialog.ANSWERS | {"answer"}
    BINDINGS: ClassVar[list[BindingType]] = [
        ("l,ctrl+c", "answer('leave')", "Leave"),
        ("s", "answer('end')", "Save and stop"),
        ("g,escape,q,question_mark", "answer('stay')", "Stay"),
    ]

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._snapshot = snapshot

    def compose(self) -> ComposeResult:
        """How far it is, and the three answers."""
        with Vertical(classes="dialog", id="stop") as dialog:
            dialog.border_title = "Leave?"
            yield Static(visible(standing(self._snapshot)), markup=False)
            yield Choices(*(Option(text, id=choice.name) for choice, text in ANSWERS.items()))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the answer that was entered or clicked."""
        self.dismiss(ElsewhereChoice[str(event.option.id)])

    def action_answer(self, choice: str) -> None:
        """Take the answer of a key."""
        self.dismiss(ElsewhereChoice(choice))
