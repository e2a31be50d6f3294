"""Marked runs over each other: their curves in one chart, and below it what differs between them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from lstm_model.runs.comparing.curves import AXES, Compared
from lstm_model.runs.keeping.labels import NO_LABEL, Label
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.tables.columns import COLUMNS, Column, Row, differing, row_of
from lstm_tui.tables.forms import as_text
from lstm_tui.visible import as_line
from lstm_tui.widgets.charts.compare_picture import LETTERS, Part, compare_picture, usual_part
from lstm_tui.widgets.charts.plot import Plot
from lstm_tui.widgets.dialog import Dialog

KEYS_LINE = "x axis, y log, v validation or training, {}escape closes"
_LETTER, _RUN = Column("letter", " "), Column("called", "run", right=False)
_FIGURES = tuple(COLUMNS[name] for name in ("best_val_loss", "best_step", "step", "time"))


class CompareScreen(Dialog[None]):
    """Shows some runs of one task. beside: opens two of them in evaluation; None where that cannot be."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("x", "axis", "Axis"),
        ("y", "log_scale", "Log"),
        ("v", "part", "Training"),
        ("e,enter", "evaluate", "Evaluation"),
        ("escape,q,c,question_mark", "dismiss(None)", "Close"),
    ]
    CSS = """
    CompareScreen {
        #compare { width: 100%; max-width: 100%; height: 100%; max-height: 100%; }
        #curves { height: 1fr; }
        #told { height: auto; max-height: 50%; padding-top: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(
        self,
        runs: Sequence[Compared],
        labels: Mapping[Path, Label],
        beside: Callable[[Path, Path], None] | None,
        *,
        ascii_only: bool = False,
    ) -> None:
        super().__init__()
        self._runs, self._labels, self._beside, self._ascii = runs, labels, beside, ascii_only
        self._axis, self._log = 0, False
        self._part: Part = usual_part(runs)

    def compose(self) -> ComposeResult:
        """The chart, and a line for each run."""
        with Vertical(classes="dialog", id="compare") as dialog:
            two = "e evaluation, " if self._beside is not None and len(self._runs) == 2 else ""
            dialog.border_subtitle = KEYS_LINE.format(two)
            yield Plot(ascii_only=self._ascii, id="curves")
            yield Static(id="told", markup=False)

    def on_mount(self) -> None:
        """Draw."""
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """As many columns as there is room for."""
        self.query_one("#told", Static).update(Text("\n".join(told(self._runs, self._labels, event.size.width - 4))))

    def _draw(self) -> None:
        axis, part = AXES[self._axis], self._part
        kind = kind_of(self._runs[0].story.config.task)
        data = {run.story.data_name for run in self._runs}
        note = "" if len(data) == 1 else ", of different data"
        title = f"{part.capitalize()} loss, {kind.words.loss}, by {axis}{', log' if self._log else ''}{note}"
        self.query_one("#compare").border_title = Content(as_line(title))
        self.query_one(Plot).show(compare_picture(self._runs, axis, part, log_scale=self._log))

    def action_axis(self) -> None:
        """The next axis: steps, time, epochs."""
        self._axis = (self._axis + 1) % len(AXES)
        self._draw()

    def action_log_scale(self) -> None:
        """Logarithmic, or plain."""
        self._log = not self._log
        self._draw()

    def action_part(self) -> None:
        """The validation, or the training."""
        self._part = "training" if self._part == "validation" else "validation"
        self._draw()

    def action_evaluate(self) -> None:
        """Open two in evaluation beside each other."""
        if self._beside is None:
            return
        if len(self._runs) != 2:
            self.notify("evaluation shows two beside each other: mark two", markup=False)
            return
        self._beside(self._runs[0].file, self._runs[1].file)


def told(runs: Sequence[Compared], labels: Mapping[Path, Label], width: int) -> list[str]:
    """A line for each run: its letter, name, figures, and the settings in which they differ."""
    rows: list[Row] = []
    for letter, run in zip(LETTERS, runs, strict=False):
        label = labels.get(run.file.parent, NO_LABEL)
        place = f"{label.name or run.file.parent.name}/{run.file.stem}"
        rows.append(row_of(run.story.saved, {}, place, label) | {"letter": letter, "called": place})
    return as_text([_LETTER, _RUN, *differing(rows), *_FIGURES], rows, width)
