"""Cells -> numbers: the one meaning of points and commas that fits the whole table."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import quoted, shortened
from lstm_model.tasks.stock.reading.cells import Cells, Rows
from lstm_model.tasks.stock.reading.notes import Note, more, refusal
from lstm_model.tasks.stock.reading.number_forms import MISSING, NumberForm, number_form

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
_JUMP = 100.0  # reading a group mark as a decimal mark makes jumps of a thousand


@dataclass(frozen=True)
class Marks:
    """What points and commas mean in a table, as far as it says so."""

    point: bool = False  # some number has a point that can only be the decimal mark
    comma: bool = False


@dataclass(frozen=True)
class Column:
    """A column of numbers."""

    values: Floats  # (N,) NaN where there is none
    missing: Mask  # (N,) cells that say so
    bad: Mask  # (N,) cells that are no number


@dataclass
class _Shapes:
    """A column by shapes: the forms of each, and where each first stands."""

    forms: list[NumberForm | None]
    rows: list[Rows]
    missing: list[bool]


def marks_of(cells: Cells) -> Marks:
    """What a column says about points and commas by itself."""
    point = comma = False
    by_shape = _by_shape(cells)
    for form, rows in zip(by_shape.forms, by_shape.rows, strict=True):
        if form is None or (form.point is None) == (form.comma is None):
            if form is None or not form.both:
                continue
            first = cells.matrix[rows, form.digits[0]]
            zero = bool((first == ord("0")).any()) and form.whole == 1
            point |= zero and form.point != 0
            comma |= zero and form.point == 0
        else:
            point |= form.comma is None
            comma |= form.point is None
    return Marks(point, comma)


def read_numbers(
    cells: Cells, lines: NDArray[np.integer[Any]], name: str, path: Path, others: Callable[[], Marks], hint: str = ""
) -> tuple[Column, list[Note]]:
    """Read a column. `others` says what the rest of the table knows of marks; it is asked where the column is in doubt.

    `hint`: "." or "," where the table has one of the two as its usual decimal mark. InputError where two readings are
    left, or two currencies mixed.
    """
    name = shortened(name)
    shapes = _by_shape(cells)
    _one_currency(shapes, lines, name, path)
    own = marks_of(cells)
    mark, why = _mark(cells, shapes, own, others, hint)
    if mark is None:
        row = next(int(r[0]) for f, r in zip(shapes.forms, shapes.rows, strict=True) if f and f.both)
        both = f"{_one(cells, shapes, row, '.'):.10g} or {_one(cells, shapes, row, ','):.10g}"
        which = "comma" if "," in cells.text(row) else "point"
        text = f"{name} {quoted(cells.text(row))} may mean {both}: write it without the {which}"
        raise refusal(path, text, int(lines[row]))
    values, missing, bad = _values(cells, shapes, mark)
    notes = _mended(cells, shapes, values, lines, name, why)
    return Column(values, missing, bad), notes


def _by_shape(cells: Cells) -> _Shapes:
    shapes, rows = cells.shapes(), cells.rows_by_shape()
    found = [number_form(shape) for shape in shapes]
    return _Shapes(
        found, rows, [form is None and text.casefold() in MISSING for form, text in zip(found, shapes, strict=True)]
    )


def _one_currency(shapes: _Shapes, lines: NDArray[np.integer[Any]], name: str, path: Path) -> None:
    found: dict[str, int] = {}
    for form, rows in zip(shapes.forms, shapes.rows, strict=True):
        if form and form.unit:
            found.setdefault(form.unit, int(rows[0]))
    if len(found) > 1:
        (one, _), (other, row) = list(found.items())[:2]
        raise refusal(path, f"{name} mixes the currencies {one} and {other}: keep one", int(lines[row]))


def _mark(cells: Cells, shapes: _Shapes, own: Marks, others: Callable[[], Marks], hint: str) -> tuple[str | None, str]:
    """The decimal mark of a column, and how it is known; None if it is not."""
    doubtful = [form for form in shapes.forms if form and form.both]
    if own.point and not own.comma:
        return ".", ""
    if own.comma and not own.point:
        return ",", ""
    if own.point and own.comma:  # the lesser part are bad cells
        count = {mark: _fitting(shapes, mark) for mark in ".,"}
        return max(".,", key=lambda mark: count[mark]), ""
    if not doubtful:
        return ".", ""
    known = others()
    if known.point != known.comma:
        return ("." if known.point else ","), ", as other columns have it"
    point, comma = (_roughness(_values(cells, shapes, mark)[0]) for mark in ".,")
    if max(point, comma) > _JUMP > 10 * min(point, comma):
        return ("." if point < comma else ","), ", for the rows round it are alike"
    written = "." if doubtful[0].comma == 0 else ","  # the mark that stands there
    if written == "." and hint != ",":
        return ".", ""
    if hint == written:
        return written, ""
    return None, ""


def _fitting(shapes: _Shapes, mark: str) -> int:
    good = [form is not None and (form.point if mark == "." else form.comma) is not None for form in shapes.forms]
    return sum(len(rows) for rows, fits in zip(shapes.rows, good, strict=True) if fits)


def _roughness(values: Floats) -> float:
    """The largest factor between neighbours."""
    some = values[np.isfinite(values) & (values > 0)]
    return float(np.exp(np.abs(np.diff(np.log(some))).max())) if len(some) > 1 else 1.0


def _values(cells: Cells, shapes: _Shapes, mark: str) -> tuple[Floats, Mask, Mask]:
    n = len(cells)
    values = np.full(n, np.nan)
    missing, bad = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for form, rows, gone in zip(shapes.forms, shapes.rows, shapes.missing, strict=True):
        put = slice(None) if len(rows) == n else rows
        decimals = None if form is None else form.point if mark == "." else form.comma
        if form is None or decimals is None:
            missing[put], bad[put] = gone, not gone
        else:
            values[put] = _numbers(cells, rows, form, decimals)
    return values, missing, bad


def _numbers(cells: Cells, rows: Rows, form: NumberForm, decimals: int) -> Floats:
    """Numbers as `float` would read them, bit for bit."""
    if form.scientific:
        block = cells.matrix[rows]
        texts = np.where(block == ord(","), np.uint8(ord(".")), block).view(f"S{block.shape[1]}").ravel()
        plain: Floats = texts.astype(np.float64)
        return plain
    places = list(form.digits)
    power = form.power - decimals
    if len(places) <= 15 and -22 <= power <= 22:  # both are exact, so that one rounding is right
        value = cells.number(rows, places).astype(np.float64)
        value = value * 10.0**power if power > 0 else value / 10.0**-power
    else:
        block = cells.matrix[np.ix_(rows, np.array(places))]
        texts = np.ascontiguousarray(block).view(f"S{len(places)}").ravel()
        value = np.array([float(f"{text.decode()}e{power}") for text in texts.tolist()])
    return -value if form.sign < 0 else value


def _one(cells: Cells, shapes: _Shapes, row: int, mark: str) -> float:
    return float(_values(cells, shapes, mark)[0][row])


def _mended(
    cells: Cells, shapes: _Shapes, values: Floats, lines: NDArray[np.integer[Any]], name: str, why: str
) -> list[Note]:
    """A note on cells that are not written as a computer writes numbers."""
    first, count = -1, 0
    for form, rows in zip(shapes.forms, shapes.rows, strict=True):
        if form is None:
            continue
        at = int(rows[0])
        try:
            plain = float(cells.text(at)) == values[at]
        except ValueError:
            plain = False
        if not plain and np.isfinite(values[at]) and (form.both or not why):
            count += len(rows)
            first = at if first < 0 else min(first, at)
    if first < 0:
        return []
    rest = f", and {count - 1} more likewise" if count > 1 else ""
    text = f"{name}: {quoted(cells.text(first))} was read as {values[first]:.10g}{rest}{why}"
    return [Note("numbers", text, int(lines[first]), name)]


def require_numbers(
    column: Column,
    cells: Cells,
    lines: NDArray[np.integer[Any]],
    name: str,
    path: Path,
    *,
    least: float | None,
    advice: str,
    low: str = "",
) -> None:
    """InputError for cells that are no number, and for numbers below (or, if it is 0 exclusive, at) `least`.

    advice: what to do, with ROWS for the row or the rows; low: what else there is to do about numbers that are too low.
    """
    name = shortened(name)
    under = (
        np.zeros(len(cells), dtype=bool)
        if least is None
        else np.isfinite(column.values) & (column.values < least if least == 0 else column.values <= 0)
    )
    wrong = column.bad | np.isinf(column.values) | under
    if not wrong.any():
        return
    row = int(np.flatnonzero(wrong)[0])
    shown = quoted(cells.text(row))
    if column.bad[row]:
        fault = f"{name} {shown} is not a number"
    elif under[row]:
        fault = f"{name} {shown} is not {'zero or more' if least == 0 else 'positive'}"
        advice += low
    else:
        fault = f"{name} {shown} is not finite"
    rest = more(int(wrong.sum()), f"more without a usable {name}")
    raise refusal(
        path, f"{fault}{rest}: {advice.replace('ROWS', 'these rows' if rest else 'the row')}", int(lines[row])
    )
