"""How a text model stands beside simple counting: losses as bars, and the figures of its run where there is room."""

from math import log

from rich.text import Text

from lstm_tui.charts.bars import bar_rows
from lstm_tui.faces.text.seen import TextSeen
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.session.units import unit_of
from lstm_tui.widgets.figures import figure_groups, written
from lstm_tui.widgets.status import parts_shown
from lstm_tui.widgets.task_pane import TaskPane
from lstm_tui.widgets.written import WrittenPane

GAPS = 2  # bars stand apart where they take no more than one half of the pane, or one over another such number


def losses(snapshot: Snapshot) -> list[tuple[str, float]]:
    """Names and losses in the snapshot's unit: the models, then what they are held against, the best first.

    Everything is over the validation part, whose loss is exact once the whole of it was measured.
    """
    sides = [snapshot, *([snapshot.rival] if snapshot.rival else [])]
    found = []
    for side in sides:
        figure = side.figure
        loss = figure.full_val_loss[1] if figure.full_val_loss else figure.val_loss
        if loss is not None:
            found.append((f"model {side.side}".strip() if side.side else "this model", loss))
        found += _passage(side)
    counted = ((_short(name), loss) for name, loss in snapshot.curves.references)
    return found + sorted(counted, key=lambda row: row[1])


def _passage(side: Snapshot) -> list[tuple[str, float]]:
    """The passage at hand, where a model has read it learning: without and with."""
    passage = TextSeen.of(side.seen).passage
    if passage is None or passage.still_bits is None:
        return []
    read = (("passage", passage.still_bits), ("learning", passage.bits))
    unit = 1.0 if side.is_in_bits else log(2)  # a passage is read in bits
    return [(f"{name} {side.side}".strip(), unit * float(each.mean())) for name, each in read]


def _short(name: str) -> str:
    """Leave the bars some room: "4-gram" for "4-gram counts"."""
    return name.removesuffix(" counts")


class BaselinesPane(WrittenPane, TaskPane):
    """Bars from zero, those of the models in their colour; below them the figures of the run."""

    NAME, PLACE, IN_TRAINING = "baselines", "side", False
    DEFAULT_CSS = "BaselinesPane > Static { text-wrap: nowrap; }"

    def show(self, snapshot: Snapshot) -> None:
        """Write the bars, and what they are of."""
        self.entitle("Loss, validation part", unit_of(snapshot))
        super().show(snapshot)

    def text(self, snapshot: Snapshot, width: int, height: int) -> Text:
        """The bars, with gaps where there is room for them, and the figures that there is room for."""
        found = losses(snapshot)
        rows = bar_rows(found, width, ascii_only=self._ascii)
        own = len(found) - len(snapshot.curves.references)
        if not snapshot.curves.references:
            rows.append("counting the others")
        rows = rows[:height]
        gap = "\n\n" if 2 * len(rows) - 1 <= height // GAPS else "\n"
        colour = self.app.current_theme.primary
        text = Text(gap, no_wrap=True).join(Text(row, colour if k < own else "") for k, row in enumerate(rows))
        text.append("\n")
        said = parts_shown(snapshot, self.app.size.width)
        left = height - text.plain.count("\n") - 1
        if figures := written(figure_groups(snapshot, said, ascii_only=self._ascii), width, left):
            text.append("\n")
            text.append_text(figures)
        return text
