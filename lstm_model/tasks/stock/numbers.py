"""Numbers as people write them."""

import re

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import InputError, quoted, shortened
from lstm_model.tasks.stock.table import Table

_MISSING = {"", "-", "--", "nan", "null", "none", "na", "n/a", "#n/a"}
_CURRENCY = re.compile(r"[$€£¥₹]")
_BLANK = re.compile("(?<=\\d)[ '\u2019\u00a0\u2009\u202f](?=\\d{3}(?!\\d))")  # between groups of three digits
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
# Forms in which the point can only be the decimal mark: 1,234.5  1,234,567  1234.5  0.125  1.25
_POINT = re.compile(r"[+-]?(\d{1,3}(,\d{3})+\.\d*|\d{1,3}(,\d{3}){2,}|(\d{4,}|0)\.\d*|\d*\.(\d{0,2}|\d{4,}))")
_SWAP = str.maketrans(",.", ".,")


def read_numbers(table: Table, index: int, *, zero_is_fine: bool) -> NDArray[np.float64]:
    """Column `index` as numbers (rows,): finite and positive (or not negative)."""
    name, cells = shortened(table.header[index]), table.cells[index]
    values = np.array([_float(cell) for cell in cells])
    missing = np.array([cell.casefold() in _MISSING for cell in cells])
    if (np.isnan(values) & ~missing).any():
        values = _formatted(table, index)
    good = np.isfinite(values) & ((values >= 0) if zero_is_fine else (values > 0))
    if good.all():
        return values
    bad = np.flatnonzero(~good)
    row, shown = int(bad[0]), quoted(cells[bad[0]])
    if missing[row]:
        fault = f"{name} is missing ({shown})"
    elif np.isfinite(values[row]):
        fault = f"{name} {shown} is not {'zero or more' if zero_is_fine else 'positive'}"
    else:
        fault = f"{name} {shown} is not {'finite' if np.isinf(values[row]) else 'a number'}"
    rest = f" (and {len(bad) - 1} more without a usable {name})" if len(bad) > 1 else ""
    raise table.error(row, f"{fault}{rest}: correct or delete {'these rows' if rest else 'the row'}")


def _float(text: str) -> float:
    """Return the number, or NaN; Python's 1_000 is no number here."""
    try:
        return np.nan if "_" in text else float(text)
    except ValueError:
        return np.nan


def _formatted(table: Table, index: int) -> NDArray[np.float64]:
    """Read a column of numbers written for people: "$1,234.5", "1.234,50 €", "1 234". NaN where that fails."""
    name, cells = shortened(table.header[index]), table.cells[index]
    if len(signs := sorted(set(_CURRENCY.findall("".join(cells))))) > 1:
        raise InputError(f"{table.path}: {name} mixes the currencies {' and '.join(signs)}: keep one")
    bare = [_BLANK.sub("", _CURRENCY.sub("", cell).strip()) for cell in cells]
    swapped = [text.translate(_SWAP) for text in bare]
    point = any(map(_POINT.fullmatch, bare))
    comma = any(map(_POINT.fullmatch, swapped))
    for row, text in enumerate(bare):
        if not point and not comma and _GROUPED.fullmatch(text):
            both = f"{text.replace(',', '')} or {text.replace(',', '.')}"
            raise table.error(row, f"{name} {quoted(cells[row])} may mean {both}: write it without the comma")
    plain = swapped if comma and not point else bare
    values = np.array([_float(t.replace(",", "") if _GROUPED.fullmatch(t) else t) for t in plain])
    mended = [k for k, cell in enumerate(cells) if np.isfinite(values[k]) and _float(cell) != values[k]]
    if mended:
        more = f", and {len(mended) - 1} more likewise" if len(mended) > 1 else ""
        table.notes.append(f"{name}: {quoted(cells[mended[0]])} was read as {values[mended[0]]:.10g}{more}")
    return values
