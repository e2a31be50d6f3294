"""Sends the terminal only the cells that differ from what it shows.

Textual sends a line again from the left edge of a widget to the last cell that changed, and spells out the colours of
every piece of it. On a chart that moves, this is ten times what the terminal needs to know, and over a slow link every
byte counts. So the app keeps what it last sent, cell by cell, and of each of Textual's updates it passes on what is
new: curses has worked like this since 1980. All widgets gain from it, and none needs to know.

    Textual's update -> pieces of lines -> cells -> those that differ -> cursor moves, colours, characters
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from rich.cells import get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

Piece = tuple[int, int, Strip]  # row, column, what is to stand from there on
NEAR = 4  # cells: so short a gap is sent again, which takes no more than a move over it
END = "\x1b[0m"


class Look(NamedTuple):
    """How a cell looks, as parameters of SGR (ECMA-48, 8.3.117): attributes such as bold, foreground, background."""

    attributes: str = ""
    foreground: str = ""
    background: str = ""


PLAIN = Look()
Cell = tuple[str, Look]  # a wide character stands in its first cell, and the one behind it holds ""


class Painter:
    """What the terminal shows, and how it comes to show something else.

    `sent` counts the bytes of all updates. ascii_only: whatever is not ASCII is replaced by what looks most like it.
    """

    def __init__(self, *, ascii_only: bool = False) -> None:
        self._rows: dict[int, dict[int, Cell]] = {}
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
        look: Look | None = None  # that of the terminal; unknown at the start
        line, at = -1, -1  # where its cursor is
        for y, x, strip in pieces:
            row = self._rows.setdefault(y, {})
            for column, (text, wanted) in _differing(row, x, self._cells(strip, color_system)):
                if y != line or column < at:
                    out.append(f"\x1b[{y + 1};{column + 1}H")
                elif column > at:
                    out.append(f"\x1b[{column - at}C")
                if not _serves(look, text, wanted):
                    out.append(_change(look, wanted))
                    look = wanted
                out.append(text)
                line, at = y, column + max(1, sum(map(get_character_cell_size, text)))
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


def _cells(strip: Strip, color_system: ColorSystem) -> Iterator[Cell]:
    for text, style, _ in strip:
        look = PLAIN if style is None else _look(Strip.render_ansi(style, color_system))
        blank = look if look.attributes else Look("", "", look.background)  # of a blank nobody sees the foreground
        if text.isascii():
            for character in text:
                yield character, blank if character == " " else look
        else:
            yield from _wide(text, look, blank)


def _wide(text: str, look: Look, blank: Look) -> Iterator[Cell]:
    """The same for text that is not ASCII: a character may take no cell of its own, or two."""
    cluster = ""
    for character in text:
        if get_character_cell_size(character) == 0:
            cluster += character
            continue
        if cluster:
            yield from _cluster(cluster, look, blank)
        cluster = character
    if cluster:
        yield from _cluster(cluster, look, blank)


def _cluster(cluster: str, look: Look, blank: Look) -> Iterator[Cell]:
    yield cluster, blank if cluster == " " else look
    for _ in range(get_character_cell_size(cluster[0]) - 1):
        yield "", look


def _ascii_cells(strip: Strip, color_system: ColorSystem) -> Iterator[Cell]:
    """The same in ASCII: lines stay lines and dots stay dots; a wide character becomes a mark and a blank."""
    for text, look in _cells(strip, color_system):
        yield (text if text.isascii() and text else ASCII.get(text, "?" if text else " ")), look


def _ascii_table() -> dict[str, str]:
    """What stands for a character of lines, blocks and braille, by its place in Unicode's tables."""
    table = dict.fromkeys("─━╌╍┄┅┈┉═╴╶▔▁", "-") | dict.fromkeys("│┃╎╏┆┇┊┋║╵╷▏▎▕", "|")
    table |= {chr(code): "+" for code in range(0x2500, 0x2580) if chr(code) not in table}
    table |= {chr(code): "#" for code in range(0x2580, 0x25A0) if chr(code) not in table}
    table |= {chr(code): "." for code in range(0x2801, 0x2900)} | {"\u2800": " "}
    return table | {"●": "o", "•": "*", "·": ".", "…": "~", "★": "*", "▲": "^", "▼": "v", "▶": ">", "◀": "<", "◆": "r"}


ASCII = _ascii_table()


def _differing(row: dict[int, Cell], x: int, cells: Iterable[Cell]) -> list[tuple[int, Cell]]:
    """Note the new cells in the row, and list those to send: what differs, and what lies in short gaps of one look."""
    send: list[tuple[int, Cell]] = []
    equal: list[tuple[int, Cell]] = []  # since the last that differs
    for column, cell in enumerate(cells, x):
        if row.get(column) == cell:
            equal.append((column, cell))
            continue
        if not cell[0] and equal:  # the second half of a wide character needs the first
            send.append(equal.pop())
        elif send and len(equal) <= NEAR and all(between[1] == send[-1][1][1] for _, between in equal):
            send += equal
        equal = []
        row[column] = cell
        send.append((column, cell))
    return [(column, cell) for column, cell in send if cell[0]]


def _serves(look: Look | None, text: str, wanted: Look) -> bool:
    """Whether a cell can be written without a change of look: a blank only needs its background."""
    if look is None:
        return False
    return look == wanted or (text == " " and look == (wanted.attributes, look.foreground, wanted.background))


@lru_cache(4096)
def _look(codes: str) -> Look:
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
    return Look(";".join(attributes), foreground, background)


@lru_cache(4096)
def _change(before: Look | None, after: Look) -> str:
    """The shortest way from one look to another: colours alone where the attributes stay, else all anew."""
    anew = "\x1b[" + ";".join(["0", *filter(None, after)]) + "m"
    if before is None or before.attributes != after.attributes:
        return anew
    changed = [
        new or default for old, new, default in ((before[1], after[1], "39"), (before[2], after[2], "49")) if old != new
    ]
    return "\x1b[" + ";".join(changed) + "m"
