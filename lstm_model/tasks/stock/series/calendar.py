"""What lies between two rows of a price series, in words, and when the rows to come will be."""

import numpy as np
from numpy.typing import NDArray

Dates = NDArray[np.datetime64]  # (N,) strictly rising, [D] or [s]

_WORDS = {86_400: "day", 7 * 86_400: "week", 3_600: "hour", 60: "minute"}  # seconds of a usual step
_LENGTHS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_MONTH, _DAY = np.timedelta64(1, "M"), np.timedelta64(1, "D")
_MONTHS = {1: "month", 3: "quarter", 12: "year"}
_EDGE = 4  # days: the first weekday of a month is its third at the latest, or its fourth after a holiday


def step_word(dates: Dates) -> str:
    """The usual step from one row to the next: day, week, month, quarter, year, hour, minute, or else "step"."""
    if len(dates) < 2:
        return "step"
    months = _months(dates)
    if months:
        return _MONTHS.get(months, "step")
    return _WORDS.get(int(_usual(dates).astype("timedelta64[s]").astype(int)), "step")


def step_phrase(dates: Dates) -> str:
    """The same with its article, and with its length where it has no name: "the day", "5 minutes"."""
    word = step_word(dates)
    if word != "step" or len(dates) < 2:
        return f"the {word}"
    usual = int(_usual(dates).astype("timedelta64[s]").astype(int))
    seconds, unit = next(((length, unit) for length, unit in _LENGTHS if usual % length == 0), (1, "second"))
    return f"{usual // seconds} {unit}s" if usual else "the step"


def date_after(dates: Dates, steps: int = 1) -> np.datetime64:
    """When the row `steps` after the last one is to be expected. Holidays and closing hours are not known here.

    Days without weekends go on from weekday to weekday; months and their multiples keep their day, their first or last
    weekday, or their end, whatever all rows have; everything else goes on by the usual step.
    """
    usual, last = _usual(dates), np.datetime64(dates[-1])
    if usual == np.timedelta64(1, "D") and np.is_busday(dates.astype("datetime64[D]")).all():
        following: np.datetime64 = np.busday_offset(last.astype("datetime64[D]"), steps).astype(dates.dtype)
        return following
    months = _months(dates)
    if months:
        return _month_after(dates.astype("datetime64[D]"), months * steps).astype(dates.dtype)
    return last + steps * usual


def _usual(dates: Dates) -> np.timedelta64:
    """The median step: gaps are rare."""
    steps = np.sort(np.diff(dates))
    usual: np.timedelta64 = steps[len(steps) // 2]
    return usual


def _months(dates: Dates) -> int:
    """How many months a usual step has; 0 if it is no whole number of them, or not one row a month at most."""
    between = np.sort(np.diff(dates.astype("datetime64[M]").astype(int)))
    months = int(between[len(between) // 2])
    days = _usual(dates).astype("timedelta64[D]").astype(int)
    return months if between[0] > 0 and 28 * months <= days <= 31 * months else 0


def _month_after(days: Dates, months: int) -> np.datetime64:
    """The day of the month `months` after the last one, placed in it as all `days` are in theirs."""
    start = days.astype("datetime64[M]")
    of_month = (days - start.astype("datetime64[D]")).astype(int)  # 0 is the first
    left = ((start + _MONTH).astype("datetime64[D]") - days).astype(int)  # 1 is the last
    weekdays = bool(np.is_busday(days).all()) and len(days) > 2
    goal = start[-1] + months * _MONTH
    first, end = goal.astype("datetime64[D]"), (goal + _MONTH).astype("datetime64[D]") - _DAY
    placed: np.datetime64 = min(first + of_month[-1], end)
    if left.max() <= _EDGE:
        placed = np.busday_offset(end, 0, roll="backward") if weekdays else end
    elif 0 < of_month.max() < _EDGE and weekdays:
        placed = np.busday_offset(first, 0, roll="forward")
    return placed
