"""`data` with a table of prices: the rows as read, the columns, the parts by dates, and a picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lstm_model.settings.config import Config
from lstm_model.tasks.stock.description import PricesDescription, describe_prices, looks_like_prices
from lstm_model.tasks.stock.reading.rows import shown_date
from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import Picture, plain_text
from lstm_tui.faces.stock.price_curves import date_ticks
from lstm_tui.reports.described import Described, labelled
from lstm_tui.visible import as_line, cells, padded
from lstm_tui.wording import PART_WORDS, size

ENDINGS = (".csv", ".tsv")  # of names, which say that a table is meant, whatever stands in it
SHOWN = 4  # rows at the start, and at the end
MOST_NAMES = 20  # of columns
HEIGHT = 12  # rows of the picture
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "blanks"}


def claim(path: Path, config: Config) -> str:
    """Why a file is one of prices; empty if it is not."""
    if looks_like_prices(path, config):
        return "it is a table with dates and numbers"
    ending = path.suffix.lower()
    return f"its name ends in {ending}" if ending in ENDINGS else ""


def describe(path: Path, config: Config, progress: Callable[[float], None], *, quick: bool) -> "StockDescribed":  # noqa: ARG001
    """Read prices as a run with these settings would."""
    found = describe_prices(path, config, progress)
    notes = [note.text for note in found.reading.notes]
    if found.too_few:
        notes.append(f"a run with the usual settings would be refused: {found.too_few}")
    return StockDescribed(_report(found, config), tuple(notes), found)


@dataclass(frozen=True, eq=False)
class StockDescribed(Described):
    """Prices as they were read."""

    description: PricesDescription

    @property
    def brief(self) -> str:
        """Rows, dates and columns."""
        found, dates = self.description, self.description.reading.series.dates
        days = f"{shown_date(dates[0])} to {shown_date(dates[-1])}"
        return f"{found.rows:,} rows by {found.step}, {days}, column {found.reading.column}"

    def lines(self) -> list[str]:
        """The file, its columns, the first and last rows, the parts."""
        found, reading = self.description, self.description.reading
        dates = reading.series.dates
        parted = SEPARATORS.get(reading.separator, repr(reading.separator))
        days = f"{shown_date(dates[0])} to {shown_date(dates[-1])}"
        left = _names(reading.left)
        return [
            labelled(
                "file",
                f"{size(found.size)}, {reading.encoding}, lines end in {reading.line_ends}, fields parted by {parted}",
            ),
            labelled("read", _names(reading.taken)),
            *([labelled("left out", left)] if left else []),
            labelled("rows", f"{found.rows:,}, {days}, rows by {found.step}"),
            *(labelled(PART_WORDS[part], self._part(rows)) for part, rows in found.parts.items() if rows),
            "",
            *self._rows(),
        ]

    def picture(self, width: int, *, ascii_only: bool) -> list[str]:
        """The price over all rows, with the borders of the parts."""
        found, series = self.description, self.description.reading.series
        borders = [rows.start for part, rows in found.parts.items() if part != "train" and rows]
        picture = Picture(
            series=(Series(found.reading.column, np.arange(found.rows, dtype=float), series.values[:, 0], "truth"),),
            x_ticks=date_ticks(series.dates, 0),
            verticals=tuple((float(border), "mark") for border in borders),
        )
        return [plain_text(picture, width, HEIGHT, ascii_only)]

    def _part(self, rows: range) -> str:
        dates = self.description.reading.series.dates
        return f"{len(rows):,} rows, {shown_date(dates[rows.start])} to {shown_date(dates[rows.stop - 1])}"

    def _rows(self) -> list[str]:
        """The first rows and the last, as read."""
        series, n = self.description.reading.series, self.description.rows
        shown = list(range(n)) if n <= 2 * SHOWN else [*range(SHOWN), *range(n - SHOWN, n)]
        head = ["date", self.description.reading.column, *self.description.reading.features]
        table = [head, *([shown_date(series.dates[k]), *map(_number, series.values[k])] for k in shown)]
        if n > 2 * SHOWN:
            table.insert(1 + SHOWN, ["...", *("..." for _ in head[1:])])
        table = [list(map(as_line, row)) for row in table]
        widths = [max(map(cells, column)) for column in zip(*table, strict=True)]
        return ["  ".join(padded(text, widths[k], right=k > 0) for k, text in enumerate(row)) for row in table]


def _report(found: PricesDescription, config: Config) -> dict[str, Any]:
    reading, dates, values = found.reading, found.reading.series.dates, found.reading.series.values
    first, last = (
        {
            name: float(value)
            for name, value in zip((reading.column, *reading.features), values[row], strict=True)
        }
        for row in (0, -1)
    )  # fmt: skip
    return {
        "bytes": found.size,
        "encoding": reading.encoding,
        "line_ends": reading.line_ends,
        "separator": reading.separator,
        "column": reading.column,
        "date_column": ", ".join(reading.date_columns),
        "columns_read": reading.taken,
        "columns_left": reading.left,
        "symbol": reading.symbol,
        "rows": found.rows,
        "first": str(dates[0]),
        "last": str(dates[-1]),
        "first_row": first,
        "last_row": last,
        "step": found.step,
        "split": config.split_text,
        "parts": {
            part: {"rows": len(rows), "first": str(dates[rows.start]), "last": str(dates[rows.stop - 1])}
            for part, rows in found.parts.items()
            if rows
        },
        "places": [
            {"stage": note.stage, "row": note.row, "column": note.column, "note": note.text} for note in reading.notes
        ],
        "refused": found.too_few or None,
    }


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(name or "(no name)" for name in names[:MOST_NAMES])
    return f"{shown} and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else shown


def _number(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.10g}"
