"""The stages one after the other: a file -> a series, and what each stage said."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import InputError
from lstm_model.progress import Tell, quiet, stages
from lstm_model.tasks.stock.reading.cells import Cells
from lstm_model.tasks.stock.reading.columns import Columns, Wish, choose_columns, has_series
from lstm_model.tasks.stock.reading.dates.fitted import read_dates, today
from lstm_model.tasks.stock.reading.names import is_price
from lstm_model.tasks.stock.reading.notes import Note, more
from lstm_model.tasks.stock.reading.number_forms import number_form
from lstm_model.tasks.stock.reading.numbers import Marks, marks_of, read_numbers, require_numbers
from lstm_model.tasks.stock.reading.rows import Series, in_order, usable_rows
from lstm_model.tasks.stock.reading.sense import adjusted, look_over
from lstm_model.tasks.stock.reading.table import Table, split_table
from lstm_model.tasks.stock.reading.text import read_head, read_text
from lstm_model.tasks.stock.reading.times import joined

STAGES = ("text", "table", "columns", "dates", "numbers", "rows", "sense")


@dataclass(frozen=True)
class Reading:
    """A file as it was read."""

    series: Series
    column: str  # the price's name
    date_columns: tuple[str, ...]  # one; or date and time; or year, month and day
    features: tuple[str, ...]  # the names of the other columns of `series.values`
    taken: tuple[str, ...]  # names of the columns that were read
    left: tuple[str, ...]  # and of those that were not
    encoding: str
    line_ends: str
    separator: str
    symbol: str
    notes: tuple[Note, ...]  # in the order of STAGES


def read_file(
    path: Path, wish: Wish, *, encoding: str | None = None, adjust: Sequence[str] = (), positive: bool = True,
    now: int | None = None, tell: Tell = quiet,
) -> Reading:  # fmt: skip
    """Read a series from a file; InputError, one line, for whatever has no meaning, or two.

    `positive`: whether a price at or below 0 is refused. `now`: microseconds since 1970 after which nothing was
    measured; the clock's, if it is not given.
    """
    now = today() if now is None else now
    parts = stages(tell, 0.1, 0.3, 0.4, 0.7, 0.9, 1.0)
    text, notes = read_text(path, encoding, parts[0])
    table, said = split_table(text)
    notes += said
    parts[1](1.0)
    columns, said = choose_columns(table, wish)
    notes += said
    table = columns.table
    parts[2](1.0)
    date_name, name = columns.name(columns.dates[0]), columns.name(columns.price)
    dates, said = read_dates(_date_cells(table, columns), table.grid.lines, date_name or "Date", path, now)
    notes += said
    parts[3](1.0)
    values, said = _numbers(table, columns, dates.how, positive=positive)
    notes += said
    kept, said = usable_rows(table, dates, values[:, 0], name, date_name or "Date")
    notes += said
    _require_features(table, columns, kept, values)
    parts[4](1.0)
    whole = len(kept) == len(values)
    times, values = (dates.times, values) if whole else (dates.times[kept], values[kept])
    del dates
    series, said = in_order(table, kept, times, values, now)
    del times, values
    notes += said
    features = tuple(columns.features)
    if adjust:
        volume = 1 + features.index("Volume") if "Volume" in features else -1
        series, said = adjusted(series, adjust, _priced(features), volume)
        notes += said
    notes += look_over(table, series, name)
    parts[5](1.0)
    used = {*columns.dates, columns.price, *columns.features.values()}
    return Reading(
        series, name, tuple(map(columns.name, columns.dates)), features,
        taken=tuple(n for k, n in enumerate(table.names) if k in used),
        left=tuple(n for k, n in enumerate(table.names) if k not in used),
        encoding=text.encoding, line_ends=text.line_ends, separator=table.separator, symbol=columns.symbol,
        notes=tuple(sorted(notes, key=lambda note: STAGES.index(note.stage))),
    )  # fmt: skip


def is_series(path: Path, wish: Wish, encoding: str | None = None) -> bool:
    """Whether the start of a file looks like a table of dates and numbers."""
    try:
        return has_series(split_table(read_head(path, encoding))[0], wish)
    except InputError:
        return False


def _priced(features: Sequence[str]) -> list[int]:
    """The columns of a series that hold prices: the first, and those features that are called so."""
    return [0, *(k for k, name in enumerate(features, start=1) if is_price(name))]


def _date_cells(table: Table, columns: Columns) -> Cells:
    if len(columns.dates) == 1:
        return table.grid.cells(*table.fields[columns.dates[0]])
    return joined(table, columns.dates, columns.parted_by)


def _numbers(table: Table, columns: Columns, how: str, *, positive: bool) -> tuple[NDArray[Any], list[Note]]:
    """The price and the features, (N, columns), NaN where there is none."""
    found: list[NDArray[Any]] = []
    notes: list[Note] = []
    for name, index in (("", columns.price), *columns.features.items()):
        cells = table.grid.cells(*table.fields[index])
        shown = columns.name(index)
        others = partial(_other_marks, table, columns, index)
        column, said = read_numbers(cells, table.grid.lines, shown, table.path, others, _hint(table, how))
        above = positive and name in ("", "Open", "High", "Low")
        least = 0.0 if name == "Volume" else 1.0 if above else None
        advice = "correct or delete ROWS" + (", or leave it out of `features`" if name else "")
        low = "" if name else ", or set `target` to value or change"
        require_numbers(column, cells, table.grid.lines, shown, table.path, least=least, advice=advice, low=low)
        found.append(column.values)
        notes += said
    return np.column_stack(found), notes


def _hint(table: Table, how: str) -> str:
    """The decimal mark that people use who part fields, or write dates, so."""
    if how.startswith("month/"):
        return "."
    dotted = how.startswith("day.") or (how == "" and _dotted(table))
    return "," if dotted and table.separator == ";" else ""


def _dotted(table: Table) -> bool:
    row = table.grid.row(0)
    return bool(row) and row.count(".") >= 2 and row[:3].count(".") == 1


def _other_marks(table: Table, columns: Columns, but: int) -> Marks:
    """What the other columns say of points and commas."""
    point = comma = False
    for index, fields in enumerate(table.fields):
        if index == but or index in columns.dates:
            continue
        if not any(number_form(table.grid.cell(row, *fields)) for row in range(min(20, len(table.grid)))):
            continue
        marks = marks_of(table.grid.cells(*fields))
        if marks.point != marks.comma:
            point |= marks.point
            comma |= marks.comma
        if point and comma:
            break
    return Marks(point, comma)


def _require_features(table: Table, columns: Columns, kept: NDArray[Any], values: NDArray[Any]) -> None:
    """InputError for a row with a price and without a feature."""
    for k, index in enumerate(columns.features.values(), start=1):
        gone = kept[np.isnan(values[kept, k])]
        if len(gone):
            row, name = int(gone[0]), columns.name(index)
            shown = repr(table.grid.cell(row, *table.fields[index])[:40])
            text = f"{name} is missing ({shown}){more(len(gone), f'more without a usable {name}')}"
            raise table.error(row, f"{text}: leave it out of `features`, or correct or delete these rows")
