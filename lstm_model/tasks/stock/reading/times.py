"""Dates and times of day in columns of their own -> one column of both."""

import re

import numpy as np

from lstm_model.tasks.stock.reading.cells import SPACE, WIDEST, Bytes, Cells, Grid, cells_of
from lstm_model.tasks.stock.reading.table import Table

_TIME = re.compile(
    r"\d\d?:\d\d(:\d\d([.,]\d+)?)?( ?[ap]\.?m\.?)?( ?[A-Za-z]{1,4}|[+-]\d\d:?\d\d)?|\d{1,6}", re.IGNORECASE
)


def is_time(cell: str) -> bool:
    """Whether a cell is a time of day: 9:30, 09:30:00, 9:30 AM, 0930, 093000."""
    if not _TIME.fullmatch(cell):
        return False
    if cell.isdigit():
        padded = cell.zfill(4 if len(cell) <= 4 else 6)
        return int(padded[:2]) <= 24 and int(padded[2:4]) <= 59 and int(padded[4:] or 0) <= 59
    return True


def joined(table: Table, columns: tuple[int, ...], mark: str) -> Cells:
    """Several columns as one, cell by cell, with `mark` between: a date and a time, or a year, a month and a day."""
    grid: Grid = table.grid
    parts = [grid.cells(*table.fields[column]) for column in columns]
    if mark == " ":
        quick = _side_by_side(parts[0].matrix, parts[1].matrix)
        if quick is not None:
            return cells_of(quick)
    columns_of_texts = [[part.text(row) for row in range(len(part))] for part in parts]
    if mark == " ":
        columns_of_texts[1] = _as_clock(columns_of_texts[1])
    texts = [mark.join(filter(None, row)) for row in zip(*columns_of_texts, strict=True)]
    wide = -(-max(8, min(WIDEST, max((len(text.encode()) for text in texts), default=1))) // 8) * 8
    raw = b"".join(text.encode()[:wide].ljust(wide, b"\0") for text in texts)
    return cells_of(np.frombuffer(raw, dtype=np.uint8).reshape(-1, wide).copy())


def _side_by_side(dates: Bytes, times: Bytes) -> Bytes | None:
    """Both in one array, if all dates are of one length and all times have their colons or six digits."""
    lengths = (dates != 0).sum(axis=1)
    long = int(lengths[0]) if len(lengths) else 0
    colon = times[:, [1, 2]] == ord(":")
    if not long or not (lengths == long).all() or not colon.any(axis=1).all():
        return None
    wide = -(-(long + 1 + times.shape[1]) // 8) * 8
    if wide > WIDEST:
        return None
    out = np.zeros((len(dates), wide), dtype=np.uint8)
    out[:, :long] = dates[:, :long]
    out[:, long] = SPACE
    out[:, long + 1 : long + 1 + times.shape[1]] = times
    return out


def _as_clock(times: list[str]) -> list[str]:
    """Times of digits alone with colons; leading zeros may be missing."""
    digits = [time for time in times if time.isdigit()]
    if not digits:
        return times
    wide = 4 if max(map(len, digits)) <= 4 else 6
    padded = [time.zfill(wide) if time.isdigit() and len(time) <= wide else time for time in times]
    return [":".join(re.findall("..", time)) if time.isdigit() else time for time in padded]
