"""How a text model stands beside simple counting: losses as bars, and the figures of its run where there is room."""

from collections.abc import Callable

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Static

from lstm_model.network.losses import bits
from lstm_tui.charts.bars import bar_rows
from lstm_tui.session.requests import Request
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.widgets.figures import dearest
from lstm_tui.widgets.task_pane import TaskPane


def losses(snapshot: Snapshot) -> list[tuple[str, float]]:
    """Names and losses, in bits per character: the models, then what they are held against, the best first.

    Everything is over the validation part, whose loss is exact once the whole of it was measured.
    """
    sides = [snapshot, *([snapshot.rival] if snapshot.rival else [])]
    found = []
    for side in sides:
        figure = side.figure
        loss = figure.full_val_loss[1] if figure.full_val_loss else figure.val_loss
        if loss is not None:
            found.append((f"model {side.side}".strip() if side.side else "this model", bits(loss)))
    counted = ((_short(name), bits(loss)) for name, loss in snapshot.curves.references)
    return found + sorted(counted, key=lambda row: row[1])


def _short(name: str) -> str:
    """Leave the bars some room: "4-gram" for "4-gram counts"."""
    return name.removesuffix(" counts")


class BaselinesPane(TaskPane):
    """Bars from zero; below them the figures of the run."""

    NAME, PLACE, IN_TRAINING = "baselines", "side", False
    DEFAULT_CSS = "BaselinesPane #baselines-text { width: 100%; height: 1fr; text-wrap: nowrap; }"

    def __init__(self, ask: Callable[[Request], None], *, ascii_only: bool = False) -> None:
        super().__init__(ask, ascii_only=ascii_only)
        self._snapshot: Snapshot | None = None
        self._written = Text()

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="baselines-text")

    def on_mount(self) -> None:
        """Say what the pane is."""
        self.border_title = "Bits per char, val part"

    def on_resize(self) -> None:
        """Choose again what fits."""
        if self._snapshot is not None:
            self.show(self._snapshot)

    def show(self, snapshot: Snapshot) -> None:
        """Write the bars and figures of a snapshot."""
        self._snapshot = snapshot
        width, height = self.content_size
        if width < 10 or height < 2:
            return
        rows = bar_rows(losses(snapshot), width, ascii_only=self._ascii)
        if not snapshot.curves.references:
            rows.append("counting the others")
        text = Text("\n".join(rows[:height]) + "\n", no_wrap=True)
        if figures := dearest(snapshot, width, height - len(rows) - 1):
            text.append("\n")
            text.append_text(figures)
        if text != self._written:
            self._written = text
            self.query_one("#baselines-text", Static).update(text, layout=False)
