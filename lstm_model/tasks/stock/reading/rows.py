"""Dates and numbers -> a series: rows without either left out, sorted by time, each time once."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import quoted, shortened
from lstm_model.tasks.stock.reading.columns import series_told_apart
from lstm_model.tasks.stock.reading.dates.calendar_days import DAY, SECOND
from lstm_model.tasks.stock.reading.dates.fitted import SAY_DATE, Dates
from lstm_model.tasks.stock.reading.notes import Note, more, rows_of
from lstm_model.tasks.stock.reading.table import Table

Floats = NDArray[np.float64]
_ENOUGH = 10  # rows below which nothing is usual


@dataclass(frozen=True)
class Series:
    """N rows in order of time, each time once."""

    dates: NDArray[np.datetime64]  # (N,) [D], or [s] and finer where a day holds several
    values: Floats  # (N, columns): the price, then the features
    lines: NDArray[np.integer[Any]]  # (N,) in the file


def usable_rows(
    table: Table, dates: Dates, price: Floats, name: str, date_name: str
) -> tuple[NDArray[np.intp], list[Note]]:
    """The rows with a date and a price; InputError for a price without a date."""
    notes: list[Note] = []
    lines = table.grid.lines
    has_price = ~np.isnan(price)
    keep = dates.good & has_price
    undated = dates.undated
    if len(undated):
        empty = dates.blank & ~has_price[undated]
        undated = undated[~empty]
        end = len(price)
        foot = []
        while (
            len(undated)
            and undated[-1] == end - 1
            and int(undated[-1]) in dates.texts
            and not any(map(str.isdigit, dates.texts[int(undated[-1])]))
        ):
            end = int(undated[-1])
            foot.append(end)
            undated = undated[:-1]
            if not keep[:end].any():
                undated, foot = np.append(undated, foot[::-1]).astype(np.intp), []
                break
        if foot:
            row = foot[-1]
            shown = quoted(dates.texts[row])
            text = f"{rows_of(len(foot), 'line')} passed over after the last row (row {lines[row]}: {shown})"
            notes.append(Note("rows", text, int(lines[row])))
        priced = undated[has_price[undated]]
        if len(priced) or (len(undated) and len(undated) > 0.1 * len(price)):
            row = (
                int(undated[0])
                if len(undated) > 0.1 * len(price) or int(priced[0]) not in dates.texts
                else int(priced[0])
            )
            shown = quoted(dates.texts[row])
            advice = f"{SAY_DATE}, or delete the row"
            if re.fullmatch(r"\d([.,]\d+)?E\+\d+", dates.texts[row], re.IGNORECASE):
                advice = "a spreadsheet has rounded it: fetch the file anew, and do not save it from there"
            text = f"{shortened(date_name)} {shown} is not a date{more(len(undated))}: {advice}"
            raise table.error(row, text)
        if len(undated):
            row = int(undated[0])
            shown = quoted(dates.texts[row])
            text = f"{rows_of(len(undated))} without a date and a {name} left out (first row {lines[row]}: {shown})"
            notes.append(Note("rows", text, int(lines[row])))
    gone = np.flatnonzero(dates.good & ~has_price)
    if len(gone):
        first = int(lines[gone[0]])
        count = f"{rows_of(len(gone))} dropped".replace(" w", f" without a {shortened(name)} w", 1)
        text = f"{count} (first row {first})"
        notes.append(Note("rows", text, first, name))
    kept = np.flatnonzero(keep)
    if not len(kept):
        row = int(gone[0]) if len(gone) else 0
        raise table.error(row, f"no row has both a date and a {shortened(name)}: choose another with `column`")
    return kept, notes


def in_order(
    table: Table, rows: NDArray[np.intp], times: NDArray[np.int64], values: Floats, now: int
) -> tuple[Series, list[Note]]:
    """Sort rows by time and drop those that say again what another says; InputError for a time with two prices."""
    lines = table.grid.lines if len(rows) == len(table.grid) else table.grid.lines[rows]
    if (times[1:] > times[:-1]).all() and times[-1] <= now:
        return _finished(times, values, lines, [])
    notes = _order(table, rows, times, lines, now)
    order = np.argsort(times, kind="stable")
    times, values, lines, rows = times[order], values[order], lines[order], rows[order]
    again = np.flatnonzero(times[1:] == times[:-1]) + 1
    if len(again):
        again, said = _repeated(table, rows, times, values, again, len(table.grid))
        notes += said
        times, values, lines = np.delete(times, again), np.delete(values, again, axis=0), np.delete(lines, again)
    return _finished(times, values, lines, notes)


def _finished(
    times: NDArray[np.int64], values: Floats, lines: NDArray[np.integer[Any]], notes: list[Note]
) -> tuple[Series, list[Note]]:
    """The series; where only the last day has a second row, asked for while its session went on, that row is taken."""
    days = times // DAY if len(times) >= _ENOUGH and times[-1] // DAY == times[-2] // DAY else times[:0]
    if len(days) and (np.diff(days[:-1]) > 0).all() and (times[:-1] % DAY == times[0] % DAY).all():
        keep = np.delete(np.arange(len(days)), len(days) - 2)
        row = int(lines[-1])
        notes = [*notes, Note("rows", f"the last date came twice, with other times: row {row} was taken", row)]
        times, values, lines = days[keep] * DAY, values[keep], lines[keep]
    return Series(_by_day(times), values, lines), notes


def _order(
    table: Table, rows: NDArray[np.intp], times: NDArray[np.int64], lines: NDArray[np.integer[Any]], now: int
) -> list[Note]:
    """Notes on the order of rows; InputError for a single date that is out of order, or after today."""
    steps = np.diff(times)
    late = np.flatnonzero(times > now + 2 * DAY)
    if len(late) and _is_slip(times, late, now):
        row = int(late[0])
        where = _neighbours(times, row)
        text = f"{_shown(times[row])} is after today{more(len(late))}{where}: correct the date, or delete the row"
        raise table.error(int(rows[row]), text)
    notes = []
    if len(late):
        notes.append(
            Note(
                "rows",
                f"{rows_of(len(late))} after today (first row {lines[late[0]]}, {_shown(times[late[0]])})",
                int(lines[late[0]]),
            )
        )
    down, up = int((steps < 0).sum()), int((steps > 0).sum())
    if not down:
        return notes
    if not up:
        return [*notes, Note("rows", "rows were newest first: sorted by date")]
    odd = _odd(times, falling=down > up)
    if len(odd) and len(times) >= _ENOUGH:
        row = int(odd[0])
        shown = _shown(times[row])
        others = np.delete(times, odd)
        apart = 5 * int(np.median(np.abs(np.diff(others)))) if len(others) > 1 else 0
        outside = (times[odd] < others.min() - apart) | (times[odd] > others.max() + apart)
        where = f"{more(len(odd))}{_neighbours(times, row)}"
        if outside.any():
            text = f"{shown} is out of order{where}: is it a slip? Correct the date, or put the row in its place"
            raise table.error(int(rows[row]), text)
        text = f"row {lines[row]}, {shown}, is out of order{where}: is it a slip?"
        notes.append(Note("rows", text, int(lines[row])))
        if down <= up:
            return notes
    return [*notes, Note("rows", "rows were not in date order: sorted by date")]


def _is_slip(times: NDArray[np.int64], late: NDArray[np.intp], now: int) -> bool:
    """Whether dates after today are no plan that goes on from the rows before, step by step."""
    ordered = np.sort(times)
    steps = np.diff(ordered)
    steps = steps[steps > 0]
    if not len(steps):
        return True
    at = int(np.searchsorted(ordered, now + 2 * DAY, side="right"))
    gap = steps.max() if at == 0 else int(np.diff(ordered[at - 1 :]).max())
    return len(late) <= 2 or at == 0 or gap > 8 * np.median(steps)


def _odd(times: NDArray[np.int64], *, falling: bool) -> NDArray[np.intp]:
    """The few rows without which all others are in order; none if they are not few."""
    line = -times if falling else times
    odd: list[int] = []
    drops = np.flatnonzero(np.diff(line) < 0)
    if len(drops) > max(3, len(line) // 100):
        return np.zeros(0, dtype=np.intp)
    for k in drops.tolist():
        before, after = line[k - 1] if k else line[k + 1], line[k + 2] if k + 2 < len(line) else line[k]
        back, ahead = before <= line[k + 1] and k > 0, after >= line[k]  # without k, without k + 1: in order
        if back and ahead:  # either may be the odd one: it is the one that leaps further
            back = line[k] - before > after - line[k + 1]
        odd.append(k if back or (k == 0 and not ahead) else k + 1)
    rows = np.unique(np.array(odd, dtype=np.intp))
    return rows if (np.diff(np.delete(line, rows)) >= 0).all() else rows[:0]


def _neighbours(times: NDArray[np.int64], row: int) -> str:
    if 0 < row < len(times) - 1:
        return f", between {_shown(times[row - 1])} and {_shown(times[row + 1])}"
    return ""


def _shown(time: np.int64) -> str:
    return shown_date(np.datetime64(int(time), "us"))


def shown_date(date: np.datetime64) -> str:
    """A date as people read it: without a time that is midnight."""
    moment = date.astype("datetime64[us]")
    day = moment.astype("datetime64[D]")
    if moment == day:
        return str(day)
    seconds = str(moment.astype("datetime64[s]")).replace("T", " ")
    return seconds.removesuffix(":00") if moment.astype(np.int64) % (60 * SECOND) == 0 else seconds


def _repeated(
    table: Table, rows: NDArray[np.intp], times: NDArray[np.int64], values: Floats, again: NDArray[np.intp], total: int
) -> tuple[NDArray[np.intp], list[Note]]:
    """Which rows say again what the one before says."""
    same = (values[again] == values[again - 1]) | (np.isnan(values[again]) & np.isnan(values[again - 1]))
    clash = again[~same.all(axis=1)]
    notes: list[Note] = []
    if len(clash) == 1 and _is_last_session(rows, clash[0], times, total):
        pair = sorted((int(clash[0]) - 1, int(clash[0])), key=lambda k: int(rows[k]))
        newest_first = rows[0] > rows[-1]
        taken, left = pair if newest_first else reversed(pair)
        line = int(table.grid.lines[rows[taken]])
        notes.append(Note("rows", f"the last date came twice, with other values: row {line} was taken", line))
        again = np.append(again[again != clash[0]], left)
        rest = len(again) - 1
    elif len(clash):
        _refuse_clash(table, rows, times, clash, again)
        rest = 0
    else:
        rest = len(again)
    if rest:
        notes.append(Note("rows", f"{rest} repeated {'row was' if rest == 1 else 'rows were'} dropped"))
    return again, notes


def _is_last_session(rows: NDArray[np.intp], clash: np.intp, times: NDArray[np.int64], total: int) -> bool:
    """Whether the newest time is there twice, at the end of a file or, if it is newest first, at its start."""
    pair = {int(rows[clash]), int(rows[clash - 1])}
    return (
        bool(times[clash] == times[-1]) and len(times) > _ENOUGH and (pair == {total - 1, total - 2} or pair == {0, 1})
    )


def _refuse_clash(
    table: Table, rows: NDArray[np.intp], times: NDArray[np.int64], clash: NDArray[np.intp], again: NDArray[np.intp]
) -> None:
    row, before = int(rows[clash[0]]), int(rows[clash[0] - 1])
    row, before = max(row, before), min(row, before)
    text = f"{_shown(times[clash[0]])} is also in row {table.grid.lines[before]}, with other values"
    if len(again) > 0.4 * len(times):
        raise table.error(row, f"{text}, and so are {len(again) - 1:,} more: {series_told_apart(table, ())}")
    moment = times[clash[0]].astype("datetime64[us]")
    month, hour = int(moment.astype("datetime64[M]").astype(int) % 12) + 1, times[clash[0]] % DAY / (3600 * SECOND)
    sunday = (int(moment.astype("datetime64[D]").astype(int)) + 3) % 7 == 6
    if sunday and month in (3, 4, 10, 11) and 0 < hour <= 4:
        advice = "clocks went back there: write the times in UTC, or with their zone, as 2024-01-31 01:00+01:00"
        raise table.error(row, f"{text}: {advice}")
    raise table.error(row, f"{text}: keep one row a date, and one series a file")


def _by_day(times: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Days, unless some day holds more than one; then seconds, or what is finer where seconds are not enough."""
    stamps = times.view("datetime64[us]")
    for unit, size in (("D", DAY), ("s", SECOND)):
        for some in (slice(0, 1000), slice(None)):  # where a day holds several, the first rows tell
            counted = times[some] // size
            if not (counted[1:] > counted[:-1]).all():
                break
        else:
            return counted.view(f"datetime64[{unit}]")
    return stamps
