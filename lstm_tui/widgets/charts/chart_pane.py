"""A pane with a chart that keys zoom and move, and a cursor that reads exact values."""

from abc import abstractmethod
from typing import ClassVar

from textual.binding import BindingType

from lstm_tui.charts.axes import GUTTER
from lstm_tui.charts.view import ALL, View
from lstm_tui.keys.table import CHART_KEYS
from lstm_tui.widgets.charts.plot import Plot
from lstm_tui.widgets.pane import Pane

STEP = 0.25  # how far the window moves, as a share of what it shows


class ChartPane(Pane):
    """Subclasses say what `view` and `cursor` are and how far x goes; `change` takes new ones and draws again."""

    BINDINGS: ClassVar[list[BindingType]] = [binding for key in CHART_KEYS for binding in key.bindings]

    @property
    @abstractmethod
    def view(self) -> View:
        """Which part is shown."""

    @property
    @abstractmethod
    def cursor(self) -> float | None:
        """Where the cursor is: a step or a day; None: nowhere."""

    @property
    @abstractmethod
    def last(self) -> float:
        """The newest step or day; 0 while there is none."""

    @abstractmethod
    def change(self, **changes: object) -> None:
        """Take another `view` or `cursor`, and draw again."""

    @abstractmethod
    def next_view(self) -> None:
        """From all to the part that tells most, and back."""

    def action_cursor(self, columns: int) -> None:
        """Move the cursor by some columns; the first time it appears at the newest step."""
        start, stop = self.view.span(self.last)
        if self.last <= 0:
            return
        if self.cursor is None:
            at = stop
        else:
            width = max(1, self.query(Plot).first().size.width - GUTTER)
            at = self.cursor + columns * max(1.0, (stop - start) / width)
        self._put_cursor(at)

    def action_cursor_to(self, share: float) -> None:
        """Put the cursor at a share of all steps."""
        if self.last > 0:
            self._put_cursor(share * self.last)

    def _put_cursor(self, at: float) -> None:
        at = min(max(at, 0.0), self.last)
        self.change(cursor=at, view=self.view.holding(at, self.last))

    def action_zoom(self, factor: float) -> None:
        """Show `factor` as many steps, around the cursor if there is one."""
        if self.last > 0:
            self.change(view=self.view.zoomed(factor, self.last, self.cursor))

    def action_move(self, direction: int) -> None:
        """Move the window to earlier or later steps."""
        if self.last > 0:
            self.change(view=self.view.moved(direction * STEP, self.last))

    def action_leave(self) -> None:
        """Take the cursor away; without one, show all."""
        self.change(cursor=None) if self.cursor is not None else self.change(view=ALL)
