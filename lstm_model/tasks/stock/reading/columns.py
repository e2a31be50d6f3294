"""Table -> columns: which hold the date, the price and the features, and which rows are of one series."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lstm_model.errors import InputError, quoted, shortened
from lstm_model.tasks.stock.reading.cells import texts
from lstm_model.tasks.stock.reading.dates.date_forms import forms
from lstm_model.tasks.stock.reading.header import is_data
from lstm_model.tasks.stock.reading.names import CLOSE, DATE, FEATURE_NAMES, SYMBOL, TIME, VALUE, key, words
from lstm_model.tasks.stock.reading.notes import Note, refusal, rows_of
from lstm_model.tasks.stock.reading.number_forms import MISSING, number_form
from lstm_model.tasks.stock.reading.table import Table, shown_names
from lstm_model.tasks.stock.reading.times import is_time

_LOOKED_AT = 30  # rows by which a column is told where its name says nothing
_PARTS = (
    ("year", "yr", "yyyy", "jahr", "année", "año", "ano", "anno", "年"),
    ("month", "mon", "mm", "monat", "mois", "mes", "mês", "mese", "月"),
    ("day", "dd", "dayofmonth", "tag", "jour", "dia", "día", "giorno", "日"),
)


@dataclass(frozen=True)
class Wish:
    """What is to be read; empty where the file is to say it."""

    column: str = "Close"
    features: tuple[str, ...] = ()
    date_column: str = ""
    symbol: str = ""


@dataclass(frozen=True)
class Columns:
    """Indices of the columns that are read, and the rows of the series."""

    table: Table  # its rows are those of the series alone
    dates: tuple[int, ...]  # one; or date and time; or year, month and day
    price: int
    features: dict[str, int]
    symbol: str = ""

    @property
    def parted_by(self) -> str:
        """What joins several cells to a date."""
        return "-" if len(self.dates) > 1 and key(self.table.names[self.dates[0]]) in _PARTS[0] else " "

    def name(self, index: int) -> str:
        """What a column is called."""
        return self.table.names[index]


def choose_columns(table: Table, wish: Wish) -> tuple[Columns, list[Note]]:
    """Find the columns; InputError where there is none, or where several could be meant."""
    notes: list[Note] = []
    dates = _dates(table, wish, notes)
    left = [k for k in range(len(table.names)) if k not in dates]
    if wish.symbol and any(table.groups):
        left = _of_group(table, left, wish.symbol)
    table, symbol = _one_series(table, left, wish, notes)
    price = _price(table, left, wish, notes)
    if table.groups[price]:
        left = [k for k in left if table.groups[k] == table.groups[price]]
    features = {name: _feature(table, left, name, price, notes) for name in wish.features}
    return Columns(table, dates, price, features, symbol), notes


def has_series(table: Table, wish: Wish) -> bool:
    """Whether a column looks like dates and another like numbers, whatever else may be wrong with the table."""
    try:
        dates = _dates(table, wish, [])
    except InputError:
        return False
    others = (k for k in range(len(table.names)) if k not in dates)
    return _looks_dated(table, dates[0]) > 0 and any(_looks_like_numbers(table, k) for k in others)


def _named(table: Table, wanted: str, among: Sequence[int]) -> list[int]:
    """Columns of a name: written so, or in other case, or with other signs round it."""
    bare = wanted.strip()
    alike: tuple[Callable[[int], bool], ...] = (
        lambda k: table.names[k].casefold() == bare.casefold(),
        lambda k: table.base(k).casefold() == bare.casefold(),
        lambda k: bool(key(table.base(k))) and key(table.base(k)) == key(bare),
    )
    for same in alike:
        if found := [k for k in among if same(k)]:
            return found
    return []


def _dates(table: Table, wish: Wish, notes: list[Note]) -> tuple[int, ...]:
    everything = range(len(table.names))
    if wish.date_column:
        found = _named(table, wish.date_column, everything)
        if not found:
            there = shown_names(table.names)
            text = f"no column {quoted(wish.date_column)}, only {there}: set `date_column` to one of these"
            raise refusal(table.path, text)
        return _with_time(table, found[0], notes)
    keys = [key(name) for name in table.names]
    parts = [next((k for k, name in enumerate(keys) if name in part), -1) for part in _PARTS]
    if min(parts[:2]) >= 0 and "date" not in keys:
        found_parts = tuple(k for k in parts if k >= 0)
        joined_from = ", ".join(quoted(table.names[k]) for k in found_parts)
        notes.append(Note("columns", f"the date was joined from {joined_from}"))
        return found_parts
    known = [k for name in DATE for k in everything if keys[k] == name]
    likely = [k for k in known if _looks_dated(table, k) == 2] or [k for k in known if _looks_dated(table, k)]
    if likely:
        return _with_time(table, likely[0], notes)
    dated = [k for k in everything if _looks_dated(table, k) == 2]
    if not dated and table.names[0] == "" and _looks_dated(table, 0):
        dated = [0]
    worded = [k for k in dated if {"date", "datum", "fecha", "data", "time"} & set(words(table.names[k]))]
    if dated and (len(dated) == 1 or worded or dated[0] == 0):
        chosen = (worded or dated)[0]
        if table.names[chosen]:
            text = f"there is no column Date: {quoted(table.names[chosen])} was read as the date"
            notes.append(Note("columns", text, column=table.names[chosen]))
        return _with_time(table, chosen, notes)
    if known:
        return _with_time(table, known[0], notes)
    text = f"no column 'Date', only {shown_names(table.names)}: name the column of dates Date, or set `date_column`"
    raise refusal(table.path, text)


def _looks_dated(table: Table, column: int) -> int:
    """2 if the first cells are dates, 1 if they are numbers that may be, 0 if they are something else."""
    cells = [cell for cell in _head(table, column) if cell]
    if not cells:
        return 0
    kinds = [is_data([cell, "1"]) if any(map(str.isdigit, cell)) else 0 for cell in cells]
    return sorted(kinds)[len(kinds) // 5]


def _head(table: Table, column: int) -> list[str]:
    n = len(table.grid)
    rows = range(min(n, _LOOKED_AT)) if n <= _LOOKED_AT else np.linspace(0, n - 1, _LOOKED_AT).astype(int).tolist()
    return [table.grid.cell(row, *table.fields[column]) for row in rows]


def _with_time(table: Table, date: int, notes: list[Note]) -> tuple[int, ...]:
    """The column of dates and, if they have no time and another column has, that one."""
    head = [cell for cell in _head(table, date) if cell]
    if any(":" in cell for cell in head) or not any(forms(re.sub("[0-9]", "0", cell)) for cell in head):
        return (date,)
    times = [k for name in TIME for k, other in enumerate(table.names) if key(other) == name and k != date]
    for k in times:
        cells = [cell for cell in _head(table, k) if cell]
        if cells and all(map(is_time, cells)):
            if any(cell.strip("0:") for cell in cells):
                text = f"{quoted(table.names[date])} and {quoted(table.names[k])} were read as one"
                notes.append(Note("columns", text, column=table.names[k]))
            return (date, k)
    return (date,)


def _of_group(table: Table, left: list[int], symbol: str) -> list[int]:
    found = [k for k in left if table.groups[k].casefold() == symbol.strip().casefold()]
    if not found:
        there = tuple(dict.fromkeys(group for group in table.groups if group))
        raise refusal(
            table.path, f"no series {quoted(symbol)}, only {shown_names(there)}: set `symbol` to one of these"
        )
    return found


def _one_series(table: Table, left: list[int], wish: Wish, notes: list[Note]) -> tuple[Table, str]:
    """The rows of one series, where a column says which row is whose."""
    if wish.symbol and any(table.groups):
        return table, wish.symbol
    columns = [k for name in SYMBOL for k in left if key(table.names[k]) == name]
    if wish.symbol:
        words_alone = [k for k in left if k not in columns and not _looks_like_numbers(table, k)]
        return _rows_of(table, [*columns, *words_alone], wish, notes)
    for column in columns:
        codes, values = texts(table.grid.cells(*table.fields[column]))
        named = [value for value in values if value]
        if len(named) > 1 and not _is_number_like(named):
            first = int(np.flatnonzero(codes != codes[0])[0])
            there = shown_names(tuple(sorted(named)))
            text = f"column {table.names[column]} names {len(named)} series, {there}: set `symbol` to one of them"
            raise table.error(first, text)
    return table, ""


def _rows_of(table: Table, columns: list[int], wish: Wish, notes: list[Note]) -> tuple[Table, str]:
    """The rows of the series that is wished for."""
    wanted = wish.symbol.strip().casefold()
    there: tuple[str, ...] = ()
    for column in columns:
        codes, values = texts(table.grid.cells(*table.fields[column]))
        folded = [value.casefold() for value in values]
        if wanted in folded:
            code = folded.index(wanted)
            rows = np.flatnonzero(codes == code)
            name = table.names[column]
            if len(rows) < len(table.grid):
                text = f"{rows_of(len(table.grid) - len(rows))} of other series in {name} left out"
                notes.append(Note("columns", text, column=name))
            return replace(table, grid=table.grid.kept(rows)), values[code]
        there = there or tuple(sorted(values)[:20])
    if not there:
        raise refusal(table.path, "no column says which series a row is of: leave `symbol` empty")
    text = f"no series {quoted(wish.symbol)}, only {shown_names(there)}: set `symbol` to one of these"
    raise refusal(table.path, text)


def series_told_apart(table: Table, but: Sequence[int]) -> str:
    """What to do about several series in one file: a column of words may tell them apart."""
    for column in range(len(table.names)):
        if column in but or _looks_like_numbers(table, column) or _looks_dated(table, column):
            continue
        values = sorted(filter(None, texts(table.grid.cells(*table.fields[column]))[1]))
        if 2 <= len(values) <= 500:
            return f"set `symbol` to one of {shown_names(tuple(values))} (column {table.names[column]})"
    return "keep one series a file"


def _is_number_like(values: list[str]) -> bool:
    """Whether a column called, say, "tick" counts something."""
    return len(values) > 200 or all(value.replace(".", "").isdigit() and len(value) > 6 for value in values)


def _price(table: Table, left: list[int], wish: Wish, notes: list[Note]) -> int:
    usual = wish.column.strip().casefold() == "close"
    found = _named(table, wish.column, left)
    by_signs = bool(found) and table.base(found[0]).strip().casefold() != wish.column.strip().casefold()
    if not found and usual:
        known = ([k for k in left if key(table.base(k)) == name] for name in (*CLOSE, *VALUE))
        found = next(filter(None, known), [])
        found = found or [k for k in left if "close" in words(table.names[k])] or _only_number(table, left)
    if not found:
        raise refusal(
            table.path,
            f"no column {quoted(wish.column)}, only {shown_names(table.names)}: choose a price with `column` NAME",
        )
    if len(found) > 1:
        several = [table.names[k] for k in found]
        if len({name.casefold() for name in several}) == len(several):
            raise refusal(
                table.path,
                f"{len(found)} columns may be the price, {shown_names(tuple(several))}: set `column` to one of them",
            )
        raise refusal(table.path, f"{len(found)} columns are named {quoted(several[0].casefold())}: keep one")
    index = found[0]
    name = table.names[index]
    if usual and table.base(index).strip().casefold() != "close":
        start = "" if by_signs else "there is no column Close: "
        notes.append(Note("columns", f"{start}{quoted(name)} was read as the price", column=name))
    return index


def _only_number(table: Table, left: list[int]) -> list[int]:
    """The one column of numbers beside the date, if there is one and its name is not another's."""
    others = {name for names in FEATURE_NAMES.values() for name in names}
    rows = [k for k in left if _looks_like_numbers(table, k)]
    return rows if len(rows) == 1 and key(table.names[rows[0]]) not in others and len(left) <= 3 else []


def _looks_like_numbers(table: Table, column: int) -> bool:
    cells = [cell for cell in _head(table, column) if cell.casefold() not in MISSING]
    return bool(cells) and sum(number_form(cell) is not None for cell in cells) >= 0.8 * len(cells)


def _feature(table: Table, left: list[int], name: str, price: int, notes: list[Note]) -> int:
    found = _named(table, name, left)
    known = FEATURE_NAMES.get(name, [])
    for other in known:
        found = found or [k for k in left if key(table.base(k)) == other]
    if not found:
        others = tuple(table.names[k] for k in left if k != price and _looks_like_numbers(table, k))
        text = f"no column {quoted(name)}, and no other of numbers beside {quoted(table.names[price])}: "
        if others:
            text = f"no column {quoted(name)}, and of numbers only {shown_names(others)}: name one of these, or "
        raise refusal(table.path, f"{text}leave that one out of `features`")
    if len(found) > 1:
        raise refusal(
            table.path, f"{len(found)} columns are named {quoted(table.names[found[0]].casefold())}: keep one"
        )
    if table.base(found[0]).strip().casefold() != name.casefold():
        text = f"{quoted(shortened(table.names[found[0]]))} was read as {name}"
        notes.append(Note("columns", text, column=table.names[found[0]]))
    return found[0]
