"""Its pane."""

from lstm_tui.faces.sine.seen import SineSeen
from textual.app import ComposeResult
from textual.widgets import Static

from lstm_tui.session.snapshot import Snapshot
from lstm_tui.widgets.task_pane import TaskPane


class WavePane(TaskPane):
    """Says the last point."""

    NAME, PLACE = "wave", "below"

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="wave-text")

    def show(self, snapshot: Snapshot) -> None:
        """Write it."""
        self.entitle("Wave")
        drawn = SineSeen.of(snapshot.seen).drawn
        text = "nothing drawn yet" if drawn is None else f"step {drawn.step}: {drawn.point:.3f}"
        self.query_one("#wave-text", Static).update(text)


PANES = (WavePane,)
