"""Columns -> dates: the one way to read them that fits all rows together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import quoted
from lstm_model.tasks.stock.reading.cells import Cells, Rows
from lstm_model.tasks.stock.reading.dates.calendar_days import DAY, ISO_WEEK, SECOND, Ints, centuries, clock, days_of
from lstm_model.tasks.stock.reading.dates.counted import count_dates
from lstm_model.tasks.stock.reading.dates.date_forms import Form, forms
from lstm_model.tasks.stock.reading.notes import Note, refusal

Times = NDArray[np.int64]  # microseconds since 1970
Mask = NDArray[np.bool_]
SAY_DATE = "write it as 2024-01-31"
_WORDS = {"Y": "year", "M": "month", "D": "day"}
_AT_ONCE = 1 << 17  # rows read at a time
_KEPT = 1000  # cells that are no dates, at either end, kept for messages
_FEW = 4  # steps below which regularity proves nothing


@dataclass(frozen=True)
class Dates:
    """When each row is."""

    times: Times  # (N,) local, or UTC where the zone changes within the rows; 0 where there is no date
    good: Mask  # (N,) whether the cell is a date
    how: str  # in words: "day/month/year"
    undated: Rows = field(default_factory=lambda: np.zeros(0, np.intp))  # the rows without a date
    blank: Mask = field(default_factory=lambda: np.zeros(0, bool))  # which of them have an empty cell
    texts: dict[int, str] = field(default_factory=dict)  # what stands in the first and the last of them


@dataclass(frozen=True)
class Reading:
    """One way to read a column of dates."""

    how: str
    times: Times
    good: Mask
    offsets: NDArray[np.int64] | None  # minutes east of Greenwich, where all rows have a zone
    short_years: bool = False
    zones: bool = False
    usual: bool = True  # whether people write dates so


def today() -> int:
    """Now, as a time: nothing that was measured is later."""
    return int(datetime.now(UTC).timestamp()) * SECOND


def read_dates(
    cells: Cells, lines: NDArray[np.integer[Any]], name: str, path: Path, now: int
) -> tuple[Dates, list[Note]]:
    """Read a column; cells that are no dates are left to the stage of rows. InputError where two ways remain."""
    ways, counted = _ways(cells, now), False
    shapes = [shape for shape in cells.shapes() if shape]
    if all(shape.replace(".", "").replace("-", "").isdigit() for shape in shapes):
        numbers = [Reading(how, times, good, None) for how, times, good in count_dates(cells, now, name)]
        most = max((int(way.good.sum()) for way in ways), default=0)
        pointed = any("." in shape for shape in shapes)  # 1871.1 is a number, and here the tenth month
        if numbers and max(int(way.good.sum()) for way in numbers) > most - pointed:
            ways, counted = numbers, True
    if not ways:
        return _dates(cells, np.zeros(len(cells), np.int64), np.zeros(len(cells), bool), ""), []
    best = _best(ways, now)
    if len(best) > 1:
        row = int(np.flatnonzero(best[0].good & (best[0].times != best[1].times))[0])
        two = " or ".join(sorted((best[0].how, best[1].how), reverse=True))
        raise refusal(path, f"{name} {quoted(cells.text(row))} may be {two}: {SAY_DATE}", int(lines[row]))
    way = best[0]
    notes = [Note("dates", text, column=name) for text in _said(way, counted, name)]
    times = way.times
    if way.zones:
        times, text = _zoned(way)
        notes.append(Note("dates", text, column=name))
    return _dates(cells, times, way.good, way.how), notes


def _dates(cells: Cells, times: Times, good: Mask, how: str) -> Dates:
    undated = np.flatnonzero(~good)
    some = {*undated[:_KEPT].tolist(), *undated[-_KEPT:].tolist()}
    return Dates(times, good, how, undated, cells.matrix[undated, 0] == 0, {row: cells.text(row) for row in some})


def _said(way: Reading, counted: bool, name: str) -> list[str]:
    if counted:
        return [f"{quoted(name)} was read as {way.how}"] if way.how else []
    said = [f"dates were read as {way.how}"] if way.how else []
    if way.short_years and way.good.any():
        years = way.times[way.good].astype("datetime64[us]").astype("datetime64[Y]")
        said.append(f"years of two digits were read as {years.min()} to {years.max()}")
    return said


def _zoned(way: Reading) -> tuple[Times, str]:
    """Local times, or instants where the clock is changed within rows of the same day."""
    dropped = "time zones were dropped: dates are the local ones"
    if way.offsets is None:
        return way.times, dropped
    offsets = way.offsets[way.good]
    local = way.times[way.good] // DAY
    if not len(offsets) or (offsets == offsets[0]).all() or len(np.unique(local)) == len(local):
        return way.times, dropped
    return way.times - way.offsets * 60 * SECOND, "time zones differ from row to row: times were read as UTC"


def _ways(cells: Cells, now: int) -> list[Reading]:
    """Each way to read the column by the shapes of its cells."""
    known = [forms(shape) for shape in cells.shapes()]
    rows = cells.rows_by_shape()
    orders = list(dict.fromkeys(form.order for some in known if len(some) > 1 for form in some))
    if any(some and some[0].order not in orders and len(some[0].order) == 3 for some in known):
        fixed = {some[0].order for some in known if len(some) == 1}
        orders = [order for order in orders if order in fixed] or orders
    ways: list[Reading] = []
    for order in orders or [""]:
        chosen = [next((form for form in some if form.order == order), some[0] if some else None) for some in known]
        way = _read(cells, rows, chosen, now)
        ways.append(way)
        first = next((form for form in chosen if form), None)
        settled = first is not None and (
            (first.order in ("YMD", "YDM") and len(first.digits["Y"]) == 4)
            or (first.order == "DMY" and first.mark == "." and len(first.digits["Y"]) == 4)
        )
        if settled and way.good.sum() == sum(len(r) for r, some in zip(rows, known, strict=True) if some):
            break
    return ways


def _read(cells: Cells, rows: list[Rows], chosen: list[Form | None], now: int) -> Reading:
    """Read each shape by its form."""
    n = len(cells)
    known = [form for form in chosen if form]
    short = any(len(form.digits["Y"]) == 2 for form in known)
    zones = any(form.named_zone for form in known)
    times, good = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool)
    zoned, offsets = np.zeros(n if zones else 0, dtype=bool), np.zeros(n if zones else 0, dtype=np.int64)
    for start in range(0, n, n if short else _AT_ONCE):  # years of two digits need all rows
        stop = n if short else min(n, start + _AT_ONCE)
        fields = _Fields(stop - start, zones=zones)
        for at, form in zip(rows, chosen, strict=True):
            if form:
                fields.read(cells, at[slice(*np.searchsorted(at, (start, stop)))], start, form)
        if short:
            fields.year = centuries(fields.year, fields.month, fields.day, fields.short & fields.good, now)
        days, valid = days_of(fields.year, fields.month, fields.day)
        valid &= fields.good
        good[start:stop] = valid
        times[start:stop] = np.where(valid, days * DAY + fields.clock, 0)
        if zones:
            zoned[start:stop], offsets[start:stop] = fields.zoned, fields.offsets
    first = known[0] if known else None
    usual = not (first and first.order == "YMD" and len(first.digits["Y"]) == 2)
    whole = zones and bool(zoned[good].all())
    return Reading(_how(first), times, good, offsets if whole else None, short, zones, usual)


class _Fields:
    """Years to microseconds of some rows."""

    def __init__(self, n: int, *, zones: bool) -> None:
        self.year: Ints = np.zeros(n, dtype=np.int32)
        self.month, self.day = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
        self.clock = np.zeros(n, dtype=np.int64)  # microseconds since midnight
        self.good, self.short = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
        self.zoned = np.zeros(n if zones else 0, dtype=bool)
        self.offsets = np.zeros(n if zones else 0, dtype=np.int64)  # minutes east of Greenwich

    def read(self, cells: Cells, at: Rows, start: int, form: Form) -> None:
        """Read rows `at` of a column; `start` is the first row there is room for."""
        if not len(at):
            return
        whole = at[-1] - at[0] + 1 == len(at)
        put = slice(int(at[0]) - start, int(at[-1]) - start + 1) if whole else at - start
        digits = {name: cells.number(at, places) for name, places in form.digits.items()}
        year, month, day = digits["Y"], digits.get("M", np.full(len(at), form.month or 1)), digits.get("D")
        fine = np.ones(len(at), dtype=bool)
        if form.month:
            month = np.full(len(at), form.month)
        most = {"YQ": (4, 3), "YH": (2, 6)}.get(form.order)
        if most:
            fine = (month >= 1) & (month <= most[0])
            month = month * most[1] - (most[1] - 1)
        elif form.order == "YW":
            fine = (month >= 1) & (month <= 53)
            month, day = np.full(len(at), ISO_WEEK), month
        self.year[put], self.month[put], self.day[put] = year, month, 1 if day is None else day
        self.short[put] = len(form.digits["Y"]) == 2
        if "H" in digits:
            self.clock[put], timed = clock(digits, len(form.digits.get("F", ())), form.half)
            fine &= timed
        if form.named_zone:
            if form.sign:
                self.offsets[put] = form.sign * (digits["Z"] * 60 + digits.get("z", 0))
            elif form.zone is not None:
                self.offsets[put] = form.zone
            self.zoned[put] = bool(form.sign) or form.zone is not None
        self.good[put] = fine


def _how(form: Form | None) -> str:
    """The order in words, where there could be another."""
    if form is None or form.month or len(form.order) != 3 or not form.mark:
        return ""
    long = len(form.digits["Y"]) == 4
    if long and (form.order == "YMD" or (form.order == "DMY" and form.mark == ".")):
        return ""
    return form.mark.join(_WORDS[letter] for letter in form.order)


def _best(ways: list[Reading], now: int) -> list[Reading]:
    """What is left of the ways, by the evidence of all rows; more than one if they tell of other days."""
    most = max(int(way.good.sum()) for way in ways)
    left = [way for way in ways if way.good.sum() == most]
    for evidence, good, bad in (
        (_after(now), 0.0, 0.0),
        (_disorder, 0.02, 0.05),
        (_no_weekdays, 0.2, 0.5),
        (_gap, 15, 15),
    ):
        if len(left) < 2:
            break
        seen = [evidence(way.times[way.good]) for way in left]
        if min(seen) <= good and max(seen) > bad:
            left = [way for way, value in zip(left, seen, strict=True) if value <= bad]
    if len(left) > 1:
        left = [way for way in left if way.usual] or left
    if len(left) > 1 and all("." in way.how for way in left):
        left = [way for way in left if way.how.startswith("day")] or left
    return [left[0], *(way for way in left[1:] if (way.times != left[0].times).any())]


def _after(now: int) -> Callable[[Times], float]:
    return lambda times: float((times > now + 2 * DAY).any())


def _disorder(times: Times) -> float:
    """Share of steps against the usual direction."""
    steps = np.diff(times)
    if len(steps) < _FEW:
        return 0.03
    return float(min((steps > 0).sum(), (steps < 0).sum()) / len(steps))


def _no_weekdays(times: Times) -> float:
    """Share of steps to another day that do not go to the next weekday."""
    days = times.astype("datetime64[us]").astype("datetime64[D]")
    days = days[np.flatnonzero(np.diff(days).astype(np.int64)) + 1] if len(days) else days
    if len(days) <= _FEW:
        return 0.3
    steps = np.abs(np.busday_count(days[:-1], days[1:]))
    return 1 - float(((steps == 1) & np.is_busday(days[1:])).mean())


def _gap(times: Times) -> float:
    """The longest step over the usual one."""
    steps = np.abs(np.diff(times))
    steps = steps[steps > 0]
    return float(steps.max() / np.median(steps)) if len(steps) >= _FEW else 15.0
