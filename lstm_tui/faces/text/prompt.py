"""The dialog that edits the prompt."""

import re
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from lstm_tui.visible import CIRCLE, visible
from lstm_tui.widgets.dialog import Dialog


class PromptScreen(Dialog[str | None]):
    r"""One line to edit; \n and \t stand for a new line and a tab, \x1b for ESC. Gives the prompt, or None."""

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


LETTERS = {"\\": "\\", "n": "\n", "t": "\t"}
ESCAPE = re.compile(r"\\(?:([\\nt])|x([0-9a-f]{2})|u([0-9a-f]{4})|U(000[0-9a-f]{5}|0010[0-9a-f]{4}))")


def escaped(text: str) -> str:
    r"""A text that can be seen and edited on one line: \n \t \\, and \x1b for what would not show as itself."""
    return "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    for letter, meant in LETTERS.items():
        if character == meant:
            return "\\" + letter
    if character.isascii() and not character.isprintable():
        return f"\\x{ord(character):02x}"
    shown = visible(character)  # a mark alone would be shown on a circle: it is itself
    return shown if len(shown) > len(CIRCLE + character) else character


def unescaped(line: str) -> str:
    r"""Undo `escaped`; a backslash before anything else stays."""

    def meant(escape: re.Match[str]) -> str:
        return LETTERS[escape[1]] if escape[1] else chr(int(escape[2] or escape[3] or escape[4], 16))

    return ESCAPE.sub(meant, line)
