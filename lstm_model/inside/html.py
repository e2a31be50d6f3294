"""HTML that needs nothing from elsewhere: text in colours, tables, curves and pictures, for a page or a notebook."""

import base64
import math
import struct
import zlib
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Floats

# Told apart by all common kinds of colour blindness, and light enough for black letters.
LOW, MIDDLE, HIGH = (105, 172, 230), (255, 255, 255), (244, 166, 84)
CURVES = ("#1668a8", "#b35c00", "#444444", "#7a9a01", "#9c4f9c", "#00818a", "#777777", "#c43b3b")
WIDTH, HEIGHT, MARGIN = 640, 260, 48  # of curves, in pixels
MARKED = 0.5  # a value so large is underlined as well: colour never carries meaning alone

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72em; margin: 2em auto; padding: 0 1em; color: #222;
       background: #fff; }
h1 { font-size: 1.4em } h2 { font-size: 1.15em; margin-top: 2em } h3 { font-size: 1em; margin-bottom: .3em }
.inside-text { font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
               color: #111; background: #fff; padding: .5em; border: 1px solid #ccc; }
.inside-table { border-collapse: collapse; font-size: 14px } .inside-table td, .inside-table th
 { padding: .15em .8em; border-bottom: 1px solid #ddd; text-align: right }
.inside-table td:first-child, .inside-table th:first-child { text-align: left }
.inside-note { color: #555 }
"""


def document(title: str, sections: Sequence[str]) -> str:
    """A page that stands alone: no script, no font, no picture from elsewhere."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f"<style>{STYLE}</style></head>\n<body><h1>{escape(title)}</h1>\n" + "\n".join(sections) + "\n</body></html>\n"
    )


def note(text: str) -> str:
    """A paragraph that explains."""
    return f'<p class="inside-note">{escape(text)}</p>'


def heading(text: str, level: int = 2) -> str:
    """A heading."""
    return f"<h{level}>{escape(text)}</h{level}>"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table, its heads in the first row."""
    heads, *body = ["".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
                    for tag, row in zip(["th", *["td"] * len(rows)], rows, strict=False)]  # fmt: skip
    lines = "".join(f"<tr>{row}</tr>" for row in body)
    return f'<table class="inside-table"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'


def coloured(labels: Sequence[str], values: Floats, said: Sequence[str] | None = None) -> str:
    """What was read, step by step, each in the colour of its value: blue for -1, white for 0, orange for 1.

    labels: T characters, or words such as dates, which get a space; values: (T,); said: T texts that the mouse brings
    up, the values unless given.
    """
    said = said or [f"{value:+.3f}" for value in values.tolist()]
    apart = " " if any(len(label) > 1 for label in labels) else ""
    spans = [_span(label, value, text) for label, value, text in zip(labels, values.tolist(), said, strict=True)]
    return f'<div class="inside-text" style="{TEXT}">{apart.join(spans)}</div>'


TEXT = "font-family: ui-monospace, monospace; white-space: pre-wrap; color: #111; background: #fff"  # in a notebook too


def _span(label: str, value: float, said: str) -> str:
    red, green, blue = _colour(value)
    line = "; text-decoration: underline" if abs(value) >= MARKED else ""
    shown = "\u00b6\n" if label == "\n" else escape(label)
    return f'<span style="background: rgb({red},{green},{blue}){line}" title="{escape(said)}">{shown}</span>'


def _colour(value: float) -> tuple[int, ...]:
    size = min(1.0, abs(value)) if math.isfinite(value) else 0.0
    end = HIGH if value > 0 else LOW
    return tuple(round(middle + size * (other - middle)) for middle, other in zip(MIDDLE, end, strict=True))


def picture(values: NDArray[np.floating], said: str, scale: int = 2) -> str:
    """A picture of values (R, C) between 0, dark, and 1, light: a pixel each, drawn `scale` times as large."""
    levels = (15 * np.clip(np.nan_to_num(values), 0, 1)).round().astype(np.uint8) * 17  # 16 levels: a third the size
    rows, columns = levels.shape
    raw = np.hstack([np.zeros((rows, 1), np.uint8), levels]).tobytes()  # each row begins with its filter, none
    data = base64.b64encode(_png(raw, columns, rows)).decode()
    return (
        f'<img alt="{escape(said)}" width="{columns * scale}" height="{rows * scale}"'
        f' style="image-rendering: pixelated; max-width: 100%; height: auto" src="data:image/png;base64,{data}"/>'
    )


def _png(raw: bytes, width: int, height: int) -> bytes:
    """A picture in levels of grey as a PNG file (ISO/IEC 15948)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def curves(series: Mapping[str, Floats], x_label: str, y_label: str) -> str:
    """Curves over 0, 1, 2, ..., their values on a log axis; what is not above 0 is left out."""
    points = {name: [(x, math.log10(y)) for x, y in enumerate(values.tolist()) if y > 0 and math.isfinite(y)]
              for name, values in series.items()}  # fmt: skip
    every = [point for line in points.values() for point in line]
    if not every:
        return note("there is nothing to draw: all values are 0")
    right = max(1, *(x for x, _ in every))
    low, high = math.floor(min(y for _, y in every)), math.ceil(max(y for _, y in every) + 1e-9)

    def place(x: float, y: float) -> str:
        across = MARGIN + x / right * (WIDTH - 2 * MARGIN)
        down = HEIGHT - MARGIN - (y - low) / (high - low) * (HEIGHT - 1.5 * MARGIN)
        return f"{across:.1f},{down:.1f}"

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img"'
             f' aria-label="{escape(y_label)} against {escape(x_label)}" font-family="sans-serif" font-size="11">'
             '<rect width="100%" height="100%" fill="#fff"/>']  # fmt: skip
    for power in range(low, high + 1, max(1, (high - low) // 6)):
        (x, y), (end, _) = (place(at, power).split(",") for at in (0, right))
        parts.append(f'<line x1="{x}" y1="{y}" x2="{end}" y2="{y}" stroke="#ddd"/>')
        parts.append(f'<text x="{MARGIN - 6}" y="{y}" text-anchor="end" dominant-baseline="middle">1e{power}</text>')
    for k, (name, line) in enumerate(points.items()):
        colour, dash = CURVES[k % len(CURVES)], "" if k % 2 == 0 else ' stroke-dasharray="6 3"'
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2"{dash}'
                     f' points="{" ".join(place(x, y) for x, y in line)}"/>'
                     f'<text x="{WIDTH - MARGIN - 4}" y="{20 + 15 * k}" text-anchor="end" fill="{colour}">'
                     f"{'- - ' if dash else '— '}{escape(name)}</text>")  # fmt: skip
    middle = WIDTH / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">{escape(x_label)}, 0 to {right}</text>'
                 f'<text x="{MARGIN}" y="14">{escape(y_label)}</text></svg>')  # fmt: skip
    return "".join(parts)
