"""The panes of the copy task."""

import math

from rich.text import Text

from lstm_model.tasks.copy.kind import CopySettings
from lstm_tui.faces.copy.seen import CopySeen
from lstm_tui.faces.copy.tried import tried_text
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.widgets.task_pane import TaskPane
from lstm_tui.widgets.written import WrittenPane
from lstm_tui.wording import bar

WAITING = "The model is trying."
TABLE, SHORTEST = 47, 8  # cells of the figures before a bar, and of the shortest bar worth drawing


class TriedPane(WrittenPane, TaskPane):
    """One sequence step by step, the newest that the model tried, and with two models the other's below it."""

    NAME, PLACE = "tried", "below"

    def text(self, snapshot: Snapshot, width: int, height: int) -> Text:  # noqa: ARG002
        """The sequence, how often the model is right, and what this is about."""
        tried = CopySeen.of(snapshot.seen).tried
        self.entitle("One sequence", "" if tried is None else f"step {tried.step:,}")
        sides = [side for side in (snapshot, snapshot.rival) if side is not None]
        parts = [part for side in sides for part in self._of(side, width)]
        parts.append(Text("! says go. From the symbols to it only the cell state carries them.", "italic"))
        return Text("\n").join(parts)

    def _of(self, side: Snapshot, width: int) -> list[Text]:
        """One model's try, and how often it is right."""
        config, tried = side.about.config, CopySeen.of(side.seen).tried
        if config is None or tried is None:
            return [Text(WAITING)]
        settings = CopySettings.of(config)
        right = f"{side.side} right: {100 * tried.recall:.1f} % of symbols in 256 held-out sequences;".lstrip()
        return [
            tried_text(tried, settings, width, ascii_only=self._ascii),
            Text(f"{right} without memory {100 / settings.alphabet:.1f} %"),
        ]


class GapsPane(WrittenPane, TaskPane):
    """Recall at the trained gap and at longer ones."""

    NAME, PLACE, IN_TRAINING = "gaps", "above", False

    def text(self, snapshot: Snapshot, width: int, height: int) -> Text:  # noqa: ARG002
        """A table with the recall as bars, and guessing below; of two models, one beside the other at each gap."""
        self.entitle("Recall at longer gaps, test sequences")
        config = snapshot.about.config
        sides = [side for side in (snapshot, snapshot.rival) if side is not None]
        scores = [CopySeen.of(side.seen).gaps for side in sides]
        if config is None or not all(scores):
            return Text("The model is trying longer gaps.")
        settings = CopySettings.of(config)
        text = Text(f"{'gap':>6}{'trained':>10}   {'nats per symbol':>16}{'recall':>10}\n", "bold", no_wrap=True)
        for gap in scores[0]:
            for side, of_side in zip(sides, scores, strict=True):
                score, times = of_side[gap], f"x {gap // settings.gap}"
                row = self._row(score.per_symbol, score.recall, width)
                text.append(f"{gap:>6}{times:>10} {side.side:<2}{row}\n")
        row = self._row(math.log(settings.alphabet), 1 / settings.alphabet, width)
        return text.append(f"{'guessing':>16}   {row}")

    def _row(self, per_symbol: float, recall: float, width: int) -> str:
        figures, room = f"{per_symbol:>16.3f}{100 * recall:>8.1f} %  ", width - TABLE
        return figures + (bar(recall, room, ascii_only=self._ascii) if room >= SHORTEST else "")


PANES = (GapsPane, TriedPane)
