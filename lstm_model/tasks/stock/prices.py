"""A price series out of a CSV file: its dates and prices, checked row by row.

Every complaint names the row as an editor counts it (the header is row 1), and everything that was mended instead
of refused is said in `Prices.notes`. pandas reads the file, and is imported only then.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import InputError, quoted, shortened
from lstm_model.tasks.stock.calendar import since_1970

if TYPE_CHECKING:
    import pandas as pd

FEATURES = ("Open", "High", "Low", "Volume")
CLOSES = ("Close/Last", "Adj Close", "Adj. Close", "Price", "Last")  # what sources that have no Close call it
MOST_COLUMNS = 10_000  # pandas takes minutes, and some kB each, where a broken file has millions

_MISSING = {"", "-", "--", "nan", "null", "none", "na", "n/a", "#n/a"}
_CURRENCY = re.compile(r"[$€£¥₹]")
_BLANK = re.compile("(?<=\\d)[ '\u2019\u00a0\u2009\u202f](?=\\d{3}(?!\\d))")  # between groups of three digits
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
# Forms in which the point can only be the decimal mark: 1,234.5  1,234,567  1234.5  0.125  1.25
_POINT = re.compile(r"[+-]?(\d{1,3}(,\d{3})+\.\d*|\d{1,3}(,\d{3}){2,}|(\d{4,}|0)\.\d*|\d*\.(\d{0,2}|\d{4,}))")
_SWAP = str.maketrans(",.", ".,")

_ISO = re.compile(r"(?=\d{8}|\d+\D)(\d{4})([-/.]?)(\d\d?)\2(\d\d?)")  # 2024-01-31 2024/1/31 2024.01.31 20240131
_TIME = re.compile(  # 1 date, 2 hour, 3 minute, 4 second, 5 AM or PM, 6 zone
    r"(.*?\d)[T ]+([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?(?: ?([AP])M)? *(Z|[A-Z]{3,4}|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_DATE_FORMATS = {
    "%m/%d/%Y": "month/day/year", "%d/%m/%Y": "day/month/year",
    "%m/%d/%y": "month/day/year", "%d/%m/%y": "day/month/year",
    "%m-%d-%Y": "month-day-year", "%d-%m-%Y": "day-month-year",
    "%d.%m.%Y": "", "%d-%b-%Y": "", "%d-%b-%y": "", "%d %b %Y": "", "%b %d, %Y": "", "%B %d, %Y": "",
}  # fmt: skip


@dataclass(frozen=True)
class Prices:
    """N prices in date order, one each; days without trade are simply not there."""

    dates: NDArray[np.datetime64]  # (N,) strictly rising; datetime64[D], or [s] where a day holds several prices
    close: NDArray[np.float64]  # (N,) the chosen column, in the file's currency: positive and finite
    columns: dict[str, NDArray[np.float64]]  # those of FEATURES that were asked for, each (N,)
    column: str  # the chosen column's name in the file
    notes: tuple[str, ...]  # what was mended while reading, each a plain sentence


def read_prices(path: Path, column: str = "Close", features: Sequence[str] = ()) -> Prices:
    """Read the `Date` column, the price `column` and the `features` (of FEATURES) of a CSV file.

    Names match without regard to case and surrounding blanks; `,` `;` tab or `|` separates; rows are sorted by date.
    Raises InputError, one line, for whatever cannot be read without guessing.
    """
    wanted = list(dict.fromkeys(map(known_feature, features)))
    table = _read_table(path)
    usual = column.strip().casefold() == "close"
    index = table.find(column, *(CLOSES if usual else ()), advice="choose a price with --column NAME")
    if usual and table.header[index].casefold() != "close":
        table.notes.append(f"there is no column Close: {quoted(table.header[index])} was read as the price")
    stamps = _dates(table)
    series = [_numbers(table, index, zero_is_fine=False)]
    series += [_numbers(table, table.find(name), zero_is_fine=name == "Volume") for name in wanted]
    stamps, values = _in_order(table, stamps, np.column_stack(series))
    columns = {name: values[:, k].copy() for k, name in enumerate(wanted, start=1)}
    return Prices(_by_day(stamps), values[:, 0].copy(), columns, table.header[index], tuple(table.notes))


def known_feature(name: str) -> str:
    """Return the name of FEATURES that is meant, whatever its case; raise InputError if there is none."""
    for known in FEATURES:
        if known.casefold() == name.strip().casefold():
            return known
    raise InputError(f"unknown price feature {quoted(name)}: choose from {', '.join(FEATURES)}")


@dataclass
class _Table:
    """The cells of a CSV file as text, column by column, and each row's line in the file."""

    path: Path
    header: list[str]
    cells: list[list[str]]
    lines: list[int]
    notes: list[str]

    def find(self, *names: str, advice: str = "leave that feature out") -> int:
        """Index of the column that bears the first of `names` found."""
        folded = [name.casefold() for name in self.header]
        for name in (name.strip().casefold() for name in names):
            if folded.count(name) > 1:
                raise InputError(f"{self.path}: {folded.count(name)} columns are named {quoted(name)}: keep one")
            if name in folded:
                return folded.index(name)
        there = shortened(", ".join(map(quoted, self.header[:20])) + (", ..." if len(self.header) > 20 else ""), 160)
        raise InputError(f"{self.path}: no column {quoted(names[0])}, only {there}: {advice}")

    def error(self, row: int, text: str) -> InputError:
        return InputError(f"{self.path}, row {self.lines[row]}: {text}")


def _read_text(path: Path) -> str:
    """Text of the file, its lines ended by newlines alone. UTF-8, or UTF-16 where its byte order mark says so."""
    try:
        raw = path.read_bytes()
    except OSError as error:  # missing, a directory, not ours to read
        raise InputError(f"{path}: cannot be read ({error.strerror}): name a CSV file") from None
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        at = f"byte 0x{raw[error.start]:02x} at offset {error.start}"
        raise InputError(f"{path}: not a text file ({at} is not {encoding.upper()}): save it as CSV in UTF-8") from None
    if "\0" in text:
        at = f"a zero byte at offset {raw.index(0)}"
        raise InputError(f"{path}: not a text file ({at}): save it as CSV in UTF-8")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _read_table(path: Path) -> _Table:
    import pandas as pd

    text = _read_text(path)
    body = text.lstrip(" \n")
    line = 1 + text[: len(text) - len(body)].count("\n")  # the header's
    if not body:
        raise InputError(f"{path}: the file is empty: it needs a header such as Date,Close and a row for each day")
    first = body.split("\n", 1)[0]
    separator = max(",;\t|", key=first.count)
    if separator not in first:
        raise InputError(f"{path}: not a CSV file: no comma, semicolon or tab in its first line {quoted(first)}")
    columns = first.count(separator) + 1
    if columns > MOST_COLUMNS:
        raise InputError(f"{path}: {columns:,} columns, and {MOST_COLUMNS:,} are read at most: keep dates and prices")
    try:  # as text and without a header, so that pandas renames no column and every cell can be quoted as it is
        frame = pd.read_csv(io.StringIO(body), sep=separator, header=None, dtype=str, keep_default_na=False,
                            skip_blank_lines=False, skipinitialspace=True)  # fmt: skip
    except pd.errors.ParserError as error:
        raise _ragged(path, " ".join(str(error).split()), line) from None
    return _as_table(path, frame, line)


def _ragged(path: Path, message: str, line: int) -> InputError:
    """Say in our words what pandas could not split into columns."""
    if found := re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message):
        expected, row, saw = map(int, found.groups())
        text = f"{saw} fields where the header has {expected}: put quotes round a value that holds the separator"
        return InputError(f"{path}, row {line + row - 1}: {text}")
    if found := re.search(r"EOF inside string starting at row (\d+)", message):
        return InputError(f"{path}, row {line + int(found[1])}: a quotation mark is opened and never closed: close it")
    return InputError(f"{path}: not a CSV file ({shortened(message, 80)})")


def _as_table(path: Path, frame: "pd.DataFrame", line: int) -> _Table:
    """Part the header from the rows and drop blank rows."""
    rows = [[cell.strip() for cell in row] for row in frame.fillna("").to_numpy().tolist()]
    # A quoted cell may hold line breaks: they move every row below it down.
    lines = line + np.cumsum([0, *(1 + sum(cell.count("\n") for cell in row) for row in rows[:-1])])
    header, start, notes = rows[0], 1, []
    if len(rows) > 2 and rows[1][0] == "Ticker" and rows[2][0] in ("Date", "Datetime"):
        header, start = [rows[2][0], *header[1:]], 3
        notes.append("the header has three lines, as yfinance writes it: read as one")
    if not any(name[:1].isalpha() for name in header):
        first = quoted(next(filter(None, header), ""))
        raise InputError(f"{path}, row {line}: {first} is data, not a header: add a first line such as Date,Close")
    kept = [k for k in range(start, len(rows)) if any(rows[k])]
    if not kept:
        raise InputError(f"{path}: a header and no rows: it needs a row for each day")
    cells = [[rows[k][c] for k in kept] for c in range(len(header))]
    return _Table(path, header, cells, [int(lines[k]) for k in kept], notes)


def _numbers(table: _Table, index: int, *, zero_is_fine: bool) -> NDArray[np.float64]:
    """Column `index` as numbers (rows,): finite and positive (or not negative)."""
    name, cells = shortened(table.header[index]), table.cells[index]
    values = np.array([_float(cell) for cell in cells])
    missing = np.array([cell.casefold() in _MISSING for cell in cells])
    if (np.isnan(values) & ~missing).any():
        values = _formatted(table, index)
    good = np.isfinite(values) & ((values >= 0) if zero_is_fine else (values > 0))
    if good.all():
        return values
    bad = np.flatnonzero(~good)
    row, shown = int(bad[0]), quoted(cells[bad[0]])
    if missing[row]:
        fault = f"{name} is missing ({shown})"
    elif np.isfinite(values[row]):
        fault = f"{name} {shown} is not {'zero or more' if zero_is_fine else 'positive'}"
    else:
        fault = f"{name} {shown} is not {'finite' if np.isinf(values[row]) else 'a number'}"
    rest = f" (and {len(bad) - 1} more without a usable {name})" if len(bad) > 1 else ""
    raise table.error(row, f"{fault}{rest}: correct or delete {'these rows' if rest else 'the row'}")


def _float(text: str) -> float:
    """Return the number, or NaN; Python's 1_000 is no number here."""
    try:
        return np.nan if "_" in text else float(text)
    except ValueError:
        return np.nan


def _formatted(table: _Table, index: int) -> NDArray[np.float64]:
    """Read a column of numbers written for people: "$1,234.5", "1.234,50 €", "1 234". NaN where that fails."""
    name, cells = shortened(table.header[index]), table.cells[index]
    if len(signs := sorted(set(_CURRENCY.findall("".join(cells))))) > 1:
        raise InputError(f"{table.path}: {name} mixes the currencies {' and '.join(signs)}: keep one")
    bare = [_BLANK.sub("", _CURRENCY.sub("", cell).strip()) for cell in cells]
    swapped = [text.translate(_SWAP) for text in bare]
    point = any(map(_POINT.fullmatch, bare))
    comma = any(map(_POINT.fullmatch, swapped))
    for row, text in enumerate(bare):
        if not point and not comma and _GROUPED.fullmatch(text):
            both = f"{text.replace(',', '')} or {text.replace(',', '.')}"
            raise table.error(row, f"{name} {quoted(cells[row])} may mean {both}: write it without the comma")
    plain = swapped if comma and not point else bare
    values = np.array([_float(t.replace(",", "") if _GROUPED.fullmatch(t) else t) for t in plain])
    mended = [k for k, cell in enumerate(cells) if np.isfinite(values[k]) and _float(cell) != values[k]]
    if mended:
        more = f", and {len(mended) - 1} more likewise" if len(mended) > 1 else ""
        table.notes.append(f"{name}: {quoted(cells[mended[0]])} was read as {values[mended[0]]:.10g}{more}")
    return values


def _dates(table: _Table) -> NDArray[np.datetime64]:
    """Local date and time of each row (rows,) datetime64[s]; a zone is dropped, for its day is the trading day."""
    index = table.find("Date", "Datetime", "Timestamp", "Time", "Open time", advice="name the column of dates Date")
    cells = table.cells[index]
    if (counted := since_1970(cells)) is not None:
        table.notes.append(f"{quoted(table.header[index])} was read as time since 1970, UTC")
        return counted
    parts = [_TIME.fullmatch(cell) for cell in cells]
    days = _calendar_days(table, index, [part[1] if part else cell for part, cell in zip(parts, cells, strict=True)])
    if any(part and part[6] for part in parts):
        table.notes.append("time zones were dropped: dates are the local ones")
    stamps: NDArray[np.datetime64] = days + np.array([_seconds(part) for part in parts], dtype="timedelta64[s]")
    return stamps


def _seconds(part: re.Match[str] | None) -> int:
    """Seconds since midnight of a match of _TIME; none given is midnight."""
    if part is None:
        return 0
    hour = int(part[2]) % 12 + 12 * (part[5] in "Pp") if part[5] else int(part[2])
    return hour * 3600 + int(part[3]) * 60 + int(part[4] or 0)


def _calendar_days(table: _Table, index: int, texts: list[str]) -> NDArray[np.datetime64]:
    """Dates in the one format that fits the whole column; a column that fits two ways with two results is refused."""
    import pandas as pd

    iso = ["-".join(part.group(1, 3, 4)) if (part := _ISO.fullmatch(text)) else "" for text in texts]
    numbered = [text if any(map(str.isdigit, text)) else "" for text in texts]  # pandas takes "now" for a date
    formats, column = (["ISO8601"], iso) if any(iso) else (list(_DATE_FORMATS), numbered)
    tried = [pd.to_datetime(pd.Series(column, dtype=object), format=f, errors="coerce") for f in formats]
    read = [days.to_numpy().astype("datetime64[s]") for days in tried]
    best = min(range(len(read)), key=lambda k: np.isnat(read[k]).sum())
    if bad := np.flatnonzero(np.isnat(read[best])).tolist():
        cell = table.cells[index][bad[0]]
        rest = f" (and {len(bad) - 1} more like it)" if len(bad) > 1 else ""
        raise table.error(bad[0], f"{table.header[index]} {quoted(cell)} is not a date{rest}: write it as 2024-01-31")
    for other in range(best + 1, len(read)):
        if not np.isnat(read[other]).any() and (read[other] != read[best]).any():
            two = f"{_DATE_FORMATS[formats[best]]} or {_DATE_FORMATS[formats[other]]}"
            raise table.error(0, f"{table.header[index]} {quoted(texts[0])} may be {two}: write it as 2024-01-31")
    if order := _DATE_FORMATS.get(formats[best]):
        table.notes.append(f"dates were read as {order}")
    return read[best]


def _in_order(
    table: _Table, stamps: NDArray[np.datetime64], values: NDArray[np.float64]
) -> tuple[NDArray[np.datetime64], NDArray[np.float64]]:
    """Sort rows by time and drop those that say again what another says; `values` is (rows, columns)."""
    steps = np.diff(stamps).astype(np.int64)
    if (steps < 0).any():
        was = "newest first" if (steps <= 0).all() else "not in date order"
        table.notes.append(f"rows were {was}: sorted by date")
    order = np.argsort(stamps, kind="stable")
    stamps, values = stamps[order], values[order]
    again = np.flatnonzero(stamps[1:] == stamps[:-1]) + 1
    if clash := [k for k in again.tolist() if (values[k] != values[k - 1]).any()]:
        row, before = int(order[clash[0]]), int(order[clash[0] - 1])
        date = str(_by_day(stamps[clash[0] : clash[0] + 1])[0]).replace("T", " ")
        text = f"{date} is also in row {table.lines[before]}, with other values"
        raise table.error(row, f"{text}: keep one row a date, and one series a file")
    if len(again):
        plural = "row was" if len(again) == 1 else "rows were"
        table.notes.append(f"{len(again)} repeated {plural} dropped")
    return np.delete(stamps, again), np.delete(values, again, axis=0)


def _by_day(stamps: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Cut (N,) stamps to days, unless some day holds more than one."""
    days = stamps.astype("datetime64[D]")
    return days if len(np.unique(days)) == len(days) else stamps
