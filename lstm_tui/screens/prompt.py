"""The dialog that edits the prompt."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static


class PromptScreen(ModalScreen[str | None]):
    r"""One line to edit; \n and \t stand for a new line and a tab. Gives the prompt, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)", "Cancel")]

    def __init__(self, prompt: str) -> None:
        super().__init__()
        self._prompt = prompt

    def compose(self) -> ComposeResult:
        """The line and what it means."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Prompt"
            yield Input(value=escaped(self._prompt), id="prompt")
            yield Static("Samples go on from this text. \\n is a new line. Enter accepts, escape leaves it as it was.")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was written."""
        self.dismiss(unescaped(event.value) or None)


def escaped(text: str) -> str:
    r"""Write line ends, tabs and backslashes so that they fit on one line: \n \t \\."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def unescaped(line: str) -> str:
    r"""Undo `escaped`; a backslash before anything else stays."""
    pieces = line.split("\\\\")
    return "\\".join(piece.replace("\\n", "\n").replace("\\t", "\t") for piece in pieces)
