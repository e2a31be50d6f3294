"""How a text model stands beside simple counting: losses as bars, and the figures of its run where there is room."""

from collections.abc import Callable

from rich.text import Text

from lstm_model.network.losses import bits
from lstm_tui.charts.bars import bar_rows
from lstm_tui.faces.text.seen import TextSeen
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.widgets.figures import dearest
from lstm_tui.widgets.task_pane import TaskPane
from lstm_tui.widgets.written import WrittenPane


def losses(snapshot: Snapshot) -> list[tuple[str, float]]:
    """Names and losses, in bits per character: the models, then what they are held against, the best first.

    Everything is over the validation part, whose loss is exact once the whole of it was measured.
    """
    to_bits: Callable[[float], float] = float if snapshot.is_in_bits else bits
    sides = [snapshot, *([snapshot.rival] if snapshot.rival else [])]
    found = []
    for side in sides:
        figure = side.figure
        loss = figure.full_val_loss[1] if figure.full_val_loss else figure.val_loss
        if loss is not None:
            found.append((f"model {side.side}".strip() if side.side else "this model", to_bits(loss)))
        found += _passage(side)
    counted = ((_short(name), to_bits(loss)) for name, loss in snapshot.curves.references)
    return found + sorted(counted, key=lambda row: row[1])


def _passage(side: Snapshot) -> list[tuple[str, float]]:
    """The passage at hand, where a model has read it learning: without and with."""
    passage = TextSeen.of(side.seen).passage
    if passage is None or passage.still_bits is None:
        return []
    read = (("passage", passage.still_bits), ("learning", passage.bits))
    return [(f"{name} {side.side}".strip(), float(each.mean())) for name, each in read]


def _short(name: str) -> str:
    """Leave the bars some room: "4-gram" for "4-gram counts"."""
    return name.removesuffix(" counts")


class BaselinesPane(WrittenPane, TaskPane):
    """Bars from zero; below them the figures of the run."""

    NAME, PLACE, IN_TRAINING = "baselines", "side", False
    DEFAULT_CSS = "BaselinesPane > Static { text-wrap: nowrap; }"

    def on_mount(self) -> None:
        """Say what the pane is."""
        self.border_title = "Bits per char, val part"

    def text(self, snapshot: Snapshot, width: int, height: int) -> Text:
        """The bars, and the figures that there is room for."""
        rows = bar_rows(losses(snapshot), width, ascii_only=self._ascii)
        if not snapshot.curves.references:
            rows.append("counting the others")
        text = Text("\n".join(rows[:height]) + "\n", no_wrap=True)
        if figures := dearest(snapshot, width, height - len(rows) - 1):
            text.append("\n")
            text.append_text(figures)
        return text
