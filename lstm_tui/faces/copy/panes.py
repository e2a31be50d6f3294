"""The panes of the copy task."""

from collections.abc import Callable

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Static

from lstm_model.tasks.copy.kind import CopySettings
from lstm_tui.charts.bars import bar_rows
from lstm_tui.faces.copy.seen import CopySeen
from lstm_tui.faces.copy.tried import tried_text
from lstm_tui.session.requests import Request
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.widgets.task_pane import TaskPane

WAITING = "The model is trying."


class WrittenPane(TaskPane):
    """A pane of one text, which is written anew where it is another one."""

    DEFAULT_CSS = "WrittenPane Static { width: 100%; height: 1fr; }"

    def __init__(self, ask: Callable[[Request], None], *, ascii_only: bool = False) -> None:
        super().__init__(ask, ascii_only=ascii_only)
        self._snapshot: Snapshot | None = None
        self._written: Text | None = None

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(WAITING, id=f"{self.NAME}-text")

    def on_resize(self) -> None:
        """Write for another width."""
        if self._snapshot is not None:
            self.show(self._snapshot)

    def show(self, snapshot: Snapshot) -> None:
        """Write what there is, if it is new."""
        self._snapshot = snapshot
        config = snapshot.about.config
        if config is None:
            return
        text = self.text(snapshot, CopySettings.of(config))
        if text != self._written:
            self._written = text
            self.query_one(Static).update(text, layout=False)

    def text(self, snapshot: Snapshot, settings: CopySettings) -> Text:
        """What to write."""
        raise NotImplementedError


class TriedPane(WrittenPane):
    """One sequence step by step, the newest that the model tried, and with two models the other's below it."""

    NAME, PLACE = "tried", "below"

    def text(self, snapshot: Snapshot, settings: CopySettings) -> Text:
        """The sequence, how often the model is right, and what this is about."""
        width = self.content_size.width
        tried = CopySeen.of(snapshot.seen).tried
        self.entitle("One sequence", "" if tried is None else f"step {tried.step:,}")
        parts = [self._of(snapshot, settings, width)]
        if snapshot.rival is not None:
            parts.append(self._of(snapshot.rival, settings, width))
        parts.append(Text("! says go. From the symbols to it only the cell state carries them.", "italic"))
        return Text("\n\n").join(parts)

    def _of(self, side: Snapshot, settings: CopySettings, width: int) -> Text:
        seen = CopySeen.of(side.seen)
        if seen.tried is None:
            return Text(WAITING)
        text = Text(f"{side.side}\n" if side.side else "", "bold")
        text.append_text(tried_text(seen.tried, settings, width, ascii_only=self._ascii))
        text.append(f"\n\nright: {100 * seen.tried.recall:.1f} % of symbols in 256 held-out sequences;")
        text.append(f" without memory {100 / settings.alphabet:.1f} %")
        return text


class GapsPane(WrittenPane):
    """Recall at the trained gap and at longer ones."""

    NAME, PLACE, IN_TRAINING = "gaps", "above", False

    def text(self, snapshot: Snapshot, settings: CopySettings) -> Text:
        """A table, and the recall as bars; of two models, one after the other."""
        self.entitle("Recall at longer gaps, test sequences")
        parts = []
        for side in filter(None, (snapshot, snapshot.rival)):
            head = f"{side.side}\n" if side.side else ""
            parts.append(Text(head, "bold").append_text(self._table(CopySeen.of(side.seen), settings)))
        return Text("\n\n").join(parts)

    def _table(self, seen: CopySeen, settings: CopySettings) -> Text:
        if not seen.gaps:
            return Text("The model is trying longer gaps.")
        text = Text(f"{'gap':>6}{'as trained':>13}{'recall':>11}{'nats per symbol':>18}\n", "bold", no_wrap=True)
        for gap, score in seen.gaps.items():
            times = f"x{gap // settings.gap}"
            text.append(f"{gap:>6}{times:>13}{100 * score.recall:>9.1f} %{score.per_symbol:>18.3f}\n")
        bars = [(f"gap {gap}", 100 * score.recall) for gap, score in seen.gaps.items()]
        rows = bar_rows([*bars, ("guessing", 100 / settings.alphabet)], max(30, self.content_size.width),
                        ascii_only=self._ascii, digits=1)  # fmt: skip
        return text.append("\n" + "\n".join(rows))


PANES = (GapsPane, TriedPane)
