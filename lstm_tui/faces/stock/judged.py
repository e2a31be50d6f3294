"""A model of prices, measured: its report, pictures of its last predictions, and another model beside it."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from lstm_model.digits import apart
from lstm_model.tasks.comparison import Comparison
from lstm_model.tasks.stock.judging.comparison import compare_forecasts
from lstm_model.tasks.stock.paths import PricePaths
from lstm_model.tasks.stock.series.noun import PRICE
from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import plain_text
from lstm_tui.charts.view import View
from lstm_tui.faces.stock.price_curves import last_day, price_picture
from lstm_tui.faces.stock.report import ahead, report_lines
from lstm_tui.reports.judged import Judged
from lstm_tui.reports.plot_look import ACTUAL, MODELS
from lstm_tui.visible import visible
from lstm_tui.wording import PART_WORDS

DAYS = 120  # of the part, the last ones: about a column for each
HEIGHT = 16  # rows
CELL = 11  # characters of a figure in the table of two
# Name, key, digits (None: as many as tell values apart) and factor of a row; the key of what "tomorrow = today" has.
ROWS = (
    ("RMSE", "rmse", None, 1, "persistence_rmse"),
    ("MAE", "mae", None, 1, "persistence_mae"),
    ("MAPE %", "mape", None, 1, "persistence_mape"),
    ("R2", "r2", 3, 1, "persistence_r2"),
    ("direction right %", "directional_accuracy", 1, 100, None),
    ("always up, or down %", "always_same", 1, 100, None),
    ("skill", "skill", 4, 1, None),
    ("MASE", "mase", 4, 1, None),
    ("Theil's U", "theil_u", 4, 1, None),
)


@dataclass(frozen=True, eq=False, kw_only=True)
class StockJudged(Judged):
    """A model of prices, measured; paths: all that it predicted."""

    SAME: ClassVar[tuple[str, ...]] = ("column", "days", "from", "to", "horizon")

    paths: PricePaths

    @property
    def days(self) -> range:
        """The days that were measured."""
        return self.paths.judged_days(self.report["part"])

    @property
    def measured(self) -> str:
        """How many days, and which."""
        r = self.report
        return f"{r['days']:,} {r['row']}s, {r['from']} to {r['to']}"

    def lines(self) -> list[str]:
        """Errors, one horizon after the other."""
        return report_lines(self.report)

    def picture(self, rival: Self | None, width: int, *, ascii_only: bool) -> list[str]:
        """Prices as they were and as they were predicted, over the last days of the part."""
        paths, part, r = self.paths, self.days, self.report
        start = max(part.start, part.stop - DAYS)
        view = View(None, float(part.stop - 1 - start), None if part.stop > last_day(paths) else float(part.stop - 1))
        picture = price_picture(paths, view, rival=None if rival is None else rival.paths)
        if rival is None:
            picture = replace(picture, series=tuple(_as_predicted(series) for series in picture.series))
        how = f"predicted {ahead(r['horizon'], r['row'])}, and true {paths.noun.row}s"
        shown = part.stop - start
        last = f"its last {shown:,} {r['row']}s" if shown > 1 else f"its last {r['row']}"
        title = f"{PART_WORDS[r['part']]} part, {last}: {how}"
        return [title, plain_text(picture, width, HEIGHT, ascii_only)]

    def draw(self, figure: Any, rival: Self | None) -> str:
        """The same over the whole part, and the errors below."""
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
        models = [self, *([] if rival is None else [rival])]
        days = slice(self.days.start, self.days.stop)
        above.plot(self.paths.dates[days], self.paths.closes[days], color=ACTUAL, linewidth=1.4, label="actual")
        below.axhline(0, color=ACTUAL, linewidth=0.8)
        for one, (colour, dash) in zip(models, MODELS, strict=False):
            dates, closes, predicted = one.paths.dates[days], one.paths.closes[days], one.paths.predicted[days]
            label = f"predicted {one.name}".strip()
            above.plot(dates, predicted, color=colour, linestyle=dash, linewidth=1.1, label=label)
            below.plot(dates, predicted - closes, color=colour, linestyle=dash, linewidth=0.9, label=label)
        unit = "currency" if self.paths.noun == PRICE else "unit"
        above.set_ylabel(visible(f"{self.report['column']}, in the {unit} of the file"), parse_math=False)
        below.set_ylabel("predicted - actual")
        below.set_xlabel("date")
        above.legend(loc="best", frameon=False)
        for axes in (above, below):
            axes.grid(alpha=0.25)
        r = self.report
        *errors, nothing = apart(*(one.report["rmse"] for one in models), r["persistence_rmse"])
        scored = ", ".join(f"{one.name or 'model'} {error}" for one, error in zip(models, errors, strict=True))
        return f"RMSE {ahead(r['horizon'], r['row'])}: {scored}, no change {nothing}"

    def rows(self, rival: Self) -> list[list[str]]:
        """Errors of both, and those of "tomorrow = today"."""
        a, b = self.report, rival.report
        rows = [[ahead(a["horizon"], a["row"]), "A", "B", "no change"]]
        for name, key, digits, times, same in ROWS:
            values: list[Any] = [a.get(key), b.get(key), a.get(same) if same else None]
            if digits is None:
                rows.append([name, *apart(*values, width=CELL)])
            else:
                rows.append([name, *("-" if value is None else f"{times * value:.{digits}f}" for value in values)])
        return rows

    def compare(self, rival: Self) -> Comparison:
        """By their errors day by day."""
        a, b, r = self.paths, rival.paths, self.report
        part = slice(self.days.start, self.days.stop)
        return compare_forecasts(a.closes[part], a.predicted[part], b.predicted[part], r["horizon"], r["row"])


def _as_predicted(series: Series) -> Series:
    """Name the curve of a part after what it is: here there is no other than the one that was measured."""
    return series if series.role == "truth" else replace(series, label=f"predicted, {series.label}")
