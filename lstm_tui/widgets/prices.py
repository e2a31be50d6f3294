"""Predicted closes over the true ones, and the errors beside those of "tomorrow = today"."""

import re

import numpy as np
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from lstm_model.stock_task import PricePaths
from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import Picture
from lstm_tui.snapshot import Scores, Snapshot
from lstm_tui.widgets.pane import Pane
from lstm_tui.widgets.plot import Plot

# (how dear the line is, the line, its style): with little room the dearest are kept.
Line = tuple[int, str, str]
PART_WORDS = {"train": "training", "val": "validation", "test": "test"}


class PricesPane(Pane):
    """The plot, and the scores at its side."""

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.recent = False
        self._ascii = ascii_only
        self._snapshot: Snapshot | None = None
        self._drawn: tuple[int, bool, int] | None = None

    def compose(self) -> ComposeResult:
        """The plot and the table."""
        with Horizontal():
            yield Plot(ascii_only=self._ascii)
            yield Static(id="scores")

    def show(self, snapshot: Snapshot) -> None:
        """Draw a snapshot's forecast, if it is a new one."""
        self._snapshot = snapshot
        forecast = snapshot.forecast
        at = "" if forecast is None else f", step {forecast.step:,}"
        view = "validation and test" if self.recent else "all days"
        if snapshot.scores and not self.query_one("#scores").display:  # no room for the table: the verdict at least
            view = f"{verdict(snapshot.scores[-1])}, {view}"
        self.entitle(f"Predicted one day ahead, and true closes{at}", view)
        version = (id(forecast), self.recent, self.content_size.height)
        if version == self._drawn:
            return
        self._drawn = version
        paths = None if forecast is None else forecast.paths
        self.query_one(Plot).show(price_picture(paths, recent=self.recent))
        text = scores_text(paths, snapshot.scores, self.content_size.height)
        self.query_one("#scores", Static).update(text, layout=False)

    def on_resize(self) -> None:
        """Choose again which scores fit."""
        if self._snapshot is not None:
            self.show(self._snapshot)

    def toggle(self) -> None:
        """Show all days, or the held-out ones alone."""
        self.recent = not self.recent
        if self._snapshot is not None:
            self.show(self._snapshot)


def price_picture(paths: PricePaths | None, *, recent: bool) -> Picture:
    """The picture of closes and predictions; x counts trading days."""
    empty = "The predicted prices will be drawn here as the model learns."
    if paths is None:
        return Picture(empty=empty)
    start = paths.parts["val"].start if recent else 0
    days = np.arange(start, len(paths.closes))
    series = [Series("true close", days.astype(float), paths.closes[start:], "truth")]
    for part, span in paths.parts.items():
        inside = np.arange(max(span.start, start), span.stop)
        if inside.size:
            series.append(Series(PART_WORDS[part], inside.astype(float), paths.predicted[inside], part))
    borders = [paths.parts[name].start for name in ("val", "test") if paths.parts[name] and name in paths.parts]
    return Picture(
        series=tuple(series),
        x_ticks=date_ticks(paths.dates[start:], start),
        verticals=tuple((float(b), "mark") for b in borders if b > start),
        empty=empty,
    )


def date_ticks(dates: np.ndarray, first: int) -> tuple[tuple[float, str], ...]:
    """A tick at the first trading day of each year, or of each month where there are few years."""
    years = dates.astype("datetime64[Y]")
    months = dates.astype("datetime64[M]")
    few = len(np.unique(years)) <= 2
    units = months if few else years
    starts = np.flatnonzero(units[1:] != units[:-1]) + 1
    if not starts.size:
        starts = np.array([0])
    return tuple((float(first + k), str(units[k])) for k in starts.tolist())


def score_lines(paths: PricePaths, scores: tuple[Scores, ...]) -> list[Line]:
    """Errors of the model beside those of "no change" (tomorrow = today), and the next day's forecast."""
    lines: list[Line] = []
    for score in scores:
        m = score.metrics
        lines.append((9, f"{PART_WORDS[score.part]:<11}{'model':>9}{'no change':>10}", "bold"))
        for dear, name, key, digits in ((9, "RMSE", "rmse", 4), (5, "MAE", "mae", 4), (3, "MAPE %", "mape", 3)):
            lines.append((dear, f"{name:<11}{m[key]:>9.{digits}f}{m[f'persistence_{key}']:>10.{digits}f}", ""))
        if m["directional_accuracy"] is not None:
            lines.append((4, f"{'direction':<11}{100 * m['directional_accuracy']:>7.1f} %", ""))
        if m["skill"] is not None:
            lines.append((7, f"{'skill':<11}{100 * m['skill']:>7.1f} %", ""))
        lines.append((8, f"{'verdict':<11}{verdict(score):>19}", ""))
    today, following = paths.closes[-1], paths.next_close
    lines.append((8, f"next day {paths.next_date}", "bold"))
    lines.append((8, f"{following:.2f} after {today:.2f} ({100 * (following / today - 1):+.2f} %)", ""))
    return lines


def verdict(score: Scores) -> str:
    """The verdict in a word or two."""
    return re.split("[:,]", score.metrics["verdict"])[0].lower()


def scores_text(paths: PricePaths | None, scores: tuple[Scores, ...], height: int) -> Text:
    """The dearest lines that fit into a height; where there is room, the verdict in a sentence as well."""
    text = Text()
    if paths is None:
        return text
    lines = score_lines(paths, scores)
    dear = sorted(range(len(lines)), key=lambda k: (-lines[k][0], k))[:height]
    for k in sorted(dear):
        text.append(lines[k][1] + "\n", lines[k][2])
    if scores:
        text.append(f"{scores[-1].metrics['verdict']}", "italic")
    return text
