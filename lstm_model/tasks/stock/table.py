"""A file as a table of texts."""

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lstm_model.errors import InputError, quoted, shortened

if TYPE_CHECKING:
    import pandas as pd


MOST_COLUMNS = 10_000  # pandas takes minutes, and some kB each, where a broken file has millions


@dataclass
class Table:
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
        """What is wrong in a row, with the file and the row's line in it."""
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


def read_table(path: Path) -> Table:
    """Read a CSV file as texts; an InputError that says what is wrong where, if it is none."""
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


def _as_table(path: Path, frame: "pd.DataFrame", line: int) -> Table:
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
    return Table(path, header, cells, [int(lines[k]) for k in kept], notes)
