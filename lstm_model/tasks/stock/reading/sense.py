"""A series -> what a person would ask about it: jumps, two series in one, flat stretches, gaps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import InputError, quoted
from lstm_model.tasks.stock.reading.columns import series_told_apart
from lstm_model.tasks.stock.reading.notes import Note
from lstm_model.tasks.stock.reading.rows import Series, shown_date
from lstm_model.tasks.stock.reading.table import Table

Floats = NDArray[np.float64]
_ROUND = (1.5, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50, 100, 1000, 10_000, 1_000_000)
_JUMP = np.log(1.45)  # a step from which it is worth a question, if the usual ones are small
_RARE = 12  # how much larger than all but a hundredth of the steps it must be
_FLAT = 20  # rows with the same price


def adjusted(series: Series, adjust: Sequence[str], volume: int) -> tuple[Series, list[Note]]:
    """Prices before a date times a factor, for each "DATE:FACTOR"; what was traded, in column `volume`, over it."""
    values = series.values.copy()
    notes = []
    for text in adjust:
        day, _, factor = text.rpartition(":")
        try:
            date, by = np.datetime64(day.strip()), float(factor)
        except ValueError:
            date, by = np.datetime64("NaT", "D"), 0.0
        if np.isnat(date) or not 0 < by < np.inf:
            raise InputError(f"`adjust` {quoted(text)} is no date and factor: write it as 2023-06-28:0.25")
        before = series.dates < date
        if not before.any() or before.all():
            span = f"{shown_date(series.dates[min(1, len(before) - 1)])} to {shown_date(series.dates[-1])}"
            raise InputError(f"`adjust` {quoted(text)} changes no row, or all: choose a date from {span}")
        for column in range(values.shape[1]):
            values[before, column] *= 1 / by if column == volume else by
        notes.append(Note("sense", f"prices before {shown_date(date)} were multiplied by {by:g}"))
    return Series(series.dates, values, series.lines), notes


def look_over(table: Table, series: Series, name: str) -> list[Note]:
    """Notes on what looks strange; InputError where two series take turns."""
    price = series.values[:, 0]
    if len(price) < 4:
        return []
    notes = _jumps(table, series, price, name) if (price > 0).all() else []
    return [*notes, *_flat(series, price, name), *_gaps(series)]


def _jumps(table: Table, series: Series, price: Floats, name: str) -> list[Note]:
    steps = np.diff(np.log(price))
    size = np.abs(steps)
    jumps = np.flatnonzero(size > _JUMP)
    if not len(jumps):
        return []
    _require_one_series(table, series, price, jumps, name)
    calm = size[size <= _JUMP]
    usual = float(np.quantile(calm, 0.9)) if len(calm) else 0.0
    jumps = jumps[size[jumps] > max(_JUMP, _RARE / 3 * usual)]
    if not len(jumps) or len(jumps) > max(20, 0.1 * len(price)):
        return []
    spikes, levels = _spikes(steps, jumps)
    notes = []
    if spikes:
        notes.append(_spike_note(series, price, spikes))
    for at in levels[:3]:
        factor = float(np.exp(size[at]))
        near = min(_ROUND, key=lambda r: abs(np.log(factor / r)))
        if abs(np.log(factor / near)) > max(0.08, 3 * usual) and len(levels) + len(spikes) > 0 and factor < 1.9:
            continue
        row, day = int(series.lines[at + 1]), shown_date(series.dates[at + 1])
        by = f"{1 / near:.6g}" if steps[at] < 0 else f"{near:.6g}"
        text = f"row {row}, {day}: {price[at]:.8g} is followed by {price[at + 1]:.8g}, a factor of {factor:.3g}: "
        if abs(np.log(factor / near)) > max(0.08, 3 * usual) or at + 2 >= len(price):
            text += "is it a slip?"
        else:
            text += f"another unit or a split? `adjust` {day.replace(' ', 'T')}:{by} would mend it"
        notes.append(Note("sense", text, row, name))
    if len(levels) > 3:
        notes.append(Note("sense", f"and {len(levels) - 3} more jumps", column=name))
    return notes


def _require_one_series(table: Table, series: Series, price: Floats, jumps: NDArray[np.intp], name: str) -> None:
    """InputError if prices go up and down between two levels again and again."""
    logs = np.sort(np.log(price))
    gaps = np.diff(logs[len(logs) // 20 : -max(1, len(logs) // 20)])
    if len(jumps) < max(8, 0.15 * len(price)) or not len(gaps):
        return
    at = int(gaps.argmax()) + len(logs) // 20
    border = (logs[at] + logs[at + 1]) / 2
    crossings = int((np.diff(np.log(price) > border) != 0).sum())
    if gaps.max() < 0.2 or crossings < 0.15 * len(price) or min(at, len(logs) - at) < 0.1 * len(logs):
        return
    row = int(jumps[0])
    text = (
        f"{name} goes from {price[row]:.8g} to {price[row + 1]:.8g} and back, {crossings:,} times"
        f" in {len(price):,} rows: two series seem to be mixed: {series_told_apart(table, ())}"
    )
    raise InputError(f"{table.path}, row {int(series.lines[row + 1])}: {text}")


def _spikes(steps: Floats, jumps: NDArray[np.intp]) -> tuple[list[range], list[int]]:
    """Short stretches that leave a level and come back to it, and jumps that stay."""
    spikes, levels, k = [], [], 0
    places = jumps.tolist()
    while k < len(places):
        here = places[k]
        following = places[k + 1] if k + 1 < len(places) else -1
        if following > 0 and following - here <= 5 and abs(steps[here : following + 1].sum()) < 0.3 * abs(steps[here]):
            spikes.append(range(here + 1, following + 1))
            k += 2
        else:
            levels.append(here)
            k += 1
    return spikes, levels


def _spike_note(series: Series, price: Floats, spikes: list[range]) -> Note:
    rows = [k for spike in spikes for k in spike]
    first = rows[0]
    ratio = float(np.median([price[k] / price[spike.start - 1] for spike in spikes for k in spike]))
    words = {0.01: "a hundredth of", 0.1: "a tenth of", 0.001: "a thousandth of", 100: "a hundred times",
             10: "ten times", 1000: "a thousand times"}  # fmt: skip
    near = min(words, key=lambda r: abs(np.log(ratio / r)))
    share = words[near] if abs(np.log(ratio / near)) < 0.2 else f"{ratio:.3g} times"
    where = f"row {int(series.lines[first])}, {shown_date(series.dates[first])}, {price[first]:.8g}"
    if len(rows) == 1:
        return Note("sense", f"{where} is {share} its neighbours: is it a slip?", int(series.lines[first]))
    text = f"{len(rows)} rows (first {where}) are {share} their neighbours: are they slips?"
    return Note("sense", text, int(series.lines[first]))


def _flat(series: Series, price: Floats, name: str) -> list[Note]:
    moved = np.flatnonzero(np.diff(price) != 0)
    edges = np.concatenate([[-1], moved, [len(price) - 1]])
    lengths = np.diff(edges)
    at = int(lengths.argmax())
    if lengths[at] < max(_FLAT, 0.05 * len(price)):
        return []
    first, last = int(edges[at]) + 1, int(edges[at + 1])
    if first == 0 and last == len(price) - 1:
        return [Note("sense", f"{name} is {price[0]:.8g} in all rows: nothing moves", column=name)]
    days = f"from {shown_date(series.dates[first])} to {shown_date(series.dates[last])}"
    text = f"{name} stays at {price[first]:.8g} {days}, {last - first + 1:,} rows"
    return [Note("sense", text, int(series.lines[first]), name)]


def _gaps(series: Series) -> list[Note]:
    steps = np.diff(series.dates.astype("datetime64[s]")).astype(np.int64)
    usual = float(np.median(steps))
    at = int(steps.argmax())
    if steps[at] <= max(20 * usual, 10 * 86_400):
        return []
    count = int((steps > max(20 * usual, 10 * 86_400)).sum())
    rest = f", and {count - 1} more such gap{'s' if count > 2 else ''}" if count > 1 else ""
    text = f"no rows between {shown_date(series.dates[at])} and {shown_date(series.dates[at + 1])}{rest}"
    return [Note("sense", text, int(series.lines[at + 1]))]
