"""Dates that are plain numbers: time since 1970, days as Excel counts them, years, and months such as 1871.01."""

import re

import numpy as np
from numpy.typing import NDArray

from lstm_model.tasks.stock.reading.cells import Cells
from lstm_model.tasks.stock.reading.dates.calendar_days import DAY, SECOND, days_of
from lstm_model.tasks.stock.reading.names import key

Way = tuple[str, NDArray[np.int64], NDArray[np.bool_]]  # in words, microseconds since 1970, which rows are dates
_NUMBER = re.compile(r"(-?)(0{1,19})(?:[.,](0*))?")
_SINCE_1970 = {"unix", "unixtime", "unixtimestamp", "epoch", "timestamp", "opentime", "time", "ts", "t"}
EXCEL_1970 = 25_569  # days from Excel's 1899-12-30 to 1970-01-01


def count_dates(cells: Cells, now: int, name: str) -> list[Way]:
    """The ways to read a column of numbers as dates; none if it has other cells in it than a few, or means none."""
    n = len(cells)
    whole, part = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    length, digits = np.zeros(n, dtype=np.int8), np.zeros(n, dtype=np.int8)  # before and after the mark
    good = np.zeros(n, dtype=bool)
    for shape, rows in zip(cells.shapes(), cells.rows_by_shape(), strict=True):
        found = _NUMBER.fullmatch(shape)
        if not found or (found[3] and len(found[3]) > 15):
            continue
        sign = -1 if found[1] else 1
        whole[rows] = sign * cells.number(rows, list(range(*found.span(2))))
        part[rows] = cells.number(rows, list(range(*found.span(3)))) if found[3] else 0
        length[rows], digits[rows] = len(found[2]), len(found[3] or "")
        good[rows] = True
    if not good.any():
        return []
    lengths, fractions = set(np.unique(length[good]).tolist()), int(digits[good].max())
    share = part / 10.0**digits
    if lengths == {8} and not fractions and (whole[good] >= 10_000_000).all() and (whole[good] // 10_000 < 2200).all():
        return []  # years, months and days, which `date_forms` knows
    if lengths == {4}:
        ways = _years(whole, part, digits, share, good, fractions)
    elif lengths == {6} and not fractions:
        ways = _six(whole, good)
    elif lengths == {5}:
        fine = good & (whole >= 10_000) & (whole < 80_000)
        ways = [
            (
                "days as Excel counts them",
                (whole - EXCEL_1970) * DAY + np.rint(share * 86_400).astype(np.int64) * SECOND,
                fine,
            )
        ]
    else:
        ways = _since_1970(whole, part, digits, good, now, key(name) in _SINCE_1970)
        if lengths == {10} and not fractions:
            ways = _hours(whole, good) + ways
    return [way for way in ways if way[2].sum() >= 0.8 * good.sum()]


def _years(
    whole: NDArray[np.int64], part: NDArray[np.int64], digits: NDArray[np.int8], share: NDArray[np.float64],
    good: NDArray[np.bool_], fractions: int,
) -> list[Way]:  # fmt: skip
    fine = good & (whole >= 1000) & (whole < 3000)
    one = np.ones_like(whole)
    if not fractions:
        return [("years", days_of(whole, one, one)[0] * DAY, fine)]
    if fractions == 2:
        months = np.where(digits == 1, part * 10, part)  # the tenth month is written 1871.1
        valid = fine & (months >= 1) & (months <= 12)
        if (valid == good).all():
            return [("year.month", days_of(whole, np.where(valid, months, 1), one)[0] * DAY, valid)]
    starts = days_of(whole, one, one)[0]
    lengths = days_of(whole + 1, one, one)[0] - starts
    return [("years with a fraction", (starts + np.floor(share * lengths + 1e-6).astype(np.int64)) * DAY, fine)]


def _six(whole: NDArray[np.int64], good: NDArray[np.bool_]) -> list[Way]:
    """YYYYMM, or YYMMDD."""
    a, b, c = whole // 10_000, whole // 100 % 100, whole % 100
    one = np.ones_like(whole)
    months, fine = days_of(whole // 100, c, one)
    fine &= good & (whole // 100 >= 1600) & (whole // 100 < 2200)
    ways = [("yearmonth", months * DAY, fine)]
    century = np.where(a <= 68, 2000, 1900)
    days, valid = days_of(a + century, b, c)
    return [*ways, ("yearmonthday", days * DAY, valid & good)]


def _hours(whole: NDArray[np.int64], good: NDArray[np.bool_]) -> list[Way]:
    """YYYYMMDDHH."""
    days, fine = days_of(whole // 1_000_000, whole // 10_000 % 100, whole // 100 % 100)
    fine &= good & (whole % 100 < 24) & (whole // 1_000_000 >= 1900)
    return [("yearmonthdayhour", days * DAY + whole % 100 * 3600 * SECOND, fine)] if (fine == good).all() else []


def _since_1970(
    whole: NDArray[np.int64], part: NDArray[np.int64], digits: NDArray[np.int8], good: NDArray[np.bool_], now: int,
    named: bool,
) -> list[Way]:  # fmt: skip
    """Seconds, milliseconds, microseconds and nanoseconds, each number by its size."""
    size = np.abs(whole)
    seconds = size < 10**11
    times = np.where(seconds, whole, 0) * SECOND
    micro = np.where(
        digits <= 6,
        part * 10 ** (6 - np.minimum(digits, 6)).astype(np.int64),
        part // 10 ** np.maximum(digits - 6, 0).astype(np.int64),
    )
    times += np.where(seconds, micro, 0)
    times += np.where(~seconds & (size < 10**14), whole, 0) * 1000
    times += np.where((size >= 10**14) & (size < 10**17), whole, 0)
    times += np.where(size >= 10**17, whole // 1000, 0)
    fine = good & (times <= now + 2 * DAY) & ((size >= 10**7) | named)
    return [("time since 1970, UTC", times, fine)]
