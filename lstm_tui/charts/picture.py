"""Pictures of curves: plain data in, rows of coloured text out. The only module that knows plotext.

    Series, Picture     what to draw: numbers, labels, and roles that a theme turns into colours
    draw                the picture as rows of runs, for a widget
    plain_text          the same for a pipe: no colour, every curve with a mark of its own

plotext draws the curves, one after the other, on a bare canvas; frame, ticks, legend and reference lines are laid out
here, so that labels never jump, overlap or get cut. A curve costs at most two points a column, however long it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from lstm_tui.charts.axes import (
    GUTTER,
    HUGE,
    LABEL,
    Scale,
    even,
    given_limits,
    limits_around,
    place_x_ticks,
    y_ticks_of,
)
from lstm_tui.charts.curves import BoolArray, DrawableCurve, Series, clean, cut_to, points_of
from lstm_tui.charts.sheet import Row, Sheet, cells_of, short_label

if TYPE_CHECKING:
    from collections.abc import Callable


SMALLEST = (12, 4)  # width and height below which nothing can be read
FINE = "braille"  # plotext's marker of 2 x 4 dots a cell
THICK = "hd"  # and that of 2 x 2 blocks
DOTS_OF = {FINE: (2, 4), THICK: (2, 2)}  # across and down a cell; of all others one
BACKDROP = "faint", "ghost"  # roles that stay fine where lines are thick
SWATCHES = {FINE: ("⠤⠤", "⠂"), THICK: ("▄▄", "▖")}  # in the legend, of lines and of points
LINE_MARKS = "*+x#%=&:"  # for lines where neither colour nor braille tells them apart
POINT_MARKS = "o@$OXQZ"


@dataclass(frozen=True, eq=False)
class Picture:
    """Everything one chart shows. Later series lie over earlier ones."""

    series: tuple[Series, ...] = ()
    x_ticks: tuple[tuple[float, str], ...] | None = None  # None: round numbers; too many are thinned out evenly
    y_log: bool = False  # values and limits stay plain numbers, the axis is logarithmic
    x_limits: tuple[float, float] | None = None
    y_limits: tuple[float, float] | None = None  # what lies outside is drawn along the edge, under an arrow
    x_label: str = ""
    verticals: tuple[tuple[float, str], ...] = ()  # x, role
    horizontals: tuple[tuple[float, str, str], ...] = ()  # y, role, label
    axis_marks: tuple[tuple[float, str, str], ...] = ()  # x, one character, role: marks on the axis itself
    empty: str = "nothing to draw yet"


def draw(picture: Picture, width: int, height: int, ascii_only: bool = False, *, thick: bool = False) -> list[Row]:
    """Draw the picture as `height` rows of `(text, role)` runs, each row exactly `width` cells wide.

    Never raises for what the numbers are. Blanks take the role of the text before them, which saves runs: give roles a
    foreground only. thick: lines of blocks in the place of dots, where there are such. The first call imports plotext,
    about 0.15 s; `preload` does that earlier.
    """
    return _paint(picture, width, height, ascii_only, plain=False, thick=thick).rows()


def plain_text(picture: Picture, width: int, height: int, ascii_only: bool = False) -> str:
    """Draw the picture for a pipe: lines without escape codes, and a mark of its own for each series."""
    rows = _paint(picture, width, height, ascii_only, plain=True).rows()
    return "\n".join("".join(text for text, _ in row).rstrip() for row in rows)


def preload() -> None:
    """Import plotext now, so that the first picture comes without that delay."""
    _plotext()


# --- the layout -------------------------------------------------------------------------------------------------------


def _paint(picture: Picture, width: int, height: int, ascii_only: bool, plain: bool, *, thick: bool = False) -> Sheet:
    """Lay the picture out: legend on the top line, canvas, axis, x labels; y labels and axis at the left."""
    sheet = Sheet(width, height, ascii_only)
    curves = [clean(series, picture.y_log) for series in picture.series]
    x, y, curves = _scales(picture, curves)
    if x is None or y is None or width < SMALLEST[0] or height < SMALLEST[1]:
        sentence = picture.empty if x is None or y is None else "too small"
        sheet.write((height - 1) // 2, max(0, (width - len(sentence)) // 2), sentence, "axis")
        return sheet
    marks = _marks(picture, ascii_only, plain)
    if thick:
        backdrop = [series.role in BACKDROP for series in picture.series]
        marks = [THICK if mark == FINE and not behind else mark for mark, behind in zip(marks, backdrop, strict=True)]
    top = 1 if height > SMALLEST[1] + 1 and _legend(sheet, picture, marks) else 0
    if not picture.y_log:
        y = even(y, height - 2 - top)
    _frame(sheet, picture, x, y, top, whole=all(bool(np.all(curve.x == np.rint(curve.x))) for curve in curves))
    _reference_lines(sheet, picture, x, y, top)
    canvas = slice(top, height - 2), slice(GUTTER, width)
    characters, roles = sheet.characters[canvas], sheet.roles[canvas]  # (rows, columns) views
    taken = np.zeros(characters.shape, dtype=bool)
    for curve, traced in zip(curves, _trace(curves, marks, x, y, *characters.shape), strict=True):
        drawn = (traced != ord(" ")) & (traced != ord("\u2800"))
        characters[drawn] = traced[drawn]
        roles[drawn] = sheet.role(curve.series.role)
        taken |= drawn
    for curve in curves:
        _arrows(sheet, curve, x, y, top)
    _reference_labels(sheet, picture, y, top, taken)
    return sheet


def _legend(sheet: Sheet, picture: Picture, marks: list[str]) -> bool:
    """Write the legend at the right of the top line, closer and shortened until it fits; False where there is none."""
    entries: dict[tuple[str, str], str] = {}
    for series, mark in zip(picture.series, marks, strict=True):
        line = series.kind == "line"
        swatch = SWATCHES[mark][not line] if mark in SWATCHES else mark * (2 if line else 1)
        if series.label:
            entries.setdefault((swatch, series.label), series.role)
    whole = max((len(label) for _, label in entries), default=0)
    for longest, apart in [(whole, 2)] + [(longest, 1) for longest in range(whole, 0, -1)]:
        texts = [f"{swatch[:apart]} {short_label(label, longest)}" for swatch, label in entries]
        start = sheet.width - sum(len(text) + apart for text in texts) + apart
        if texts and start >= 0:
            for text, role in zip(texts, entries.values(), strict=True):
                sheet.write(0, start, text, role)
                start += len(text) + apart
            return True
    return False


def _frame(sheet: Sheet, picture: Picture, x: Scale, y: Scale, top: int, whole: bool) -> None:
    """Draw axes, ticks, and labels."""
    side, left, corner, floor, below = "|++-+" if sheet.ascii_only else "│┤└─┬"
    bottom, columns = sheet.height - 2, sheet.width - GUTTER
    rows = bottom - top
    for row in range(top, bottom):
        sheet.write(row, LABEL, side, "axis")
    for value, label in y_ticks_of(y, rows, picture.y_log):
        sheet.write(bottom - 1 - y.cell(value, rows, 4), 0, label.rjust(LABEL) + left, "axis")
    sheet.write(bottom, LABEL, corner + floor * columns, "axis")
    name = f" {short_label(picture.x_label, columns // 2)}" if picture.x_label and columns >= SMALLEST[0] else ""
    for column, start, label in place_x_ticks(picture.x_ticks, x, columns, whole):
        if column >= columns - len(name):
            continue  # the name of x stands there, and a label without its tick would point to nothing
        sheet.write(bottom, GUTTER + column, below, "axis")
        sheet.write(bottom + 1, start, label, "axis")
    for value, mark, role in picture.axis_marks:
        if x.low <= value <= x.high:
            sheet.write(bottom, GUTTER + x.cell(value, columns, 2), mark[:1], role)
    if name:
        sheet.write(bottom, sheet.width - len(name), name, "axis")


def _reference_lines(sheet: Sheet, picture: Picture, x: Scale, y: Scale, top: int) -> None:
    """Draw the reference lines that the curves will cover."""
    dots, dashes = ":-" if sheet.ascii_only else "┊╌"
    bottom, columns = sheet.height - 2, sheet.width - GUTTER
    rows = bottom - top
    for value, role, _ in picture.horizontals:
        if (level := _level(value, y, rows, picture.y_log)) is not None:
            sheet.write(top + level, GUTTER, dashes * columns, role)
    for value, role in picture.verticals:
        if x.low <= value <= x.high:
            for row in range(top, bottom):
                sheet.write(row, GUTTER + x.cell(value, columns, 2), dots, role)


def _arrows(sheet: Sheet, curve: DrawableCurve, x: Scale, y: Scale, top: int) -> None:
    """Point to where a curve leaves the picture: upward at its top, downward at its bottom."""
    for outside, row, arrow in ((curve.y > y.high, top, "↑^"), (curve.y < y.low, sheet.height - 3, "↓v")):
        columns = np.unique(x.dots(curve.x[outside], 2 * (sheet.width - GUTTER)) // 2)
        for column in columns.tolist():
            sheet.write(row, GUTTER + column, arrow[sheet.ascii_only], curve.series.role)


def _reference_labels(sheet: Sheet, picture: Picture, y: Scale, top: int, taken: BoolArray) -> None:
    """Write the names of the reference lines, each at the end where it hides less of the curves."""
    rows, columns = taken.shape
    for value, role, name in picture.horizontals:
        level = _level(value, y, rows, picture.y_log)
        if name and level is not None:
            label = f" {short_label(name, columns // 2)} "
            places = max(columns - len(label) - 1, 0), 0
            hidden = [int(taken[level, place : place + len(label)].sum()) for place in places]
            sheet.write(top + level, GUTTER + places[hidden.index(min(hidden))], label, role)


def _level(value: float, y: Scale, rows: int, log: bool) -> int | None:
    """Canvas row of a reference line, None where it lies outside."""
    if log:
        value = math.log10(value) if value > 1 / HUGE else math.nan
    return rows - 1 - y.cell(value, rows, 4) if y.low <= value <= y.high else None


def _marks(picture: Picture, ascii_only: bool, plain: bool) -> list[str]:
    """Choose the marker of each series; where braille or colour is missing, each look gets a character of its own."""
    alone = ascii_only or plain
    spare = {"line": chain("." if ascii_only else [FINE], LINE_MARKS * 99), "points": chain(POINT_MARKS * 99)}
    chosen: dict[tuple[str, str, str, str | None], str] = {}
    for series in picture.series:
        look = series.kind, series.role, series.label, series.marker
        taken = set(chosen.values()) if alone and len(chosen) < len(LINE_MARKS) else set()
        wish = series.marker if series.marker is not None and len(series.marker) == 1 else " "
        if look in chosen:
            continue
        if wish == " " or cells_of(wish, ascii_only) != wish or wish in taken:
            wish = next((mark for mark in spare[series.kind] if mark not in taken), "?") if alone else FINE
        chosen[look] = wish
    return [chosen[series.kind, series.role, series.label, series.marker] for series in picture.series]


def _scales(picture: Picture, curves: list[DrawableCurve]) -> tuple[Scale | None, Scale | None, list[DrawableCurve]]:
    """Find both axes, None where there is nothing to show, and cut the curves to the limits of x."""
    known = [curve.x[np.isfinite(curve.y)] for curve in curves]
    x = limits_around(np.concatenate([*known, np.empty(0)]), 20 if picture.x_ticks is None else None)
    if x is None:
        return None, None, curves
    x = given_limits(picture.x_limits, log=False) or x
    curves = [cut_to(curve, x) for curve in curves]
    shown = np.concatenate([curve.y for curve in curves])
    if not np.isfinite(shown).any():
        return x, None, curves
    references = [value for value, _, _ in picture.horizontals if abs(value) < HUGE]
    if picture.y_log:
        references = [math.log10(value) for value in references if value > 1 / HUGE]
    return x, given_limits(picture.y_limits, picture.y_log) or limits_around(np.append(shown, references), 40), curves


# --- the canvas -------------------------------------------------------------------------------------------------------


@cache
def _plotext() -> tuple[Any, Callable[..., Any], Any]:
    """Import plotext, which takes 0.15 s; also a marker that is cheap to repeat, and a terminal without limits.

    plotext copies the marker of a signal once for each point, and its kernel then copies it again; a marker that is its
    own copy saves the first. The size of the real terminal would clip the picture.
    """
    import plotext

    pen = type("Pen", (plotext.marker,), {"__copy__": lambda self: self})
    terminal = type(plotext.terminal)()
    terminal.limit(False, False)
    return plotext, pen, terminal


def _canvas(rows: int, columns: int) -> Any:
    """Make a figure that is nothing but canvas, one cell a unit, y downward; plotext's shared one stays untouched."""
    plotext, _, terminal = _plotext()
    figure = type(plotext.figure)(parent=terminal)
    figure.plot_size(columns, rows).axes(False).canvas("default")
    for axis, cells in ((0, columns), (1, rows)):
        figure.ruler(axis, 0).frequency(0).alignment(lim="edge").lim(0, cells)
    figure.ruler(1, 0).direction(-1)
    return figure


def _trace(
    curves: list[DrawableCurve], marks: list[str], x: Scale, y: Scale, rows: int, columns: int
) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint32]]:
    """Let plotext draw every curve, each on a canvas of its own; (curves, rows, columns) code points.

    The canvases are one tall figure, cut afterwards: building a figure has a price of its own. Every call into the
    kernel lets other threads run and then waits for them, so the calls are kept few: two for each point.
    """
    _, pen, _ = _plotext()
    figure = _canvas(rows * len(curves), columns)
    for index, (curve, mark) in enumerate(zip(curves, marks, strict=True)):
        across, down, joined = points_of(curve, DOTS_OF.get(mark, (1, 1)), x, y, rows, columns)
        signal = figure.signal(across.tolist(), (down + index * rows).tolist(), marker=pen(mark))
        if joined.any():
            signal.lines()
            for gap in np.flatnonzero(~joined[1:]) + 1:
                signal.line(int(gap), False)
        signal._get_unique_pixels = list  # noqa: SLF001  draw() would ask every point for its colour, to no use here
        figure.draw(signal)
    text = figure.build().string(colorless=True)
    return np.frombuffer(text.encode("utf-32-le"), "<u4").reshape(len(curves), rows, columns + 1)[:, :, :-1]
