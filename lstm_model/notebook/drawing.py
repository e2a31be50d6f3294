"""Curves as a picture that a notebook shows by itself: SVG, with nothing from elsewhere."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.errors import InputError
from lstm_model.storage.files import write_whole
from lstm_model.storage.home import expanded

WIDTH, HEIGHT = 640, 260  # pixels
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 30, 40
COLOURS = ("#9aa5b1", "#1668a8", "#b35c00", "#444444")  # told apart by all common kinds of colour blindness
MOST_POINTS = 600  # of a line: more than there are pixels would be bytes for nothing


@dataclass(frozen=True, eq=False)
class Line:
    """A curve: x (N,) that rises, y (N,); NaN is a gap."""

    name: str
    x: Floats
    y: Floats


@dataclass(frozen=True, eq=False, repr=False)
class Picture:
    """Curves over one axis. marks: texts at the ends of that axis, the values themselves unless given."""

    lines: Sequence[Line]
    x_label: str
    y_label: str
    marks: tuple[str, str] | None = None
    _drawn: list[str] = field(default_factory=list)

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        if not self._drawn:
            self._drawn.append(_svg(self))
        return self._drawn[0]

    def __repr__(self) -> str:
        return f"<Picture: {self.y_label} over {self.x_label}; save(FILE.svg) writes it>"

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        return self.svg

    def save(self, file: str | Path) -> Path:
        """Write it as an SVG file, whole; a file that is there is replaced. Returns its path.

        InputError unless the name ends in .svg, OSError if it cannot be written.
        """
        path = expanded(Path(file))
        if path.suffix.lower() != ".svg":
            raise InputError(f"{path}: the picture is SVG, and so must the name end")
        write_whole(path, self.svg.encode())
        return path


def _svg(picture: Picture) -> str:
    lines = [line for line in (_thinned(line) for line in picture.lines) if np.isfinite(line.y).any()]
    said = escape(f"{picture.y_label} over {picture.x_label}")
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img"'
        f' aria-label="{said}" font-family="sans-serif" font-size="11" style="max-width:100%;height:auto">'
        '<rect width="100%" height="100%" fill="#fff"/>'
    )
    if not lines:
        return f'{head}<text x="{WIDTH / 2}" y="{HEIGHT / 2}" text-anchor="middle">nothing to draw yet</text></svg>'
    xs = np.concatenate([line.x for line in lines])
    ys = np.concatenate([line.y[np.isfinite(line.y)] for line in lines])
    left, right = float(xs.min()), float(max(xs.max(), xs.min() + 1))
    ticks = _ticks(float(ys.min()), float(ys.max()))
    low, high = ticks[0], ticks[-1]

    def across(x: float) -> float:
        return LEFT + (x - left) / (right - left) * (WIDTH - LEFT - RIGHT)

    def down(y: float) -> float:
        return HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [
        head,
        *(
            f'<path d="M{LEFT} {down(tick):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
            f'<text x="{LEFT - 6}" y="{down(tick) + 4:.1f}" text-anchor="end">{tick:,.4g}</text>'
            for tick in ticks
        ),
    ]
    at = LEFT
    for k, line in enumerate(lines):
        colour = COLOURS[k % len(COLOURS)]
        parts.append(f'<path d="{_path(line, across, down)}" fill="none" stroke="{colour}" stroke-width="1.6"'
                     ' stroke-linejoin="round" stroke-linecap="round"/>'
                     f'<path d="M{at} 14h18" stroke="{colour}" stroke-width="3"/>'
                     f'<text x="{at + 23}" y="18">{escape(line.name)}</text>')  # fmt: skip
        at += 40 + 7 * len(line.name)
    begin, end = picture.marks or (f"{left:,.0f}", f"{right:,.0f}")
    foot = HEIGHT - BOTTOM + 16
    parts.append(f'<text x="{LEFT}" y="{foot}">{escape(begin)}</text>'
                 f'<text x="{WIDTH - RIGHT}" y="{foot}" text-anchor="end">{escape(end)}</text>'
                 f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">{said}</text></svg>')  # fmt: skip
    return "".join(parts)


def _thinned(line: Line) -> Line:
    """The line with at most MOST_POINTS: means of neighbours."""
    width = math.ceil(len(line.x) / MOST_POINTS)
    if width <= 1:
        return line
    ends = np.arange(0, len(line.x), width)
    counts = np.diff(np.append(ends, len(line.x)))
    return Line(line.name, np.add.reduceat(line.x, ends) / counts, np.add.reduceat(line.y, ends) / counts)


def _path(line: Line, across: Callable[[float], float], down: Callable[[float], float]) -> str:
    path, pen = [], "M"
    for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True):
        if not math.isfinite(y):
            pen = "M"
            continue
        path.append(f"{pen}{across(x):.1f} {down(y):.1f}{'h.1' if pen == 'M' else ''}")  # a point alone is a dot
        pen = "L"
    return "".join(path)


def _ticks(low: float, high: float) -> list[float]:
    """Round values from below `low` to above `high`, some five of them."""
    span = high - low or abs(high) or 1.0
    size = 10.0 ** math.floor(math.log10(span / 4))
    step = next(size * times for times in (1, 2, 2.5, 5, 10) if size * times * 5 >= span)
    first = math.floor(low / step + 1e-9)
    last = max(first + 1, math.ceil(high / step - 1e-9))
    return [k * step for k in range(first, last + 1)]
