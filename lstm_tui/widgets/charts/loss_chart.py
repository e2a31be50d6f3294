"""The loss chart: a window on the curves that keys zoom and move, and a cursor that reads exact values."""

from dataclasses import replace

from textual.app import ComposeResult

from lstm_model.curves.history import Buckets
from lstm_tui.charts.view import ALL, View
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.session.units import unit_of
from lstm_tui.visible import shortened_line
from lstm_tui.widgets.charts.chart_pane import ChartPane
from lstm_tui.widgets.charts.loss_picture import PictureSettings, against, last_step, loss_picture, losses_at, marks_in
from lstm_tui.widgets.charts.plot import Plot

ROWS_A_LINE = 5  # a reference line for so many rows: more would hide the curves of a low chart
NAME = 40  # cells of another run's name


class LossChart(ChartPane):
    """Shows the curves of a snapshot; `look` says how."""

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.look = PictureSettings(ascii_only=ascii_only)
        self._snapshot: Snapshot | None = None
        self._ghost_name = ""

    def compose(self) -> ComposeResult:
        """One plot."""
        yield Plot(ascii_only=self.look.ascii_only)

    def show(self, snapshot: Snapshot) -> None:
        """Draw the curves as they stand in a snapshot."""
        if self._snapshot is not None and snapshot.replaces(self._snapshot):
            self.look = replace(self.look, view=ALL, cursor=None, ghost=None)
        self._snapshot = snapshot
        self.entitle(f"Loss, {unit_of(snapshot)}", self._subtitle(snapshot))
        plot = self.query_one(Plot)
        look = replace(self.look, lines=plot.size.height // ROWS_A_LINE)
        plot.show(loss_picture(snapshot, look))

    def _subtitle(self, snapshot: Snapshot) -> str:
        """What the cursor reads; else the view, and what the marks on the axis mean."""
        look = self.look
        if look.cursor is not None:
            return losses_at(snapshot, look.cursor)
        marks = marks_in(snapshot, *look.view.span(last_step(snapshot)), look.ascii_only)
        view = [look.view.name, *(["log"] if look.log_scale else []), *([self._ghost_name] if look.ghost else [])]
        words = [*dict.fromkeys(f"{mark} {word}" for _, word, mark in marks), against(snapshot), ", ".join(view)]
        return "  ".join(filter(None, words))

    def change(self, **changes: object) -> None:
        """Change how the curves are shown, and draw again."""
        self.look = replace(self.look, **changes)  # type: ignore[arg-type]
        if self._snapshot is not None:
            self.show(self._snapshot)

    def next_view(self) -> None:
        """All, or the recent part; from a window back to all."""
        self.change(view=self.look.view.next())

    def toggle_log(self) -> None:
        """Logarithmic, or plain."""
        self.change(log_scale=not self.look.log_scale)

    def show_ghost(self, ghost: Buckets | None, name: str = "") -> None:
        """Show the curve of another run beneath this one's, or take it away."""
        self._ghost_name = shortened_line(f"beside {name}", NAME)
        self.change(ghost=ghost)

    @property
    def view(self) -> View:
        """Which part of the steps is shown."""
        return self.look.view

    @property
    def cursor(self) -> float | None:
        """The step of the cursor."""
        return self.look.cursor

    @property
    def last(self) -> float:
        """The newest step."""
        return 0.0 if self._snapshot is None else last_step(self._snapshot)
