"""Predicted closes over the true ones, and the errors beside those of "tomorrow = today"."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from lstm_model.tasks.stock.forecast import Forecast
from lstm_model.tasks.stock.paths import PricePaths
from lstm_model.tasks.stock.series.calendar import step_word
from lstm_tui.charts.view import ALL, View
from lstm_tui.faces.stock.price_curves import LAST_DAYS, held_out, last_day, last_days, price_picture, prices_at
from lstm_tui.faces.stock.report import ahead
from lstm_tui.faces.stock.scores import ScoresTable, scores_text, verdict
from lstm_tui.faces.stock.seen import StockSeen
from lstm_tui.session.requests import Request
from lstm_tui.session.snapshot import Snapshot, Status
from lstm_tui.widgets.charts.chart_pane import ChartPane
from lstm_tui.widgets.charts.plot import Plot
from lstm_tui.widgets.task_pane import TaskPane

HIGH = 14  # rows from which on there is room for the errors below


class PricesPane(ChartPane, TaskPane):
    """The plot, the scores at its side, and the errors day by day below it where there is room."""

    NAME, PLACE = "prices", "below"
    DEFAULT_CSS = """
    PricesPane {
        #residual-plot { display: none; height: 2fr; }
        #price-plot { height: 3fr; }
        Plot { width: 1fr; }
        #scores { padding-left: 1; border-left: solid $foreground 50%; }
        &.-evaluation #residual-plot, &.-high #residual-plot { display: block; }
    }
    """

    def __init__(self, ask: Callable[[Request], None], *, ascii_only: bool = False) -> None:
        super().__init__(ask, ascii_only=ascii_only)
        self._chosen: View | None = None  # by a key
        self._cursor: float | None = None
        self._snapshot: Snapshot | None = None
        self._drawn: object = None

    def compose(self) -> ComposeResult:
        """The plots and the table."""
        with Horizontal():
            with Vertical():
                yield Plot(ascii_only=self._ascii, id="price-plot")
                yield Plot(ascii_only=self._ascii, id="residual-plot")
            yield ScoresTable(id="scores", classes="column")

    @property
    def view(self) -> View:
        """Which days are shown: at first all, and while it trains the newest."""
        if self._chosen is not None:
            return self._chosen
        paths, snapshot = self._paths, self._snapshot
        is_evaluation = snapshot is None or snapshot.status is Status.EVAL_ONLY
        return ALL if paths is None or is_evaluation else last_days(paths)

    @property
    def cursor(self) -> float | None:
        """The day of the cursor."""
        return self._cursor

    @property
    def last(self) -> float:
        """The newest day."""
        return 0.0 if self._paths is None else float(last_day(self._paths))

    @property
    def _forecast(self) -> Forecast | None:
        return None if self._snapshot is None else StockSeen.of(self._snapshot.seen).forecast

    @property
    def _paths(self) -> PricePaths | None:
        forecast = self._forecast
        return None if forecast is None else forecast.paths

    @property
    def _rival(self) -> PricePaths | None:
        """The predictions to compare with, if they are of the same days."""
        rival = self._snapshot.rival if self._snapshot is not None else None
        forecast = None if rival is None else StockSeen.of(rival.seen).forecast
        if forecast is None or self._paths is None:
            return None
        return forecast.paths if len(forecast.paths.closes) == len(self._paths.closes) else None

    @property
    def _sides(self) -> str:
        return "BA" if self._snapshot is not None and self._snapshot.side == "B" else "AB"

    def change(self, **changes: object) -> None:
        """Show another part of the days, or put the cursor elsewhere."""
        names = {"view": "_chosen", "cursor": "_cursor"}
        for name, value in changes.items():
            setattr(self, names[name], value)
        if self._snapshot is not None:
            self.show(self._snapshot)

    def show(self, snapshot: Snapshot) -> None:
        """Draw a snapshot's forecast, if it is a new one."""
        before, self._snapshot = self._snapshot, snapshot
        if before is not None and snapshot.replaces(before) and snapshot.rival is None:
            self._chosen = self._cursor = None
        is_evaluation = snapshot.status is Status.EVAL_ONLY
        self.set_class(is_evaluation, "-evaluation")
        self.set_class(self.content_size.height >= HIGH, "-high")
        paths, rival = self._paths, self._rival
        if self._cursor is not None and self._cursor > self.last:
            self._cursor = None  # other prices, and fewer of them
        self.entitle(self._title(), self._subtitle())
        scores = self.query_one(ScoresTable)
        version = (id(paths), id(rival), self.view, self._cursor, self.content_size, scores.content_size)
        if version == self._drawn:
            return
        self._drawn = version
        view, cursor, sides = self.view, self._cursor, self._sides
        picture = price_picture(
            paths, view, cursor=cursor, rival=rival, sides=sides, points=None if is_evaluation else "•",
            ascii_only=self._ascii,
        )  # fmt: skip
        self.query_one("#price-plot", Plot).show(picture)
        if is_evaluation or self.has_class("-high"):
            picture = price_picture(
                paths, view, errors=True, cursor=cursor, rival=rival, sides=sides, ascii_only=self._ascii
            )
            self.query_one("#residual-plot", Plot).show(picture)
        height = self.content_size.height
        text = scores_text(snapshot, scores.content_size.width or 30, height, whole_verdict=is_evaluation)
        scores.update(text, layout=False)

    def _title(self) -> str:
        forecast = self._forecast
        at = "" if forecast is None else f", step {forecast.step:,}"
        below = ", and the errors below" if self.query_one("#residual-plot").display else ""
        paths = self._paths
        if paths is None:
            return f"Predicted {ahead(1, 'day')}{at}{below}"
        how = ahead(paths.horizon, step_word(paths.dates))
        return f"Predicted {how}, and true {paths.noun.row}s{at}{below}"

    def _subtitle(self) -> str:
        """What the cursor reads; else the view, and the verdict where there is no room for the table."""
        paths, snapshot = self._paths, self._snapshot
        if paths is None or snapshot is None:
            return "all days"
        if self._cursor is not None:
            return prices_at(paths, self._cursor, self._rival, self._sides)
        named = {last_days(paths): f"last {LAST_DAYS} days", held_out(paths): "validation and test", ALL: "all days"}
        view = named.get(self.view, "zoomed")
        scores = StockSeen.of(snapshot.seen).scores
        if scores and not self.query_one("#scores").display:
            view = f"{verdict(scores[-1])}, {view}"
        return view

    def on_scores_table_resized(self) -> None:
        """Wrap again what stands in it."""
        self.on_resize()

    def on_resize(self) -> None:
        """Choose again which scores fit."""
        if self._snapshot is not None:
            self.show(self._snapshot)

    def next_view(self) -> None:
        """Show all days, or the held-out ones alone; while it trains the newest ones as well."""
        if self._paths is None or self._snapshot is None:
            return
        newest = [] if self._snapshot.status is Status.EVAL_ONLY else [last_days(self._paths)]
        views = [*newest, ALL, held_out(self._paths)]
        at = views.index(self.view) if self.view in views else -1
        self.change(view=views[(at + 1) % len(views)])
