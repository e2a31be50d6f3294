"""The panes of the copy task."""

import math
from collections.abc import Callable

from rich.text import Text
from textual.app import ComposeResult
from textual.widgets import Static

from lstm_model.tasks.copy.kind import CopySettings
from lstm_tui.faces.copy.seen import CopySeen
from lstm_tui.faces.copy.tried import tried_text
from lstm_tui.session.requests import Request
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.widgets.task_pane import TaskPane
from lstm_tui.wording import bar

WAITING = "The model is trying."
TABLE, SHORTEST = 47, 8  # cells of the figures before a bar, and of the shortest bar worth drawing


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
        """A table with the recall as bars, and guessing below; of two models, one beside the other at each gap."""
        self.entitle("Recall at longer gaps, test sequences")
        sides = [side for side in (snapshot, snapshot.rival) if side is not None]
        scores = [CopySeen.of(side.seen).gaps for side in sides]
        if not all(scores):
            return Text("The model is trying longer gaps.")
        text = Text(f"{'gap':>6}{'trained':>10}   {'nats per symbol':>16}{'recall':>10}\n", "bold", no_wrap=True)
        for gap in scores[0]:
            for side, of_side in zip(sides, scores, strict=True):
                times = f"x {gap // settings.gap}"
                score = of_side[gap]
                text.append(f"{gap:>6}{times:>10} {side.side:<2}{self._row(score.per_symbol, score.recall)}\n")
        return text.append(f"{'guessing':>16}   {self._row(math.log(settings.alphabet), 1 / settings.alphabet)}")

    def _row(self, per_symbol: float, recall: float) -> str:
        figures = f"{per_symbol:>16.3f}{100 * recall:>8.1f} %  "
        room = self.content_size.width - TABLE
        return figures + (bar(recall, room, ascii_only=self._ascii) if room >= SHORTEST else "")


PANES = (GapsPane, TriedPane)
