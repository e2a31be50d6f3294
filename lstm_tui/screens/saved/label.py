"""The dialog in which a run gets a name and a note."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from lstm_model.errors import InputError
from lstm_model.runs.keeping.labels import MOST_NAME, MOST_NOTE, Label, right_note
from lstm_tui.visible import as_line
from lstm_tui.widgets.dialog import Dialog
from lstm_tui.widgets.field import Field


class LabelScreen(Dialog[Label]):
    """Gives the new label, or None. check: the name as it can be given, an InputError if it cannot."""

    AUTO_FOCUS = "#field-name Input"
    ANSWERS = Dialog.ANSWERS | {"leave"}
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave", "Close")]

    def __init__(self, run: str, label: Label, check: Callable[[str], str]) -> None:
        super().__init__()
        self._run, self._label, self._check = run, label, check

    def compose(self) -> ComposeResult:
        """Both fields."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = Content(as_line(f"Name of {self._run}"))
            dialog.border_subtitle = "enter keeps, tab goes on, escape closes"
            yield Field("name", "name", self._label.name)
            yield Field("note", "note", self._label.note)

    def on_mount(self) -> None:
        """No more than a label holds."""
        for name, most in (("name", MOST_NAME), ("note", MOST_NOTE)):
            field = self.query_one(f"#field-{name} Input", Input)
            field.max_length, field.cursor_blink = most, False
        self.query_one("#field-name", Field).tell("lstm-tui --load NAME then opens the run")

    def on_input_submitted(self) -> None:
        """Take both, or say what is wrong with one."""
        name, note = (self.query_one(f"#field-{each}", Field) for each in ("name", "note"))
        try:
            wanted = self._check(name.value) if name.value.strip() else ""
        except InputError as error:
            name.say(str(error).replace("`name` ", ""))
            name.entry.focus()
            return
        self.dismiss(replace(self._label, name=wanted, note=right_note(note.value)))

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(None)
