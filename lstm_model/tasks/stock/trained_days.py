"""Which prices a model was trained on: kept in its checkpoint, and held against the days that are measured.

Dates alone do not tell: two series have the same days. Some closes tell them apart, and whether one file is the other
with its prices adjusted.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_CLOSES = 64  # closes that are kept, evenly over the training part
EXACT, SAME = 1e-9, 3e-4  # differences of changes in one file, and of those that were rounded or adjusted otherwise
ENOUGH = 0.8  # share of the changes that can be compared which must agree in one series

Stamps = NDArray[np.datetime64]


@dataclass(frozen=True)
class Overlap:
    """How many of the measured rows lie on days that were used, if the series is the one that was trained on."""

    measured: int
    trained: int
    chosen: int  # on days of the validation part, by which the best was chosen
    same_series: bool | None  # None: too little to tell

    def sentence(self, rows: str = "days") -> str:
        """What a reader should know of what is measured; nothing if none of it was used."""
        if self.trained and self.same_series is not False:
            known = f"{self.trained:,} of the {self.measured:,} {rows}"
            if self.same_series:
                return f"the model was trained on {known}: these figures show memory"
            return f"{known} lie where the model was trained"
        if self.trained:
            return (
                f"{self.trained:,} of the {self.measured:,} {rows} lie where the model was trained, on another series"
            )
        if self.chosen and self.same_series is not False:
            return f"the best checkpoint was chosen by {self.chosen:,} of the {self.measured:,} {rows}"
        return ""


@dataclass(frozen=True)
class TrainedDays:
    """The first and the last day of training, the last of validation, and some closes of the training part."""

    first: str
    last: str
    validated: str  # the last day of the validation part; that of training if there is none
    pairs: tuple[tuple[str, str, float], ...]  # day, next day, and the logarithm of how the close changed between

    @classmethod
    def of(cls, dates: Stamps, closes: NDArray[np.float64], train_end: int, val_end: int) -> "TrainedDays":
        """Of prices (N,) of which the first `train_end` were trained on, and those up to `val_end` chose the best."""
        evenly = np.linspace(0, max(0, train_end - 2), MOST_CLOSES if train_end > 1 else 0)
        pairs = tuple(
            (str(dates[k]), str(dates[k + 1]), math.log(closes[k + 1] / closes[k]))
            for k in np.unique(evenly.round().astype(int)).tolist()
        )
        last = str(dates[train_end - 1])
        return cls(str(dates[0]), last, str(dates[val_end - 1]) if val_end > train_end else last, pairs)

    def memory(self) -> dict[str, Any]:
        """For a checkpoint."""
        return {"days": [self.first, self.last, self.validated], "changes": [list(pair) for pair in self.pairs]}

    @classmethod
    def from_memory(cls, data: dict[str, Any]) -> "TrainedDays | None":
        """From a checkpoint; None if it was written before this was kept, or holds what makes no sense."""
        days, changes = data.get("days"), data.get("changes")
        if not isinstance(days, list) or len(days) != 3 or not all(map(_is_stamp, days)):
            return None
        if not isinstance(changes, list) or len(changes) > MOST_CLOSES or not all(map(_is_pair, changes)):
            return None
        return cls(days[0], days[1], days[2], tuple((a, b, float(c)) for a, b, c in changes))

    def overlap(self, dates: Stamps, closes: NDArray[np.float64], rows: NDArray[np.intp]) -> Overlap:
        """Of prices (N,) whose `rows` (n,) are measured, how many lie on days that were used."""
        measured = dates[rows]
        first, last, validated = (np.datetime64(day) for day in (self.first, self.last, self.validated))
        trained = int(((measured >= first) & (measured <= last)).sum())
        chosen = int(((measured > last) & (measured <= validated)).sum())
        return Overlap(len(rows), trained, chosen, self._same_series(dates, closes))

    def _same_series(self, dates: Stamps, closes: NDArray[np.float64]) -> bool | None:
        """Whether prices changed on the kept days as those did that were trained on, whatever they are divided by."""
        agree = compared = 0
        for day, following, change in self.pairs:
            at = np.searchsorted(dates, np.array([day, following], dates.dtype))
            if at[1] == len(dates) or (str(dates[at[0]]), str(dates[at[1]])) != (day, following):
                continue
            apart = abs(math.log(closes[at[1]] / closes[at[0]]) - change)
            large = abs(change) > 10 * SAME  # of smaller ones only those that are exactly the same tell
            if large or (apart <= EXACT < abs(change)):
                compared += 1
                agree += apart <= SAME
        return None if compared < 3 else agree >= ENOUGH * compared


def _is_stamp(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > 32:
        return False
    try:
        return not np.isnat(np.datetime64(value, "s"))
    except (TypeError, ValueError):  # no date; finer than a second
        return False


def _is_pair(value: Any) -> bool:
    sound = isinstance(value, list) and len(value) == 3 and all(map(_is_stamp, value[:2]))
    return sound and type(value[2]) in (int, float) and abs(value[2]) < 100
