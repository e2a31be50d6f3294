"""The dialog that Ctrl+C opens: stop with or without saving, or go on."""

from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from lstm_tui.session.snapshot import Snapshot
from lstm_tui.visible import visible
from lstm_tui.widgets.dialog import Choices, Dialog


class StopChoice(StrEnum):
    """What a person can answer."""

    SAVE = "save"
    DISCARD = "discard"
    GO_ON = "go on"


ANSWERS = {
    StopChoice.SAVE: "s  Save and stop  (or Ctrl+C again)",
    StopChoice.DISCARD: "d  Stop, and do not save what is new",
    StopChoice.GO_ON: "g  Go on  (or Escape)",
}


class StopScreen(Dialog[StopChoice]):
    """Gives a StopChoice. `failed`: why an attempt to save and stop was given up."""

    AUTO_FOCUS = "OptionList"  # enter takes the first answer
    ANSWERS = Dialog.ANSWERS | {"answer"}
    BINDINGS: ClassVar[list[BindingType]] = [
        ("s,ctrl+c", "answer('save')", "Save and stop"),
        ("d", "answer('discard')", "Stop"),
        ("g,escape,q,question_mark", "answer('go on')", "Go on"),
    ]

    def __init__(self, snapshots: list[Snapshot], failed: str | None = None) -> None:
        super().__init__()
        self._snapshots, self.failed = snapshots, failed

    def compose(self) -> ComposeResult:
        """What there is to lose, and the three answers."""
        with Vertical(classes="dialog", id="stop") as dialog:
            dialog.border_title = "Stop?"
            lines = [standing(snapshot) for snapshot in self._snapshots]
            if self.failed:
                lines.append(f"NOT SAVED: {self.failed}")
            yield Static(visible("\n".join(lines)), markup=False)
            yield Choices(*(Option(text, id=choice.name) for choice, text in ANSWERS.items()))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the answer that was entered or clicked."""
        self.dismiss(StopChoice[str(event.option.id)])

    def action_answer(self, choice: str) -> None:
        """Take the answer of a key."""
        self.dismiss(StopChoice(choice))


def standing(snapshot: Snapshot) -> str:
    """How far a run is, and how much of it is saved."""
    step, saved = snapshot.figure.step, snapshot.files.saved_step
    if not step:
        return f"{snapshot.task}: no step was taken yet."
    if saved is None:
        return f"{snapshot.task}: at step {step:,}, not saved yet."
    return f"{snapshot.task}: at step {step:,}, last saved at step {saved:,}."
