"""Figures as SVG text: a sheet of paper that reads on a dark page as well as on a light one, with words and lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

INK, PALE, PAPER, EDGE = "#222", "#666", "#fdfcf8", "#bdb8ab"
COLOURS = {"f": "#b8400b", "i": "#1b63a5", "g": "#2b7430", "o": "#73399a"}
LIGHT = {"f": "#fdeee4", "i": "#e6f0f9", "g": "#e7f3e6", "o": "#f3eaf8"}
MONO = "Courier New, Courier, monospace"
Point = tuple[float, float]


@dataclass
class Sheet:
    """A figure that grows by what is put on it. Coordinates are from the left and the top."""

    width: int
    height: int
    title: str
    description: str
    parts: list[str] = field(default_factory=list)

    def text(
        self,
        at: Point,
        words: str,
        *,
        size: int = 13,
        colour: str = INK,
        anchor: str = "middle",
        mono: bool = False,
        bold: bool = False,
    ) -> None:
        """Words whose baseline is at a point; anchor: start, middle or end."""
        more = f' font-family="{MONO}"' if mono else ""
        more += ' font-weight="bold"' if bold else ""
        self.parts.append(
            f'<text x="{at[0]:g}" y="{at[1]:g}" text-anchor="{anchor}" font-size="{size}" fill="{colour}"{more}>'
            f"{escape(words)}</text>"
        )

    def box(self, at: Point, size: Point, *, colour: str = INK, fill: str = "#fff", line: float = 2) -> None:
        """A box with round corners, its upper left corner at a point."""
        self.parts.append(
            f'<rect x="{at[0]:g}" y="{at[1]:g}" width="{size[0]:g}" height="{size[1]:g}" rx="7" fill="{fill}"'
            f' stroke="{colour}" stroke-width="{line:g}"/>'
        )

    def path(
        self, points: Sequence[Point], *, colour: str = INK, line: float = 2, arrow: bool = False, dashes: str = ""
    ) -> None:
        """A line through points, with an arrow at its end if it is one."""
        way = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
        more = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.parts.append(f'<path d="{way}" fill="none" stroke="{colour}" stroke-width="{line:g}"{more}/>')
        if arrow:
            self._head(points[-2], points[-1], colour)

    def sign(self, at: Point, shape: str) -> None:
        """A circle with the sign of "times" or "plus" in it."""
        x, y = at
        self.parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="12" fill="#fff" stroke="{INK}" stroke-width="2"/>')
        strokes = {"times": "M-5 -5L5 5M-5 5L5 -5", "plus": "M-6 0H6M0 -6V6"}[shape]
        self.parts.append(
            f'<path transform="translate({x:g} {y:g})" d="{strokes}" stroke="{INK}" stroke-width="2" fill="none"/>'
        )

    def _head(self, start: Point, end: Point, colour: str) -> None:
        (x0, y0), (x, y) = start, end
        length = max(abs(x - x0), abs(y - y0), 1e-9)
        dx, dy = (x - x0) / length, (y - y0) / length
        corners = [(x, y), (x - 9 * dx + 4 * dy, y - 9 * dy - 4 * dx), (x - 9 * dx - 4 * dy, y - 9 * dy + 4 * dx)]
        shown = " ".join(f"{a:g},{b:g}" for a, b in corners)
        self.parts.append(f'<polygon points="{shown}" fill="{colour}"/>')

    def svg(self) -> str:
        """The figure as a file's text."""
        w, h = self.width, self.height
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img"'
            f' aria-labelledby="title description" font-family="Helvetica, Arial, sans-serif">'
        )
        return "\n".join(
            [
                head,
                f'<title id="title">{escape(self.title)}</title>',
                f'<desc id="description">{escape(self.description)}</desc>',
                f'<rect x="1" y="1" width="{w - 2}" height="{h - 2}" rx="12" fill="{PAPER}" stroke="{EDGE}"'
                ' stroke-width="2"/>',
                *self.parts,
                "</svg>\n",
            ]
        )
