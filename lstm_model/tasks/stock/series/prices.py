"""A price series out of a file: its dates and prices, checked row by row.

Every complaint names the line as an editor counts it, and everything that was mended instead of refused is said in
`Prices.notes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lstm_model.progress import Tell, quiet
from lstm_model.tasks.stock.reading.columns import Wish
from lstm_model.tasks.stock.reading.notes import Note
from lstm_model.tasks.stock.reading.read import read_file
from lstm_model.tasks.stock.series.features import each_once

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Prices:
    """N prices in date order, one each; days without trade are simply not there."""

    dates: NDArray[np.datetime64]  # (N,) strictly rising; datetime64[D], or [s] where a day holds several prices
    close: NDArray[np.float64]  # (N,) the chosen column, in the file's unit: finite, and positive if that was asked
    columns: dict[str, NDArray[np.float64]]  # the features that were asked for, each (N,)
    column: str  # the chosen column's name in the file
    notes: tuple[str, ...]  # what was mended while reading, each a plain sentence
    stages: tuple[Note, ...] = field(default=(), compare=False)  # the same, with stage and place

    def frame(self) -> "pd.DataFrame":
        """The series as a pandas DataFrame for a notebook: (N, 1 + F), indexed by date, the chosen column first."""
        import pandas as pd

        return pd.DataFrame({self.column: self.close, **self.columns}, index=pd.DatetimeIndex(self.dates, name="Date"))


def read_prices(
    path: Path,
    column: str = "Close",
    features: Sequence[str] = (),
    *,
    encoding: str | None = None,
    date_column: str = "",
    symbol: str = "",
    adjust: Sequence[str] = (),
    positive: bool = True,
    tell: Tell = quiet,
) -> Prices:
    """Read dates, the price `column` and the `features` of a file; rows are sorted by date.

    `symbol` names one of several series in the file, `date_column` the column of dates where its name does not say so.
    Each of `adjust`, "DATE:FACTOR", multiplies the prices before a date: a split. `positive`: whether values at or
    below 0 are refused. Raises InputError, one line, for whatever cannot be read without guessing.
    """
    wanted = each_once(features)
    wish = Wish(column, wanted, date_column, symbol)
    read = read_file(path, wish, encoding=encoding, adjust=adjust, positive=positive, tell=tell)
    values = read.series.values  # noqa: PD011 - an array of ours
    columns = {name: values[:, k].copy() for k, name in enumerate(wanted, start=1)}
    notes = tuple(note.text for note in read.notes)
    return Prices(read.series.dates, np.ascontiguousarray(values[:, 0]), columns, read.column, notes, read.notes)
