"""A reading as a page: characters in rows, each on a shade, with a cursor; or, of days, bars side by side."""

from collections.abc import Sequence

import numpy as np

from lstm_model.arrays import Floats
from lstm_tui.charts.sheet import Sheet
from lstm_tui.inside.labels import shown_label
from lstm_tui.inside.shades import Scale, levels
from lstm_tui.inside.windows import scrolled, window

EIGHTHS = " ▁▂▃▄▅▆▇█"
BLOCKS = " .:-=+*##"  # the same in ASCII


class Page:
    """The rows of a text of a width: after each new line, and where a row is full."""

    def __init__(self, labels: Sequence[str], width: int) -> None:
        self.rows: list[range] = []
        start = 0
        for k, label in enumerate(labels):
            if label == "\n" or k - start == width - 1:
                self.rows.append(range(start, k + 1))
                start = k + 1
        if start < len(labels):
            self.rows.append(range(start, len(labels)))

    def row_of(self, step: int) -> int:
        """The row that a step stands in."""
        return next((k for k, row in enumerate(self.rows) if step in row), 0)

    def beside(self, step: int, rows: int) -> int:
        """The step so many rows below, or above, as far along its row."""
        if not self.rows:
            return step
        now = self.row_of(step)
        to = self.rows[min(max(0, now + rows), len(self.rows) - 1)]
        return min(to.start + step - self.rows[now].start, to.stop - 1)


def draw_page(
    sheet: Sheet,
    page: Page,
    top: int,
    labels: Sequence[str],
    roles: Sequence[str],
    cursor: int,
    *,
    ascii_only: bool = False,
) -> int:
    """Draw the rows that fit, with the cursor's among them; gives the first that is shown. roles: one a step."""
    top = scrolled(top, page.row_of(cursor), len(page.rows), sheet.height)
    numbers = {name: sheet.role(name) for name in {*roles, "cursor"}}
    codes = {label: ord(shown_label(label, ascii_only=ascii_only)) for label in set(labels)}
    for y, row in enumerate(page.rows[top : top + sheet.height]):
        sheet.characters[y, : len(row)] = [codes[labels[step]] for step in row]
        sheet.roles[y, : len(row)] = [numbers["cursor" if step == cursor else roles[step]] for step in row]
    return top


def shades_of(values: Floats, scale: Scale) -> list[str]:
    """The roles of characters on a shade, one for each value."""
    return [f"on{scale}{level}" for level in levels(values, scale).tolist()]


def draw_bars(
    sheet: Sheet,
    values: Floats,
    labels: Sequence[str],
    cursor: int,
    *,
    largest: float | None = None,
    ascii_only: bool = False,
) -> None:
    """Values (T,) as bars side by side, those below 0 hanging down, the cursor's marked; first and last label below.

    largest: the size of a bar of full height; None: of the largest value.
    """
    T, per, height = len(values), 1, sheet.height
    while (per + 1) * T <= sheet.width:
        per += 1
    begin = window(cursor, T, sheet.width // per)
    shown = values[begin : begin + sheet.width // per]
    most = largest or float(np.abs(values).max(initial=0)) or 1.0
    signed = bool((values < 0).any())
    up = max(1, (height - 2) // 2 if signed else height - 2)
    down = max(1, height - 2 - up) if signed else 0
    glyphs = BLOCKS if ascii_only else EIGHTHS
    for k, value in enumerate(shown.tolist()):
        role = "cursor" if begin + k == cursor else "minus" if value < 0 else "plus"
        size, room = abs(value) / most, down if value < 0 else up
        eighths = round(min(1.0, size) * room * 8)
        for y in range(room):
            part = min(8, max(0, eighths - 8 * y))
            if not part:
                break
            if value < 0:  # blocks grow upward only: hanging bars are whole blocks, rounded
                row, glyph = up + y, glyphs[8] if part >= 4 else glyphs[0]
            else:
                row, glyph = up - 1 - y, glyphs[part]
            if glyph != " ":
                sheet.write(row, k * per, glyph * max(1, per - 1), role)
    foot = up + down
    sheet.write(foot, (cursor - begin) * per, "▲", "strong")
    last = labels[begin + len(shown) - 1]
    sheet.write(foot + 1, 0, labels[begin], "label")
    sheet.write(foot + 1, max(len(labels[begin]) + 2, len(shown) * per - len(last)), last, "label")
