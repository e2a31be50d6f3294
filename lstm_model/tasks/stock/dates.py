"""Dates as people write them."""

import re

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import quoted
from lstm_model.tasks.stock.calendar import since_1970
from lstm_model.tasks.stock.table import Table

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


def read_dates(table: Table) -> NDArray[np.datetime64]:
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


def _calendar_days(table: Table, index: int, texts: list[str]) -> NDArray[np.datetime64]:
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
