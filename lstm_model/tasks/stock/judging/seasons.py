"""Seasons of a series: how many rows lie between an hour, a day or a month and the same one before."""

import numpy as np
from numpy.typing import NDArray

from lstm_model.tasks.stock.series.calendar import step_word

DAY = 86_400  # seconds
# Rows of a season by what lies between two rows, and how far apart in seconds two such rows are, at least and at most.
_SEASONS = {
    "hour": (24, DAY, DAY),
    "day": (7, 7 * DAY, 7 * DAY),
    "month": (12, 365 * DAY - 3 * DAY, 366 * DAY + 3 * DAY),
    "quarter": (4, 365 * DAY - 3 * DAY, 366 * DAY + 3 * DAY),
}
USUAL = 0.9  # the share of rows that must lie a season after the one they repeat


def season_of(dates: NDArray[np.datetime64]) -> int | None:
    """How many rows a season has: 24 hours of a day, 7 days of a week, 12 months or 4 quarters of a year.

    None for other steps, and where the rows leave out a part of the season, as prices do that rest at night or on
    weekends: there the row 7 before is not of the same weekday.
    """
    rows, least, most = _SEASONS.get(step_word(dates), (0, 0, 0))
    if not 0 < rows < len(dates):
        return None
    apart = (dates[rows:] - dates[:-rows]).astype("timedelta64[s]").astype(np.int64)
    return rows if np.mean((apart >= least) & (apart <= most)) >= USUAL else None
