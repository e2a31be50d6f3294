"""Sends the terminal only the cells that differ from what it shows.

Textual sends a line again from the left edge of a widget to the last cell that changed, and spells out the colours of
every piece of it. On a chart that moves, this is ten times what the terminal needs to know, and over a slow link every
byte counts. So the app keeps what it last sent, cell by cell, and of each of Textual's updates it passes on what is
new: curses has worked like this since 1980. All widgets gain from it, and none needs to know.

    Textual's update -> pieces of lines -> cells -> those that differ -> cursor moves, colours, characters

It is also where all that the app shows goes out, so nothing that could steer the terminal gets past it, wherever it
came from. And since terminals differ in how wide they draw emoji and letters under marks, the cursor is put where the
next cell is after each of them: whatever such a character looks like, what stands right of it stays in its place.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from rich.cells import cell_len, get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from lstm_tui.visible import visible

Piece = tuple[int, int, Strip]  # row, column, what is to stand from there on
NEAR = 4  # cells: so short a gap is sent again, which takes no more than a move over it
END = "\x1b[0m"


class CellStyle(NamedTuple):
    """How a cell looks, as parameters of SGR (ECMA-48, 8.3.117): attributes such as bold, foreground, background."""

    attributes: str = ""
    foreground: str = ""
    background: str = ""


PLAIN = CellStyle()
UNKNOWN = "", CellStyle("unknown")
# Text of which each character takes one cell, as nearly all has: Latin letters, lines, blocks, braille.
SINGLE = re.compile(
    r"[ -~\u00a1-\u00ac\u00ae-\u02ff\u2026\u2191\u2193\u23ce\u2500-\u25ff\u2605\u2800-\u28ff]*"
).fullmatch
StyledCell = tuple[str, CellStyle]  # a wide character stands in its first cell, and the one behind it holds ""


class Painter:
    """What the terminal shows, and how it comes to show something else.

    `sent` counts the bytes of all updates. ascii_only: whatever is not ASCII is replaced by what looks most like it.
    """

    def __init__(self, *, ascii_only: bool = False) -> None:
        self._rows: dict[int, list[StyledCell]] = {}
        self._cells = _ascii_cells if ascii_only else _cells
        self.sent = 0

    def forget(self) -> None:
        """Take nothing for granted: the terminal was resized, or somebody else wrote to it."""
        self._rows.clear()

    def tighten(self, update: Any) -> Any:
        """Give an update that shows the same with less; what is not known here stays as it is."""
        if isinstance(update, ChopsUpdate):
            return _Tight(self, _chops(update))
        if isinstance(update, LayoutUpdate):
            return _Tight(self, _layout(update))
        if update is not None:
            self.forget()
        return update

    def paint(self, pieces: Iterable[Piece], color_system: ColorSystem) -> str:
        """Write what the pieces change, and note that it is shown now."""
        out: list[str] = []
        look: CellStyle | None = None  # that of the terminal; unknown at the start
        line, at = -1, -1  # where its cursor is
        for y, x, strip in pieces:
            cells = self._cells(strip, color_system)
            row = self._rows.setdefault(y, [])
            row += [UNKNOWN] * (x + len(cells) - len(row))
            x, cells = _with_halves(row, x, cells)
            before = row[x : x + len(cells)]
            if before == cells:
                continue
            row[x : x + len(cells)] = cells
            for start, stop in _runs(before, cells):
                if y != line or x + start < at:
                    out.append(f"\x1b[{y + 1};{x + start + 1}H")
                elif x + start > at:
                    out.append(f"\x1b[{x + start - at}C")
                for k, (text, wanted) in enumerate(cells[start:stop], x + start):
                    if wanted != look and not _serves(look, text, wanted):
                        out.append(_change(look, wanted))
                        look = wanted
                    out.append(text if _sure(text) else _placed(text, k))
                line, at = y, x + stop
        if not out:
            return ""
        written = "".join([*out, END])
        self.sent += len(written.encode())
        return written


class _Tight(CompositorUpdate):
    """An update of Textual's, worked out at the moment it is sent."""

    def __init__(self, painter: Painter, pieces: Iterable[Piece]) -> None:
        self._painter, self._pieces = painter, pieces

    def render_segments(self, console: Console) -> str:
        return self._painter.paint(self._pieces, getattr(console, "_color_system", None) or ColorSystem.TRUECOLOR)


def _layout(update: LayoutUpdate) -> Iterator[Piece]:
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            yield y, x, strip
            x += strip.cell_length


def _chops(update: ChopsUpdate) -> Iterator[Piece]:
    """Cut each strip to the span that is to be updated, also at its left, which Textual leaves out."""
    for y, first, last in update.spans:
        for (x, strip), end in zip(update.chops[y].items(), update.chop_ends[y], strict=False):
            start, stop = max(x, first), min(end, last)
            if strip is not None and start < stop:
                yield y, start, strip.crop(start - x, stop - x)


def _with_halves(row: list[StyledCell], x: int, cells: list[StyledCell]) -> tuple[int, list[StyledCell]]:
    """Cells for column x of a row; where they cut a wide character of it in two, a blank for the half that is left."""
    end = x + len(cells)
    if cells and end < len(row) and row[end][0] == "" and row[end] != UNKNOWN:
        cells = [*cells, (" ", row[end][1])]
    if cells and x and row[x][0] == "" and row[x] != UNKNOWN:
        return x - 1, [(" ", row[x][1]), *cells]
    return x, cells


@lru_cache(4096)
def _sure(text: str) -> bool:
    """Whether all terminals give a cell's text the same width: one character, and no symbol that may be an emoji."""
    return bool(SINGLE(text)) or (len(text) == 1 and unicodedata.category(text) not in ("So", "Sk"))


def _placed(text: str, column: int) -> str:
    """A character of which terminals differ how wide it is: on empty cells, and the cursor behind it where we mean."""
    width = cell_len(text)
    blank = f"{' ' * width}\x1b[{column + 1}G" if width > 1 else ""
    return f"{blank}{text}\x1b[{column + width + 1}G"


def _cells(strip: Strip, color_system: ColorSystem) -> list[StyledCell]:
    cells: list[StyledCell] = []
    for text, style, _ in strip:
        look = PLAIN if style is None else _look(Strip.render_ansi(style, color_system))
        blank = look if look.attributes else CellStyle("", "", look.background)  # of a blank nobody sees the foreground
        if SINGLE(text):
            cells += [(character, blank if character == " " else look) for character in text]
        else:
            found = list(_clusters(text, look, blank))[: cell_len(text)]
            cells += found + [(" ", blank)] * (cell_len(text) - len(found))
    return cells


def _clusters(text: str, look: CellStyle, blank: CellStyle) -> Iterator[StyledCell]:
    """The same for any text: a character may take no cell of its own, or two."""
    cluster = ""
    for character in f"{text} ":  # the blank at the end lets the last one go
        width = get_character_cell_size(character)
        if character in "\n\t" or visible(character)[-1] != character:  # no text, and was to be made visible before
            character = "?" * width
        if width and cluster:
            yield cluster, blank if cluster == " " else look
            if get_character_cell_size(cluster[0]) > 1:
                yield "", look
        cluster = character if width else cluster and cluster + character  # one without a base is nowhere shown


def _ascii_cells(strip: Strip, color_system: ColorSystem) -> list[StyledCell]:
    """The same in ASCII: lines stay lines and dots stay dots; a wide character becomes a mark and a blank."""
    cells = _cells(strip, color_system)
    return [(text if text and text.isascii() else ASCII.get(text, "?" if text else " "), look) for text, look in cells]


def _ascii_table() -> dict[str, str]:
    """What stands for a character of lines, blocks and braille, by its place in Unicode's tables."""
    table = dict.fromkeys("─━╌╍┄┅┈┉═╴╶▔▁", "-") | dict.fromkeys("│┃╎╏┆┇┊┋║╵╷▏▎▕", "|")
    table |= {chr(code): "+" for code in range(0x2500, 0x2580) if chr(code) not in table}
    table |= {chr(code): "#" for code in range(0x2580, 0x25A0) if chr(code) not in table}
    table |= {chr(code): "." for code in range(0x2801, 0x2900)} | {"\u2800": " "}
    return table | {
        "●": "o",
        "•": "*",
        "·": ".",
        "…": "~",
        "★": "*",
        "▲": "^",
        "▼": "v",
        "▶": ">",
        "◀": "<",
        "◆": "r",
        "↑": "^",
        "↓": "v",
        "⏎": "$",
        "²": "2",
        "±": "~",
        "→": ">",
        "◇": "d",
    }


ASCII = _ascii_table()


def _runs(before: list[StyledCell], cells: list[StyledCell]) -> Iterator[tuple[int, int]]:
    """Where cells differ, first and behind the last; with a short gap of one look between them runs are one."""
    differs = [old != new for old, new in zip(before, cells, strict=True)]
    # Of a wide character that changed, the second half is sent with the first, even where it looks as before.
    changed = [k for k, (text, _) in enumerate(cells) if differs[k] or (not text and k and differs[k - 1])]
    start = last = changed[0]
    for k in [*changed[1:], len(cells) + NEAR + 1]:
        if k - last > 1 and (k - last > NEAR + 1 or any(look != cells[last][1] for _, look in cells[last + 1 : k])):
            yield start - (not cells[start][0]), last + 1  # the second half of a wide character needs the first
            start = k
        last = k


def _serves(look: CellStyle | None, text: str, wanted: CellStyle) -> bool:
    """Whether a cell can be written without a change of look: a blank only needs its background."""
    if look is None:
        return False
    return look == wanted or (text == " " and look == (wanted.attributes, look.foreground, wanted.background))


@lru_cache(4096)
def _look(codes: str) -> CellStyle:
    """Sort SGR parameters into attributes and colours: 38 and 48 take what follows them, 5;n or 2;r;g;b."""
    attributes, foreground, background = [], "", ""
    rest = codes.split(";") if codes else []
    while rest:
        code = int(rest[0] or 0)
        length = (3 if rest[1] == "5" else 5) if code in (38, 48) else 1
        taken, rest = ";".join(rest[:length]), rest[length:]
        if 30 <= code <= 39 or 90 <= code <= 97:
            foreground = taken
        elif 40 <= code <= 49 or 100 <= code <= 107:
            background = taken
        else:
            attributes.append(taken)
    return CellStyle(";".join(attributes), foreground, background)


@lru_cache(4096)
def _change(before: CellStyle | None, after: CellStyle) -> str:
    """The shortest way from one look to another: colours alone where the attributes stay, else all anew."""
    anew = "\x1b[" + ";".join(["0", *filter(None, after)]) + "m"
    if before is None or before.attributes != after.attributes:
        return anew
    changed = [
        new or default for old, new, default in ((before[1], after[1], "39"), (before[2], after[2], "49")) if old != new
    ]
    return "\x1b[" + ";".join(changed) + "m"
