"""Where the header of a table stands, and what it calls the columns."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import quoted
from lstm_model.tasks.stock.reading.dates.date_forms import forms
from lstm_model.tasks.stock.reading.names import ALL, CLOSE, DATE, FEATURE_NAMES, VALUE, key, levels, plain
from lstm_model.tasks.stock.reading.notes import Note, refusal, rows_of
from lstm_model.tasks.stock.reading.number_forms import MISSING, number_form

_FIELDS = {name for names in (CLOSE, VALUE, *FEATURE_NAMES.values()) for name in names}
_CORNERS = {"price", "ticker", "tickers", "attributes", "symbols", "symbol", "field", "feature", "names", ""}
_KLINES = ("Open time", "Open", "High", "Low", "Close", "Volume", "Close time", "Quote volume", "Trades",
           "Taker buy volume", "Taker buy quote volume", "Ignore")  # fmt: skip


@dataclass(frozen=True)
class Header:
    """What the columns are called. `at` is its line among the lines that are not blank, -1 if there is none."""

    names: tuple[str, ...]
    at: int
    rows: int  # the first line after it
    notes: list[Note]
    groups: tuple[str, ...] = ()  # the ticker of each column, where there are several


def is_data(cells: list[str]) -> int:
    """2 for a row with a date and something beside it, 1 for one with two numbers at least, 0 for any other."""
    dates = numbers = missing = 0
    for cell in cells:
        shape = re.sub("[0-9]", "0", cell)
        if number_form(shape):
            numbers += 1
        elif forms(shape):
            dates += 1
        elif cell.casefold() in MISSING:
            missing += 1
    if dates and numbers + missing + dates > 1:
        return 2
    if any(key(cell) in ALL for cell in cells if cell.isascii() and not cell.isdigit()):
        return 0
    return int(numbers > 1 or (numbers == 1 and missing > 0 and _is_counted(cells[0])))


def _is_counted(cell: str) -> bool:
    """Whether a number may be a date."""
    return bool(re.fullmatch(r"\d{4,19}(\.\d*)?", cell))


def find_header(
    path: Path, lines: list[list[str]], fields: int, numbers: NDArray[np.integer[Any]], separator: str
) -> Header:
    """Find the header of the first lines, each given by its cells; `fields`: how many a row has."""
    first = _first_row(lines, fields)
    notes: list[Note] = []
    if first == len(lines):  # nothing looks like a row: the first line with several names is the header
        first = min(len(lines), 1 + next((k for k, cells in enumerate(lines) if len(cells) > 1), 0))
        fields = len(lines[first - 1]) if first else fields
    above = [k for k in range(first) if len(lines[k]) > 1 or fields < 2]
    block = _block(lines, above, fields)
    if not block:
        return _known_layout(path, lines[first:], first, numbers, separator)
    if several := _several_lines(lines, block):
        names, groups = several
        at = block[-1]
        if len(block) > 1:
            notes.append(
                Note("table", f"the header has {_count(len(block))} lines, as yfinance writes it: read as one")
            )
        passed = block[0]
    else:
        at = max(block, key=lambda k: (_named(lines[k]), k))
        names, groups = _names(lines[at])
        passed = at
        if at < first - 1:
            notes.append(
                Note("table", f"{rows_of(first - 1 - at, 'line')} passed over after the header", int(numbers[at + 1]))
            )
    if passed > 0:
        notes.append(Note("table", f"{rows_of(passed, 'line')} passed over before the header", int(numbers[0])))
    return Header(names, at, first, notes, groups)


def _count(n: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(n, str(n))


def _first_row(lines: list[list[str]], fields: int) -> int:
    """The first line that is a row of the usual kind."""
    kinds = [is_data(cells) for cells in lines]
    whole = [kind if len(cells) == fields else 0 for kind, cells in zip(kinds, lines, strict=True)]
    usual = 2 if whole.count(2) >= max(1, whole.count(1) // 2) else 1
    first = next((k for k, kind in enumerate(whole) if kind >= usual), len(lines))
    if usual == 2 and first < len(lines):  # rows of other lengths have their date in the same place
        at = next((k for k, cell in enumerate(lines[first]) if _dated(cell)), 0)
        return next(
            k
            for k, cells in enumerate(lines)
            if k == first or (kinds[k] == 2 and len(cells) > at + 1 and _is_day(cells[at]))
        )
    return first


def _block(lines: list[list[str]], above: list[int], fields: int) -> list[int]:
    """The lines right above the rows that may be the header: as wide as the rows, or nearly, and with names."""
    block: list[int] = []
    for k in reversed(above):
        cells = lines[k]
        while len(cells) > fields and not cells[-1]:
            cells = cells[:-1]
        wide = abs(len(cells) - fields) <= 1 or (len(cells) < fields <= len(cells) + 3) or _named(cells) >= 2
        if wide and any(any(map(str.isalpha, cell)) for cell in cells) and is_data(cells) != 2:
            block.insert(0, k)
        elif block:
            break
        if len(block) == 5:
            break
    return block


def _named(cells: list[str]) -> int:
    """How many cells are known names of columns."""
    return sum(key(cell) in ALL for cell in cells if cell)


def _several_lines(lines: list[list[str]], block: list[int]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Names and groups of a header of several levels, as pandas writes one."""
    last = lines[block[-1]]
    if len(block) >= 2 and key(last[0]) in DATE and not any(last[1:]):
        rows = [lines[k] for k in block[:-1]]
        first_name = last[0]
    elif len(block) >= 2 and {key(lines[k][0]) for k in block[-2:]} <= _CORNERS and _levels_like(lines, block[-2:]):
        rows = [lines[k] for k in block[-2:]]
        first_name = "Date"
    else:
        return None
    wide = max(map(len, rows))
    rows = [row + [""] * (wide - len(row)) for row in rows if any(row[1:])]
    if not rows:
        return None
    fields = max(rows, key=lambda row: sum(key(cell) in _FIELDS for cell in row[1:]))
    groups = next((row for row in rows if row is not fields), [""] * wide)
    return _joined([first_name, *_filled(fields[1:])], ["", *_filled(groups[1:])])


def _levels_like(lines: list[list[str]], block: list[int]) -> bool:
    known = [sum(key(cell) in _FIELDS for cell in lines[k][1:]) for k in block]
    return max(known) > 0 and min(known) == 0 and len(lines[block[0]]) == len(lines[block[1]])


def _filled(cells: list[str]) -> list[str]:
    """Cells, empty ones as the one before: pandas and people write a group once."""
    out: list[str] = []
    for cell in cells:
        out.append(cell or (out[-1] if out else ""))
    return out


def _joined(fields: list[str], groups: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names with the group where there are several: "Close BBB"."""
    if len({group for group in groups if group}) < 2:
        return tuple(fields), ("",) * len(fields)
    return tuple(f"{f} {g}".strip() for f, g in zip(fields, groups, strict=True)), tuple(groups)


def _names(cells: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of one line: tuples of several levels as pandas writes them, and # before the first taken off."""
    cells = [cells[0].lstrip("#").strip(), *cells[1:]]
    parts = [levels(cell) for cell in cells]
    if any(len(part) > 1 for part in parts):
        known = [max(part, key=lambda level: key(level) in _FIELDS or key(level) in DATE) for part in parts]
        groups = [next((level for level in part if level != name), "") for part, name in zip(parts, known, strict=True)]
        return _joined(known, groups)
    return tuple(plain(cell) if cell.startswith("<") else cell for cell in cells), ()


def _known_layout(
    path: Path, lines: list[list[str]], first: int, numbers: NDArray[np.integer[Any]], separator: str
) -> Header:
    """Names for a table without a header, where its columns can be nothing else."""
    rows = [cells for cells in lines if is_data(cells)][:200]
    wide = len(rows[0]) if rows else 0
    line = int(numbers[first]) if len(numbers) > first else 1
    names: tuple[str, ...] = ()
    what = ""
    if wide in (11, 12) and all(re.fullmatch(r"\d{13}|\d{16}", cells[0]) for cells in rows):
        names, what = _KLINES[:wide], "Binance's klines"
    elif wide == 2 and all(
        (_dated(cells[0]) and number_form(cells[1])) or cells[1].casefold() in MISSING for cells in rows
    ):
        names, what = ("Date", "Close"), "Date,Close"
    elif wide >= 5:
        start = (
            2
            if re.fullmatch(r"\d\d?:\d\d(:\d\d)?|\d{4}|\d{6}", rows[0][1]) and forms(re.sub("[0-9]", "0", rows[0][0]))
            else 1
        )
        if all(_dated(cells[0]) for cells in rows) and (bars := _bars(rows, start)):
            rest = [f"Column {k + 1}" for k in range(start + 4, wide)]
            rest[:1] = ["Volume"] if rest else []
            names = ("Date", *(("Time",) if start == 2 else ()), *bars, *rest)
            what = ",".join(names[:8])
    if not names:
        shown = quoted(next(filter(None, lines[0]), "")) if lines else "''"
        title = separator.join(_made_up(rows[0] if rows else ["", ""]))
        title = f"such as {title}" if wide <= 20 else f"with {wide} names, Date and Close among them"
        raise refusal(path, f"{shown} is data, not a header: add a first line {title}", line)
    return Header(names, -1, first, [Note("table", f"there is no header: columns were read as {what}", line)])


def _made_up(row: list[str]) -> list[str]:
    """Names for a row, Date and Close where they may be."""
    names = [f"Column{k}" for k in range(1, len(row) + 1)]
    date = next((k for k, cell in enumerate(row) if _is_day(cell)), 0)
    close = next((k for k, cell in enumerate(row) if k != date and number_form(cell)), 1 if date == 0 else 0)
    names[date], names[close] = "Date", "Close"
    return names


def _is_day(cell: str) -> bool:
    return bool(forms(re.sub("[0-9]", "0", cell)))


def _dated(cell: str) -> bool:
    return bool(forms(re.sub("[0-9]", "0", cell))) or _is_counted(cell)


def _bars(rows: list[list[str]], start: int) -> tuple[str, ...]:
    """The order of open, high, low and close by what they must be; () if these are no such columns."""
    try:
        values = np.array(
            [[float(cell) for cell in cells[start : start + 4]] for cells in rows if len(cells) > start + 3]
        )
    except ValueError:
        return ()
    if values.ndim != 2 or values.shape[1] < 4:
        return ()
    low, high = values.min(axis=1), values.max(axis=1)
    for order in (("Open", "High", "Low", "Close"), ("Low", "High", "Open", "Close"), ("Open", "Close", "High", "Low")):
        if (values[:, order.index("Low")] == low).all() and (values[:, order.index("High")] == high).all():
            return order
    return ()
