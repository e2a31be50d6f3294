"""Years, months, days and clocks as arrays -> days and microseconds since 1970."""

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

SECOND = 1_000_000  # microseconds
DAY = 86_400 * SECOND
Ints = NDArray[np.int32] | NDArray[np.int64]
ISO_WEEK = -1  # in the place of a month: the day is a week of the year
_LENGTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def days_of(year: Ints, month: Ints, day: Ints) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Days since 1970 (N,), and which of them there are; `month` may be ISO_WEEK."""
    weeks = month == ISO_WEEK
    valid = (year >= 1) & (year <= 9999) & (weeks | ((month >= 1) & (month <= 12))) & (day >= 1)
    y, m = np.where(valid, year, 1970), np.where(valid & ~weeks, month, 1)
    leap = (y % 4 == 0) & ((y % 100 != 0) | (y % 400 == 0))
    valid &= weeks | (day <= _LENGTHS[m] + (leap & (m == 2)))
    starts = ((y.astype(np.int64) - 1970) * 12 + m - 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    days = starts + np.where(valid, day, 1) - 1
    if weeks.any():  # the Monday of week 1 is that of the week with January 4
        fourth = starts + 3
        monday = fourth - (fourth + 3) % 7
        days = np.where(weeks, monday + 7 * (day - 1), days)
    return days, valid


def clock(digits: dict[str, NDArray[np.int64]], places: int, half: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Microseconds since midnight, and which of them a clock can show; 24:00 is the next midnight.

    `digits`: hours H, and if there are any minutes N, seconds S and F, a fraction of them with so many `places`;
    `half`: a, p or nothing.
    """
    hour = digits["H"]
    zero = np.zeros_like(hour)
    minute, second = digits.get("N", zero), digits.get("S", zero)
    good = (hour <= 24) & (minute <= 59) & (second <= 60)
    if half:
        good &= hour <= 12 if half == "a" else hour <= 23
        hour = np.where(hour <= 12, hour % 12, hour) + (12 if half == "p" else 0) * (hour <= 12)
    good &= (hour < 24) | ((minute == 0) & (second == 0))
    time = (hour * 3600 + minute * 60 + second) * SECOND
    if "F" in digits:
        time += digits["F"] * 10 ** (6 - places) if places <= 6 else digits["F"] // 10 ** (places - 6)
    return time, good


def centuries(year: Ints, month: Ints, day: Ints, short: NDArray[np.bool_], now: int) -> Ints:
    """Years (N,) with a century for those of two digits: the last that is not after today and keeps the rows in order.

    Rows in order of time, or against it, that pass from 99 to 00 do so once a century. Where they are in no order each
    year is the last there was.
    """
    moment = datetime.fromtimestamp(now / SECOND, UTC)
    limit = (moment.year % 100) * 10_000 + moment.month * 100 + moment.day + 2
    this = moment.year // 100 * 100
    at = np.flatnonzero(short)
    keys = year[at].astype(np.int64) * 10_000 + month[at] * 100 + day[at]
    century = np.where(keys <= limit, this, this - 100)
    steps = np.diff(keys)
    backwards = (np.abs(steps) < 500_000) & (steps < 0)
    forwards = (np.abs(steps) < 500_000) & (steps > 0)
    falling = backwards.sum() > forwards.sum()
    if falling:
        steps = -steps[::-1]
    turns = steps <= -500_000
    if turns.sum() <= 3 and min(backwards.sum(), forwards.sum()) <= 0.02 * len(steps) and not (steps > 500_000).any():
        passed = np.concatenate([[0], np.cumsum(turns)]) if len(at) else np.zeros(0, dtype=np.int64)
        last = passed[-1] if len(at) else 0
        ends = keys[::-1] if falling else keys
        newest = this if not len(at) or ends[passed == last].max() <= limit else this - 100
        century = newest - 100 * (last - passed)
        century = century[::-1] if falling else century
    result = year.copy()
    result[at] += century.astype(result.dtype)
    return result
