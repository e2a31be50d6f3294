"""A curve in one row of cells: how high its blocks are says how high it is. Plain numbers in, text out."""

import math
from collections.abc import Sequence

BLOCKS, PLAIN = "▁▂▃▄▅▆▇█", "_.:-=+*#"
BEND = 0.5  # power of the height: late losses lie close together at the bottom, where it then rises faster


def sparkline(
    points: Sequence[tuple[float, float]], cells: int, limits: tuple[float, float], *, ascii_only: bool = False
) -> str:
    """Points (share of the way, value), shares rising, as cells from 0 to 1; what was not reached stays blank.

    limits: the values of the lowest and the highest block; what lies outside is drawn as these.
    """
    marks = PLAIN if ascii_only else BLOCKS
    low, high = limits
    line = ""
    for cell in range(cells):
        start, stop = cell / cells, (cell + 1) / cells
        before = [value for share, value in points if share <= stop + 1e-9]
        if not before or points[-1][0] <= start + 1e-9:
            line += " "
            continue
        value = before[-1]
        height = min(1.0, max(0.0, (value - low) / (high - low))) if high > low and math.isfinite(value) else 1.0
        line += marks[round((len(marks) - 1) * height**BEND)]
    return line
