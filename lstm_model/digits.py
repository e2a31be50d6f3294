"""Numbers with the digits that tell neighbours apart: 7.80041 beside 7.80038, 1.407e-05 beside 1.406e-05."""

import math
from itertools import pairwise

ROUNDING = 1e-12  # numbers nearer to each other than this, as a share of the larger, differ by rounding
MOST_DIGITS = 12  # digits beyond the usual ones: float64 holds no more of a number than 17
SMALLEST_PLAIN, LARGEST_PLAIN = 1e-3, 1e7  # below and from these on a number is written with an exponent


def apart(*values: float | None, width: int | None = None) -> list[str]:
    """Write numbers that a reader compares, all as exactly as the two that are hardest to tell apart need.

    Each has four digits that matter or more, and two behind the point or more: 7.800, 555.01, 1,234.50, 2.717e+07. A
    number that is unknown (None) is a dash. With a width, none is longer because of its neighbours.
    """
    numbers = sorted({value for value in values if value is not None and math.isfinite(value)})
    neighbours = [(a, b) for a, b in pairwise(numbers) if not alike(a, b)]
    more = 0
    while more < MOST_DIGITS and any(number(a, more) == number(b, more) for a, b in neighbours):
        more += 1
    while more and width is not None and any(len(number(value, more)) > width for value in numbers):
        more -= 1
    return [number(value, more) for value in values]


def alike(a: float, b: float) -> bool:
    """Whether two numbers are the same but for rounding."""
    return abs(a - b) <= ROUNDING * max(abs(a), abs(b))


def number(value: float | None, more: int = 0) -> str:
    """One number as `apart` writes it, with so many digits more than the usual ones."""
    if value is None:
        return "-"
    if not math.isfinite(value):
        return "no number"
    size = abs(value)
    if size == 0:
        return "0"
    if not SMALLEST_PLAIN <= size < LARGEST_PLAIN:
        return f"{value:.{3 + more}e}"
    return f"{value:,.{max(2, 3 - math.floor(math.log10(size))) + more}f}"
