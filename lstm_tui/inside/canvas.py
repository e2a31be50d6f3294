"""The widget that shows a drawn sheet, and repaints only the rows that changed."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import ClassVar

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from lstm_tui.charts.sheet import Row

# Colours of the 256 that xterm has, so that all terminals show the same. Light and dark tell a gate's value, blue and
# orange a sign: both are told apart by all common kinds of colour blindness. For dark backgrounds and for light ones.
SCALES = {
    ("gate", False): (234, 54, 61, 31, 36, 77, 149, 229),
    ("gate", True): (230, 186, 114, 72, 67, 61, 54, 17),
    ("sign", False): (45, 38, 31, 24, 235, 94, 136, 178, 220),
    ("sign", True): (20, 26, 68, 153, 255, 223, 215, 172, 130),
}
SHADE = re.compile(r"(gate|sign)(\d+)\.(\d+)").fullmatch
ON_SHADE = re.compile(r"on(gate|sign)(\d+)").fullmatch
# Without colour characters on a shade differ by how they stand there: from nothing to all, and from below 0 to above.
WORN = {
    "gate": ("dim", "", "", "", "bold", "bold", "reverse", "reverse"),
    "sign": ("underline bold", "underline bold", "underline", "underline", "", "bold", "bold", "reverse", "reverse"),
}


@lru_cache(1024)
def shade(role: str, *, light: bool, coloured: bool) -> Style | None:
    """The look of a role that `shades` gave out; None for another role."""
    if found := ON_SHADE(role):
        scale, level = found[1], int(found[2])
        if not coloured:
            return Style.parse(WORN[scale][level])
        back = Color.from_ansi(SCALES[scale, light][level])
        red, green, blue = back.get_truecolor()
        ink = 16 if 0.299 * red + 0.587 * green + 0.114 * blue > 120 else 255
        return Style(color=Color.from_ansi(ink), bgcolor=back)
    found = SHADE(role)
    if found is None:
        return None
    colours = SCALES[found[1], light]
    front, back = (Color.from_ansi(colours[int(level)]) for level in found.group(2, 3))
    return Style(color=front, bgcolor=back)


class Canvas(Widget):
    """Rows of cells with roles. Roles that are no shades are component classes, `canvas--` and the role."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "canvas--axis",  # of a chart, as the next three
        "canvas--baseline",
        "canvas--train",
        "canvas--val",
        "canvas--cursor",
        "canvas--faint",
        "canvas--label",
        "canvas--mark",
        "canvas--minus",
        "canvas--plus",
        "canvas--strong",
        "canvas--value",
    }
    DEFAULT_CSS = """
    Canvas {
        width: 1fr;
        height: 1fr;
        .canvas--cursor { color: $accent; text-style: bold reverse; }
        .canvas--faint { color: $text-disabled; }
        .canvas--label, .canvas--axis, .canvas--baseline { color: $text-muted; }
        .canvas--mark { text-style: underline; }
        .canvas--train { color: $primary; }
        .canvas--val { color: $warning; }
        .canvas--strong { color: $foreground; text-style: bold; }
        .canvas--value { color: $foreground; }
        .canvas--minus { color: $primary; text-style: underline; }
        .canvas--plus { color: $warning; text-style: bold; }
        &:light .canvas--plus { color: $text-warning; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        self._styles: dict[str | None, Style] = {}
        super().__init__(id=id)
        self._rows: list[Row] = []
        self._strips: list[Strip | None] = []

    def show(self, rows: Sequence[Row]) -> None:
        """Take other rows."""
        before, self._rows = self._rows, list(rows)
        known = self._strips
        self._strips = [known[y] if y < len(known) and before[y] == row else None for y, row in enumerate(self._rows)]
        changed = [y for y in range(max(len(before), len(rows))) if before[y : y + 1] != self._rows[y : y + 1]]
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def notify_style_update(self) -> None:
        """Forget the coloured rows: the theme has changed."""
        super().notify_style_update()
        self._strips = [None] * len(self._rows)
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """One row in the colours of its roles."""
        if y >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        strip = self._strips[y]
        if strip is None:
            segments = [Segment(text, self.style_of(role)) for text, role in self._rows[y]]
            strip = self._strips[y] = Strip(segments).adjust_cell_length(self.size.width, self.rich_style)
        return strip

    def style_of(self, role: str | None) -> Style:
        """The look of a role; of several, joined by blanks, the later on the earlier."""
        known = self._styles.get(role)
        if known is None:
            known = self.rich_style
            for k, part in enumerate((role or "").split()):
                found = shade(part, light=not self.app.current_theme.dark, coloured=not self.app.no_color)
                if found is None:
                    found = self.get_component_rich_style(f"canvas--{part}", partial=k > 0, default=known)
                known += found
            self._styles[role] = known
        return known
