"""The dialog that edits the prompt."""

import re
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.events import Paste
from textual.widgets import Input, Static

from lstm_model.errors import InputError
from lstm_model.tasks.text.corpus import Vocabulary
from lstm_model.tasks.text.writing.prompt import fitted_prompt
from lstm_tui.visible import CIRCLE, NOTICE, shortened_line, visible
from lstm_tui.widgets.dialog import Dialog

MEANING = "Samples go on from this text. \\n is a new line. Enter accepts, escape leaves it as it was."


class PromptInput(Input):
    """Takes all lines of a paste, as they are written here."""

    def on_paste(self, event: Paste) -> None:
        """Put the text where the cursor is, or in the place of what is selected."""
        event.prevent_default()
        event.stop()
        self.replace(escaped(event.text), *sorted(self.selection))


class PromptScreen(Dialog[str | None]):
    r"""One line to edit; \n and \t stand for a new line and a tab, \x1b for ESC. Gives the prompt, or None.

    known: the characters of the model. What it cannot start from is said here, and stays to be mended.
    """

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)", "Cancel")]

    def __init__(self, prompt: str, known: str | None = None) -> None:
        super().__init__()
        self._prompt, self._known = prompt, known

    def compose(self) -> ComposeResult:
        """The line and what it means."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Prompt"
            yield PromptInput(value=escaped(self._prompt), id="prompt")
            yield Static(MEANING, id="prompt-note", markup=False)

    def on_input_changed(self) -> None:
        """Say again what the line is for."""
        self._say(MEANING)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was written, or say why the model cannot start from it."""
        prompt = unescaped(event.value)
        try:
            if prompt and self._known is not None:
                Vocabulary(self._known).encode(fitted_prompt(prompt, self._known))
        except InputError as error:
            self._say(str(error), wrong=True)
        else:
            self.dismiss(prompt or None)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        note = self.query_one("#prompt-note", Static)
        note.set_class(wrong, "complaint")
        note.update(shortened_line(text, NOTICE))


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
