"""Values as shades: roles of cells that a canvas colours, or characters where there are no colours.

A role is a scale and two levels, of the character and of what is behind it: "gate6.0". Half a block is then two values,
one above the other. A canvas has the colours of each scale.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Floats
from lstm_tui.charts.sheet import Sheet

Scale = Literal["gate", "sign"]  # from 0 to 1; from -1 to 1
LEVELS = {"gate": 8, "sign": 9}
# Between the levels of a gate, about evenly apart in log-odds: from 0.9 to 0.99 memory lasts ten times as long.
EDGES = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)
RAMP = " .:-+*#@"  # the levels of a gate where there is no colour
HALF = ord("▀")
MOST_BITS = 6.0  # of surprise have the last shade, about those of a guess among all characters


def levels(values: Floats, scale: Scale) -> NDArray[np.intp]:
    """The level of each value, from 0: values beyond the scale's ends have the last one, and no number the first."""
    if scale == "gate":
        return np.digitize(np.nan_to_num(values), EDGES)
    n = LEVELS[scale]
    return np.clip((np.nan_to_num(values + 1) / 2 * n).astype(np.intp), 0, n - 1)


def role(scale: Scale, front: int, back: int) -> str:
    """The role of a cell whose character has one level, on another."""
    return f"{scale}{front}.{back}"


def rows_per_cell(*, plain: bool) -> int:
    """How many rows of values a row of cells shows."""
    return 1 if plain else 2


def paint(sheet: Sheet, row: int, column: int, values: Floats, scale: Scale, *, plain: bool) -> None:
    """Draw values (R, C) from a cell on, a column each; two rows of values in a row of cells, or one where plain."""
    R, C = values.shape
    if not values.size:
        return
    if plain:
        ramp = np.array([ord(character) for character in RAMP], np.uint32)
        sheet.characters[row : row + R, column : column + C] = ramp[levels(np.abs(values), "gate")]
        sheet.roles[row : row + R, column : column + C] = sheet.role("value")
        return
    found = levels(values, scale)
    if R % 2:
        found = np.vstack([found, found[-1:] * 0 + (LEVELS[scale] // 2 if scale == "sign" else 0)])
    upper, lower = found[0::2], found[1::2]
    codes = upper * LEVELS[scale] + lower
    table = np.full(LEVELS[scale] ** 2, -1, np.int16)
    for code in np.unique(codes).tolist():
        table[code] = sheet.role(role(scale, *divmod(code, LEVELS[scale])))
    here = slice(row, row + len(upper)), slice(column, column + C)
    sheet.characters[here] = HALF
    sheet.roles[here] = table[codes]


def surprise_level(bits: float) -> int:
    """The level of a surprise among those of a gate: evenly apart, from 0 to MOST_BITS and beyond."""
    return min(int(bits / MOST_BITS * LEVELS["gate"]), LEVELS["gate"] - 1)


def on_surprise(bits: float) -> str:
    """The role of a character on the shade of its surprise: dark on light, light on dark."""
    level = surprise_level(bits)
    return role("gate", 0 if level >= LEVELS["gate"] // 2 else LEVELS["gate"] - 1, level)
