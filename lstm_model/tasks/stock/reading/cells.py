"""Cells of a text as bytes in an array: found, cut out and compared without a Python object for each.

The shape of a cell is the cell with every digit as 0: "2024-01-31" has the shape "0000-00-00". A column of millions of
cells has a dozen shapes. So rules are applied to shapes, in plain Python, and digits are taken out by position.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Places = NDArray[np.integer[Any]]
Rows = NDArray[np.intp]

BLOCK = 1 << 22  # bytes looked at at a time
WIDEST = 64  # bytes of a cell that are looked at; what is longer is no date and no number
_CUT = 1 << 15  # rows cut out at a time
_AT_ONCE = 1 << 16  # numbers made at a time
_LONG = 255  # the last byte of a cell that is longer: in no text, so that its shape is none of a date or a number
NEWLINE, QUOTE, SPACE, ZERO = 10, 34, 32, 48
_PADDING = np.zeros(256, dtype=bool)
_PADDING[[9, SPACE, QUOTE, ord("="), ord("'")]] = True
_SHAPE = np.arange(256, dtype=np.uint8)
_SHAPE[ZERO : ZERO + 10] = ZERO


class UnclosedQuoteError(ValueError):
    """A quotation mark is opened in `line` and not closed."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True)
class Grid:
    """Where rows and their fields lie in the bytes of a text."""

    raw: Bytes
    starts: Places  # (N,) of each row
    ends: Places  # (N,)
    lines: Places  # (N,) of each row in the file, counted from 1
    separators: Places  # all separators of all rows
    first: Places  # (N,) index of each row's first in `separators`
    counts: Places  # (N,) how many separators a row has

    def __len__(self) -> int:
        return len(self.starts)

    def kept(self, rows: NDArray[np.bool_] | Rows | slice) -> "Grid":
        """Some of the rows."""
        if isinstance(rows, np.ndarray) and rows.dtype == bool and rows.all():
            return self
        s, e, n, f, c = (a[rows] for a in (self.starts, self.ends, self.lines, self.first, self.counts))
        return Grid(self.raw, s, e, n, self.separators, f, c)

    def row(self, row: int, most: int = 4000) -> str:
        """The text of a row, at most so many bytes of it."""
        start, end = int(self.starts[row]), int(self.ends[row])
        return self.raw[start : min(end, start + most)].tobytes().decode("utf-8", "replace")

    def span(self, rows: Rows | slice, field: int, last: int) -> tuple[Places, Places]:
        """Where fields `field` to `last` begin and end in each row; nothing where a row has no such field."""
        starts, ends, first, counts = self.starts[rows], self.ends[rows], self.first[rows], self.counts[rows]
        if not len(self.separators):
            return (starts, ends) if field == 0 else (ends, ends)
        top = len(self.separators) - 1
        begin = starts if field == 0 else self.separators[np.clip(first + (field - 1), 0, top)] + 1
        end = np.where(last < counts, self.separators[np.minimum(first + last, top)], ends)
        return np.where(field <= counts, begin, ends), end

    def cell(self, row: int, field: int, last: int | None = None) -> str:
        """One cell as text, at most 200 bytes of it."""
        begin, end = self.span(np.array([row]), field, field if last is None else last)
        text = self.raw[int(begin[0]) : min(int(end[0]), int(begin[0]) + 200)].tobytes().decode("utf-8", "replace")
        return unquoted(text)

    def cells(self, field: int, last: int | None = None) -> "Cells":
        """A column."""
        n = len(self)
        matrix = np.zeros((n, 8), dtype=np.uint8, order="F")  # what is done is done by place in the cell
        hashes = np.zeros(n, dtype=np.uint64)
        for at in range(0, n, _CUT):
            rows = slice(at, at + _CUT)
            block = _cut(self.raw, *self.span(rows, field, field if last is None else last))
            if block.shape[1] > matrix.shape[1]:
                wider = np.zeros((n, block.shape[1]), dtype=np.uint8, order="F")
                wider[:at, : matrix.shape[1]] = matrix[:at]
                matrix = wider
            matrix[rows, : block.shape[1]] = block
            hashes[rows] = _hashes(_SHAPE[block])
        return Cells(matrix, *distinct(hashes))


def unquoted(text: str) -> str:
    """A cell without blanks and quotation marks round it."""
    text = text.strip().removeprefix("=")
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('""', '"')
    return text.strip()


@dataclass(frozen=True)
class Cells:
    """A column: its cells without the blanks and quotes round them, padded with zero bytes, and their shapes."""

    matrix: Bytes  # (N, W), column by column
    codes: NDArray[np.int32]  # (N,) which shape a cell has
    firsts: Rows  # (K,) the first row of each shape, rising

    def __len__(self) -> int:
        return len(self.matrix)

    def text(self, row: int) -> str:
        """A cell; the first bytes of a long one."""
        raw: bytes = self.matrix[row].tobytes()
        return raw.rstrip(b"\0").decode("utf-8", "replace")

    def shapes(self) -> list[str]:
        """Each shape, in the order in which they first come."""
        found = _SHAPE[self.matrix[self.firsts]]
        return [shape.tobytes().rstrip(b"\0").decode("utf-8", "replace") for shape in found]

    def rows_by_shape(self) -> list[Rows]:
        """The rows of each shape."""
        k = len(self.firsts)
        if k == 1:
            return [np.arange(len(self))]
        if k <= 12:
            return [np.flatnonzero(self.codes == code) for code in range(k)]
        order = np.argsort(self.codes.astype(np.uint16) if k < 1 << 16 else self.codes, kind="stable")
        return np.split(order, np.cumsum(np.bincount(self.codes, minlength=k))[:-1])

    def number(self, rows: Rows, places: list[int]) -> NDArray[np.int64]:
        """The digits at `places` of some rows as whole numbers, eighteen digits at most."""
        value = np.zeros(len(rows), dtype=np.int64)
        run = slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) and rows[-1] - rows[0] + 1 == len(rows) else None
        kind: Any = (
            np.int32 if len(places) < 10 else np.int64
        )  # both wrap round, and the last subtraction brings it back
        zeros = sum(ZERO * 10**k for k in range(len(places)))
        for at in range(0, len(rows), _AT_ONCE):
            some = slice(at, at + _AT_ONCE)
            part = np.zeros(len(value[some]), dtype=kind)
            here = rows[some] if run is None else slice(run.start + at, min(run.stop, run.start + at + _AT_ONCE))
            for place in places:
                part *= 10
                part += self.matrix[here, place]
            value[some] = part if kind is np.int64 else part.view(np.uint32)
        if kind is np.int64:
            value -= np.array(zeros % 2**64, dtype=np.uint64).view(np.int64)
        else:
            value -= zeros
            value %= 2**32
        return value


def find_rows(raw: bytes | bytearray, separator: int) -> Grid:
    """All rows and separators of a text; newlines and separators in quotes are neither.

    UnclosedQuoteError where a quotation mark is opened and not closed.
    """
    data = np.frombuffer(raw, dtype=np.uint8)
    kind: Any = np.int32 if len(data) < 2**31 - 2 else np.int64
    quotes = b'"' in raw
    literal = _literal_quotes(data, separator) if quotes else np.zeros(0, dtype=np.int64)
    newlines, separators = [], []
    odd = 0
    for at in range(0, len(data), BLOCK):
        block = data[at : at + BLOCK]
        ends, parts = block == NEWLINE, block == separator
        if quotes:
            marks = block == QUOTE
            marks[literal[(literal >= at) & (literal < at + BLOCK)] - at] = False
            inside = (np.cumsum(marks, dtype=np.uint8) + odd) & 1
            odd = int(inside[-1])
            ends &= inside == 0
            parts &= inside == 0
        newlines.append((np.flatnonzero(ends) + at).astype(kind))
        separators.append((np.flatnonzero(parts) + at).astype(kind))
    stops = np.concatenate(newlines) if newlines else np.zeros(0, dtype=kind)
    parted = np.concatenate(separators) if separators else np.zeros(0, dtype=kind)
    if len(data) and (not len(stops) or stops[-1] != len(data) - 1):
        stops = np.append(stops, np.array(len(data), dtype=kind))
    starts = np.concatenate([np.zeros(min(1, len(stops)), dtype=kind), stops[:-1] + 1])
    if quotes:
        physical = np.flatnonzero(data == NEWLINE)
        lines = (np.searchsorted(physical, starts) + 1).astype(kind)
    else:
        lines = np.arange(1, len(starts) + 1, dtype=kind)
    each = len(parted) // max(1, len(starts))
    if (
        each
        and len(parted) == each * len(starts)
        and (parted[::each] >= starts).all()
        and (parted[each - 1 :: each] < stops).all()
    ):
        first = np.arange(0, len(parted), each, dtype=kind)
    else:
        first = np.searchsorted(parted, starts).astype(kind)
    counts = np.diff(first, append=len(parted)).astype(kind)
    return Grid(data, starts, stops, lines, parted, first, counts)


def _literal_quotes(data: Bytes, separator: int) -> NDArray[np.int64]:
    """Places of quotation marks that quote nothing: those of a line with an odd one in the middle of a cell."""
    marks = np.flatnonzero(data == QUOTE)
    newlines = np.flatnonzero(data == NEWLINE)
    line = np.searchsorted(newlines, marks)
    counts = np.bincount(line, minlength=len(newlines) + 1)
    literal: list[NDArray[np.int64]] = []
    opened = -1
    for odd in np.flatnonzero(counts & 1).tolist():
        places = marks[np.searchsorted(line, odd) : np.searchsorted(line, odd, side="right")]
        if opened >= 0:
            opened = -1
            continue
        before = int(data[places[-1] - 1]) if places[-1] else NEWLINE
        if before in (NEWLINE, separator, SPACE, ord("=")):
            opened = odd
        else:
            literal.append(places)
    if opened >= 0:
        raise UnclosedQuoteError(opened + 1)
    return np.concatenate(literal) if literal else np.zeros(0, dtype=np.int64)


def _cut(raw: Bytes, begin: Places, end: Places) -> Bytes:
    """Cells (rows, W) without blanks and quotes round them."""
    begin, end = begin.astype(np.int64), end.astype(np.int64)
    for _ in range(WIDEST):
        at = np.flatnonzero((begin < end) & _PADDING[raw[np.minimum(begin, len(raw) - 1)]])
        if not len(at):
            break
        begin[at] += 1
    for _ in range(WIDEST):
        at = np.flatnonzero((begin < end) & _PADDING[raw[np.maximum(end - 1, 0)]])
        if not len(at):
            break
        end[at] -= 1
    lengths = end - begin
    longest = int(lengths.max(initial=0))
    wide = min(WIDEST, -(-max(longest, 1) // 8) * 8)
    if len(raw) >= wide:
        near_end = np.flatnonzero(begin > len(raw) - wide)
        matrix = np.lib.stride_tricks.sliding_window_view(raw, wide)[np.minimum(begin, len(raw) - wide)]
    else:
        near_end, matrix = np.arange(len(begin)), np.zeros((len(begin), wide), dtype=np.uint8)
    for row in near_end.tolist():
        tail = raw[begin[row] : begin[row] + wide]
        matrix[row, : len(tail)] = tail
    matrix[np.arange(wide) >= lengths[:, None]] = 0
    matrix[lengths > WIDEST, -1] = _LONG
    return matrix


def _hashes(matrix: Bytes) -> NDArray[np.uint64]:
    """A number for each row (N,), alike for rows that are alike; padding does not count."""
    words = np.ascontiguousarray(matrix).view(np.uint64)
    value = np.full(len(matrix), 0x9E3779B97F4A7C15, dtype=np.uint64)
    for k in range(words.shape[1]):
        word = words[:, k]
        mixed = (value ^ (value >> np.uint64(29)) ^ word) * np.uint64(0xBF58476D1CE4E5B9)
        value = np.where(word == 0, value, mixed ^ (mixed >> np.uint64(32)))
    return value


def distinct(values: NDArray[np.uint64]) -> tuple[NDArray[np.int32], Rows]:
    """Number the different values in the order in which they first come: codes (N,) and first rows (K,)."""
    codes = np.full(len(values), -1, dtype=np.int32)
    firsts: list[int] = []
    row = 0
    while row < len(values) and len(firsts) < 24:  # a few passes are faster than a sort
        codes[values == values[row]] = len(firsts)
        firsts.append(row)
        left = np.flatnonzero(codes[row:] < 0) if len(firsts) < 24 else np.zeros(0, dtype=np.intp)
        row = row + int(left[0]) if len(left) else len(values)
    left = np.flatnonzero(codes < 0)
    if len(left):
        _, first, inverse = np.unique(values[left], return_index=True, return_inverse=True)
        rank = np.empty(len(first), dtype=np.int32)
        rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32) + len(firsts)
        codes[left] = rank[inverse]
        firsts += np.sort(left[first]).tolist()
    return codes, np.array(firsts, dtype=np.intp)


def texts(cells: Cells) -> tuple[NDArray[np.int32], list[str]]:
    """The different texts of a column, and which one each row has."""
    codes, firsts = distinct(_hashes(cells.matrix))
    return codes, [cells.text(int(row)) for row in firsts]


def cells_of(matrix: Bytes) -> Cells:
    """A column of cells (N, W), padded with zero bytes."""
    return Cells(matrix, *distinct(_hashes(_SHAPE[matrix])))
