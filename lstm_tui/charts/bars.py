"""Numbers as horizontal bars from zero, one row each. Plain text."""

import math

from lstm_tui.charts.sheet import cells_of, short_label
from lstm_tui.wording import figure

NUMBER = 6  # cells, with a blank before
SHORTEST = 4  # cells of a bar, below which the names are cut


def bar_rows(values: list[tuple[str, float]], width: int, *, ascii_only: bool = False, digits: int = 2) -> list[str]:
    """Rows of name, bar and number, together `width` cells; the longest bar is the largest number's."""
    if not values:
        return []
    names = max(4, min(max(len(name) for name, _ in values), width - NUMBER - SHORTEST - 1))
    room = max(1, width - names - NUMBER - 1)
    largest = max((value for _, value in values if math.isfinite(value)), default=0.0) or 1.0
    rows = []
    for name, value in values:
        share = min(1.0, max(0.0, value / largest)) if math.isfinite(value) else 1.0
        bar = _eighths(share * room, ascii_only=ascii_only)
        label = cells_of(short_label(name, names), ascii_only)
        rows.append(f"{label:<{names}} {bar:<{room}}{figure(value, digits):>{NUMBER}}")
    return rows


def bar_of(value: float, most: float, room: int, *, ascii_only: bool = False) -> str:
    """A bar of at most `room` cells, which stand for `most`; what is more than nothing is seen."""
    if not room or not most or not value > 0 or not math.isfinite(value):
        return ""
    share = min(1.0, value / most) if math.isfinite(most) else 0.0
    return _eighths(share * room, ascii_only=ascii_only)


def _eighths(length: float, *, ascii_only: bool) -> str:
    """A bar of so many cells to an eighth of one; at least an eighth, or in ASCII a whole one, so that it is seen."""
    if ascii_only:
        return "#" * max(1, round(length))
    whole, rest = divmod(max(1, round(8 * length)), 8)
    return "█" * whole + " ▏▎▍▌▋▊▉"[rest].strip()
