"""A dialog that asks whether something is to be done."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from lstm_tui.visible import as_line
from lstm_tui.widgets.dialog import Choices, Dialog


class AskScreen(Dialog[bool]):
    """Gives True where it is to be done. Enter takes the first answer, which changes nothing."""

    AUTO_FOCUS = "OptionList"
    ANSWERS = Dialog.ANSWERS | {"answer"}
    BINDINGS: ClassVar[list[BindingType]] = [
        ("y", "answer(True)", "Yes"),
        ("n,escape,q,question_mark", "answer(False)", "No"),
    ]
    CSS = """
    AskScreen {
        #lines { height: auto; max-height: 12; }
        #lines Static { width: 100%; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self, title: str, lines: Sequence[str], yes: str, no: str) -> None:
        super().__init__()
        self._title, self._lines, self._answers = title, lines, {"n": no, "y": yes}

    def compose(self) -> ComposeResult:
        """What it is about, and both answers."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(as_line(self._title))
            with VerticalScroll(id="lines", can_focus=False):
                yield Static("\n".join(map(as_line, self._lines)), markup=False)
            yield Choices(Option(f"n  {self._answers['n']}  (or Escape)", id="n"),
                          Option(f"y  {self._answers['y']}", id="y"))  # fmt: skip

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the answer that was entered or clicked."""
        self.dismiss(event.option.id == "y")

    def action_answer(self, answer: bool) -> None:
        """Take the answer of a key."""
        self.dismiss(answer)
