"""Prices as they were, and as a model would have said them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lstm_model.tasks.stock.series.noun import PRICE, Noun


@dataclass(frozen=True, eq=False)
class Outlook:
    """What a model says for one horizon: of every day's close, and of one after the last."""

    predicted: NDArray[np.float64]  # (N,) of each day, said `horizon` days before it; NaN for days without a window
    next_date: np.datetime64
    next_close: float


@dataclass(frozen=True, eq=False)
class PricePaths:
    """Closes as they were, and as the model would have said them: `predicted` for the first of its horizons."""

    dates: NDArray[np.datetime64]  # (N,)
    closes: NDArray[np.float64]  # (N,)
    predicted: NDArray[np.float64]  # (N,), NaN for days without a window
    parts: dict[str, range]  # days of each part
    next_date: np.datetime64
    next_close: float
    outlooks: dict[int, Outlook] = field(default_factory=dict)  # by horizon in days, all of the model's
    noun: Noun = PRICE  # what they are called

    @property
    def horizon(self) -> int:
        """How many days ahead `predicted` looks."""
        return next(iter(self.outlooks), 1)

    def judged_days(self, part: str) -> range:
        """The days of a part by which it is judged: the forecast, too, was made within the part."""
        days = self.parts[part]
        return range(days.start + self.horizon - 1, days.stop)
