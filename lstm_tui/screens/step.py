"""The dialog in which the training goes on step by step, and each step says what it did."""

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from lstm_tui.keys.table import KEYS, key_of
from lstm_tui.screens.step_shown import step_shown
from lstm_tui.session.snapshot import STEPPING, Snapshot, Status
from lstm_tui.widgets.dialog import Dialog

WIDEST, FRAME = 100, (4, 2)  # cells, with padding and frame
ACTIONS = "watch_step", "resume"  # which have their keys of the main screen here as well


class StepScreen(Dialog[bool]):
    """Gives True if the training is to go on by itself. ask: for the next step. `show` shows what came of it."""

    AUTO_FOCUS = "#step"  # so that the arrow keys scroll
    ANSWERS = Dialog.ANSWERS | {"resume"}
    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for key in KEYS if key.action in ACTIONS for binding in key.bindings),
        Binding("escape,q,question_mark,f1", "dismiss", "Close"),
    ]

    def __init__(self, ask: Callable[[], None], *, ascii_only: bool = False) -> None:
        super().__init__()
        self._ask, self._ascii = ask, ascii_only
        self._snapshot: Snapshot | None = None

    def compose(self) -> ComposeResult:
        """One text, which scrolls where there is little room."""
        with VerticalScroll(classes="dialog", id="step") as dialog:
            dialog.border_title = "Step by step"
            keys = [f"{key_of(action)} {does}" for action, does in zip(ACTIONS, ("next step", "go on"), strict=True)]
            dialog.border_subtitle = ", ".join([*keys, "escape closes"])
            yield Static(id="step-text")

    def on_mount(self) -> None:
        """Show what is known already."""
        self._write()

    def on_resize(self) -> None:
        """Choose again what fits."""
        self._write()

    def show(self, snapshot: Snapshot) -> None:
        """Show the last step of a snapshot's run; the one before stays until the next is there."""
        before, self._snapshot = self._snapshot, snapshot
        if before is None or before.watched is not snapshot.watched or before.is_in_bits != snapshot.is_in_bits:
            self._write()

    def _write(self) -> None:
        snapshot = self._snapshot
        if snapshot is None or not self.is_mounted:
            return
        watched, (width, height) = snapshot.watched, self.app.size
        dialog = self.query_one("#step", VerticalScroll)
        if watched.record is not None:
            waits = ", the next one is being taken" if watched.awaited else ""
            dialog.border_title = f"Step {watched.record.report.step:,}{waits}"
        inner = min(width * 9 // 10, WIDEST) - FRAME[0], height * 9 // 10 - FRAME[1]
        text = step_shown(snapshot, *inner, ascii_only=self._ascii)
        self.query_one("#step-text", Static).update(text or Text(_waiting(snapshot)))

    def action_watch_step(self) -> None:
        """Take the next step."""
        self._ask()

    def action_resume(self) -> None:
        """Close, and let the training go on."""
        self.dismiss(True)


def _waiting(snapshot: Snapshot) -> str:
    if snapshot.status is Status.PAUSED or snapshot.status in STEPPING:
        return "The step is being taken; what is measured now comes first."
    return f"No step was taken: {snapshot.status.lower()}."
