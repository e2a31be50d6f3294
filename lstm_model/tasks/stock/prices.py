"""A price series out of a CSV file: its dates and prices, checked row by row.

Every complaint names the row as an editor counts it (the header is row 1), and everything that was mended instead
of refused is said in `Prices.notes`. pandas reads the file, and is imported only then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import quoted
from lstm_model.tasks.stock.dates import read_dates
from lstm_model.tasks.stock.features import known_feature
from lstm_model.tasks.stock.numbers import read_numbers
from lstm_model.tasks.stock.table import Table, read_table

if TYPE_CHECKING:
    pass

CLOSES = ("Close/Last", "Adj Close", "Adj. Close", "Price", "Last")  # what sources that have no Close call it


@dataclass(frozen=True)
class Prices:
    """N prices in date order, one each; days without trade are simply not there."""

    dates: NDArray[np.datetime64]  # (N,) strictly rising; datetime64[D], or [s] where a day holds several prices
    close: NDArray[np.float64]  # (N,) the chosen column, in the file's currency: positive and finite
    columns: dict[str, NDArray[np.float64]]  # those of FEATURES that were asked for, each (N,)
    column: str  # the chosen column's name in the file
    notes: tuple[str, ...]  # what was mended while reading, each a plain sentence


def read_prices(path: Path, column: str = "Close", features: Sequence[str] = ()) -> Prices:
    """Read the `Date` column, the price `column` and the `features` (of FEATURES) of a CSV file.

    Names match without regard to case and surrounding blanks; `,` `;` tab or `|` separates; rows are sorted by date.
    Raises InputError, one line, for whatever cannot be read without guessing.
    """
    wanted = list(dict.fromkeys(map(known_feature, features)))
    table = read_table(path)
    usual = column.strip().casefold() == "close"
    index = table.find(column, *(CLOSES if usual else ()), advice="choose a price with `column` NAME")
    if usual and table.header[index].casefold() != "close":
        table.notes.append(f"there is no column Close: {quoted(table.header[index])} was read as the price")
    stamps = read_dates(table)
    series = [read_numbers(table, index, zero_is_fine=False)]
    series += [read_numbers(table, table.find(name), zero_is_fine=name == "Volume") for name in wanted]
    stamps, values = _in_order(table, stamps, np.column_stack(series))
    columns = {name: values[:, k].copy() for k, name in enumerate(wanted, start=1)}
    return Prices(_by_day(stamps), values[:, 0].copy(), columns, table.header[index], tuple(table.notes))


def _in_order(
    table: Table, stamps: NDArray[np.datetime64], values: NDArray[np.float64]
) -> tuple[NDArray[np.datetime64], NDArray[np.float64]]:
    """Sort rows by time and drop those that say again what another says; `values` is (rows, columns)."""
    steps = np.diff(stamps).astype(np.int64)
    if (steps < 0).any():
        was = "newest first" if (steps <= 0).all() else "not in date order"
        table.notes.append(f"rows were {was}: sorted by date")
    order = np.argsort(stamps, kind="stable")
    stamps, values = stamps[order], values[order]
    again = np.flatnonzero(stamps[1:] == stamps[:-1]) + 1
    if clash := [k for k in again.tolist() if (values[k] != values[k - 1]).any()]:
        row, before = int(order[clash[0]]), int(order[clash[0] - 1])
        date = str(_by_day(stamps[clash[0] : clash[0] + 1])[0]).replace("T", " ")
        text = f"{date} is also in row {table.lines[before]}, with other values"
        raise table.error(row, f"{text}: keep one row a date, and one series a file")
    if len(again):
        plural = "row was" if len(again) == 1 else "rows were"
        table.notes.append(f"{len(again)} repeated {plural} dropped")
    return np.delete(stamps, again), np.delete(values, again, axis=0)


def _by_day(stamps: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Cut (N,) stamps to days, unless some day holds more than one."""
    days = stamps.astype("datetime64[D]")
    return days if len(np.unique(days)) == len(days) else stamps
