"""The pictures of prices: predicted over true closes, the errors below, and what a cursor reads. Plain data.

x counts trading days from the first of the file.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lstm_model.digits import apart
from lstm_model.tasks.stock.paths import PricePaths
from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import Picture
from lstm_tui.charts.view import ALL, LEAST_WIDTH, View
from lstm_tui.wording import PART_WORDS

EMPTY = "The predictions will be drawn here as the model learns."
LAST_DAYS = 120
ASCII_MARKS = {"truth": "*", "train": "o", "val": "x", "test": "@"}  # by role
POINTS_UP_TO = 130  # days
WEEKS_UP_TO = 70  # trading days that get a tick for each week instead of each month
DAYS_UP_TO = np.timedelta64(60, "D")  # of rows within days, up to which each day gets a tick
HOURS_UP_TO = np.timedelta64(60, "h")  # and each hour
MONTHS_UP_TO = 2  # years that get a tick for each month instead of each year

Span = tuple[float, float]  # first and last day


def held_out(paths: PricePaths) -> View:
    """The view of the validation and test parts, to the last day."""
    return View(None, max(LEAST_WIDTH, float(last_day(paths) - paths.parts["val"].start)), None)


def last_days(paths: PricePaths) -> View:
    """The view of the newest days, which training begins with."""
    return View(None, float(min(LAST_DAYS, last_day(paths))), None)


def last_day(paths: PricePaths) -> int:
    """The newest day."""
    return len(paths.closes) - 1


def price_picture(
    paths: PricePaths | None,
    view: View = ALL,
    *,
    errors: bool = False,
    cursor: float | None = None,
    rival: PricePaths | None = None,
    sides: str = "AB",
    points: str | None = None,
    ascii_only: bool = False,
) -> Picture:
    """True closes and predictions, each part in its own colour; with a `rival`, each model in its own instead.

    errors: predicted minus true instead, around a line at zero: uprights while days can be told apart, then bands.
    sides: what the model and the rival are called. points: a mark for each prediction, where they can be told apart.
    ascii_only: without fine dots a prediction is one cell as the truth is. The truth then lies on top, so that what is
    seen of a prediction is where it is off; and each part has its own mark, the same in both pictures.
    """
    if paths is None:
        return Picture(empty="" if errors else EMPTY)
    span = view.span(last_day(paths))
    if rival is None:
        predicted = [(paths, each) for each in _parts(paths, span)]
    else:
        both = zip(sides, (paths, rival), strict=True)
        predicted = [(each, _whole(side, each, span)) for side, each in both]
    if errors:
        series = [_upright(each, model) for model, each in predicted]
    else:
        days = _days(span)
        truth = Series(f"true {paths.noun.row}", days.astype(float), paths.closes[days], "truth")
        shown = [each for _, each in predicted]
        if points and span[1] - span[0] <= POINTS_UP_TO:
            shown = [replace(each, kind="points", marker=points) for each in shown]
        series = [*shown, truth] if ascii_only else [truth, *shown]
    if ascii_only:
        series = [replace(each, marker=ASCII_MARKS.get(each.role)) for each in series]
    return _over_days(paths, span, tuple(series), cursor, zero=errors)


def prices_at(paths: PricePaths, cursor: float, rival: PricePaths | None = None, sides: str = "AB") -> str:
    """Date, true close, prediction and error of the day at the cursor."""
    day = round(min(max(cursor, 0), last_day(paths)))
    true, *predicted = apart(*(float(line[day]) for line in (paths.closes, *_predictions(paths, rival))))
    errors = [line[day] - paths.closes[day] for line in _predictions(paths, rival)]
    told = [_told(*pair) for pair in zip(predicted, errors, strict=True)]
    text = f"{paths.dates[day]}  true {true}"
    return text + (f"  predicted {told[0]}" if rival is None else f"  {sides[0]} {told[0]}  {sides[1]} {told[1]}")


def _predictions(paths: PricePaths, rival: PricePaths | None) -> list[NDArray[np.float64]]:
    return [paths.predicted] if rival is None else [paths.predicted, rival.predicted]


def _told(predicted: str, error: float) -> str:
    """A prediction and its error, with as many digits behind the point."""
    if np.isnan(error):
        return "-"
    behind = len(predicted.partition(".")[2])
    exact = f"{error:+.3e}" if "e" in predicted else f"{error:+,.{behind}f}"
    return f"{predicted}, error {exact}"


def _days(span: Span) -> NDArray[np.intp]:
    return np.arange(int(np.floor(span[0])), int(np.ceil(span[1])) + 1)


def _parts(paths: PricePaths, span: Span) -> list[Series]:
    days = _days(span)
    series = []
    for part, inside in paths.parts.items():
        shown = days[(days >= inside.start) & (days < inside.stop)]
        if shown.size:
            series.append(Series(PART_WORDS[part], shown.astype(float), paths.predicted[shown], part))
    return series


def _whole(side: str, paths: PricePaths, span: Span) -> Series:
    days = _days(span)
    return Series(side, days.astype(float), paths.predicted[days], "val" if side == "A" else "test")


def _upright(predicted: Series, paths: PricePaths) -> Series:
    """From zero to the error and back at every day."""
    errors = predicted.y - paths.closes[predicted.x.astype(int)]
    y = np.stack([np.zeros_like(errors), errors, np.zeros_like(errors)], axis=1).ravel()
    return Series(predicted.label, np.repeat(predicted.x, 3), y, predicted.role)


def _over_days(
    paths: PricePaths, span: Span, series: tuple[Series, ...], cursor: float | None, *, zero: bool = False
) -> Picture:
    days = _days(span)
    borders = [paths.parts[name].start for name in ("val", "test") if paths.parts.get(name)]
    verticals = [(float(border), "mark") for border in borders if span[0] < border < span[1]]
    return Picture(
        series=series,
        x_ticks=date_ticks(paths.dates[days], int(days[0])),
        x_limits=span,
        verticals=(*verticals, *(() if cursor is None else ((cursor, "cursor"),))),
        horizontals=((0.0, "baseline", ""),) if zero else (),
        empty=EMPTY,
    )


def date_ticks(dates: NDArray[np.datetime64], first: int) -> tuple[tuple[float, str], ...]:
    """A tick at the first trading day of each year; of each month, of each week where there are few days.

    Rows within days get one for each day, or hour, or row.
    """
    if len(dates) > 1 and (dates != dates.astype("datetime64[D]")).any() and dates[-1] - dates[0] < DAYS_UP_TO:
        return _ticks_within_days(dates, first)
    units: NDArray[np.datetime64] = dates.astype("datetime64[Y]")
    if len(dates) <= WEEKS_UP_TO:
        units = dates.astype("datetime64[W]")
    elif len(np.unique(units)) <= MONTHS_UP_TO:
        units = dates.astype("datetime64[M]")
    starts = np.flatnonzero(units[1:] != units[:-1]) + 1
    if not starts.size:
        starts = np.array([0])
    shown = dates.astype("datetime64[D]") if len(dates) <= WEEKS_UP_TO else units
    return tuple((float(first + k), str(shown[k])) for k in starts.tolist())


def _ticks_within_days(dates: NDArray[np.datetime64], first: int) -> tuple[tuple[float, str], ...]:
    """Hours as 10:00, days as 01-05; where a day begins among hours, the day."""
    days, span = dates.astype("datetime64[D]"), dates[-1] - dates[0]
    units: NDArray[np.datetime64] = days if span > HOURS_UP_TO else dates.astype("datetime64[h]")
    starts = np.flatnonzero(units[1:] != units[:-1]) + 1
    if starts.size < 2:
        starts = np.arange(len(dates))
    begins = np.append(False, days[1:] != days[:-1])
    texts = [str(date.astype("datetime64[m]")) for date in dates[starts]]
    whole = [span > HOURS_UP_TO or bool(begins[k]) for k in starts]
    labels = [text[5:10] if is_day else text[11:] for text, is_day in zip(texts, whole, strict=True)]
    return tuple((float(first + k), label) for k, label in zip(starts.tolist(), labels, strict=True))
