"""The question that q asks while trials are trained: stop, leave the sweep running, or stay."""

from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from lstm_tui.widgets.dialog import Choices, Dialog


class Leave(StrEnum):
    """What a person can answer."""

    STOP = "stop"
    RUN_ON = "run on"
    STAY = "stay"


HERE = {
    Leave.STOP: "s  Stop: all is saved, the same command goes on  (or Ctrl+C)",
    Leave.RUN_ON: "r  Leave it running without a screen",
    Leave.STAY: "g  Go on watching  (or Escape)",
}
ELSEWHERE = {
    Leave.RUN_ON: "r  Close the screen, the sweep runs on",
    Leave.STOP: "s  Stop the sweep: its process saves all trials and ends",
    Leave.STAY: "g  Go on watching  (or Escape)",
}


class LeaveScreen(Dialog[Leave]):
    """Gives a `Leave`. driven_here: whether the sweep ends with this process unless told otherwise."""

    AUTO_FOCUS = "OptionList"  # enter takes the first answer
    ANSWERS = Dialog.ANSWERS | {"answer"}
    BINDINGS: ClassVar[list[BindingType]] = [
        ("s,ctrl+c", "answer('stop')", "Stop"),
        ("r", "answer('run on')", "Leave it running"),
        ("g,escape,q,question_mark", "answer('stay')", "Go on"),
    ]

    def __init__(self, standing: str, *, driven_here: bool) -> None:
        super().__init__()
        self._standing, self._answers = standing, HERE if driven_here else ELSEWHERE

    def compose(self) -> ComposeResult:
        """How it stands, and the answers."""
        with Vertical(classes="dialog", id="leave") as dialog:
            dialog.border_title = "Leave the sweep?"
            yield Static(self._standing, markup=False)
            yield Choices(*(Option(text, id=answer.name) for answer, text in self._answers.items()))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the answer that was entered or clicked."""
        self.dismiss(Leave[str(event.option.id)])

    def action_answer(self, answer: str) -> None:
        """Take the answer of a key."""
        self.dismiss(Leave(answer))
