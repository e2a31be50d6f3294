"""A passage of text, each character marked by how much it surprised a model; a cursor goes over the characters."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from lstm_model.tasks.text.surprise import Passage
from lstm_tui.visible import LINE_END, visible

EDGES = (1.0, 2.0, 4.0, 8.0)  # bits, between the five classes
CLASSES = ("<1", "1-2", "2-4", "4-8", ">8")
MARGIN = 2  # cells at the left, for the mark of the cursor's row
NAMES = {"\n": "new line", "\t": "tab", " ": "blank"}


def class_of(bits: NDArray[np.float64]) -> NDArray[np.intp]:
    """Which of the five classes each number of bits belongs to."""
    return np.digitize(bits, EDGES)


def named(character: str) -> str:
    """A character as it is spoken of."""
    return NAMES.get(character) or f"'{visible(character)}'"


def cell_text(character: str, ascii_only: bool) -> str:
    """What stands for one character, a cell or more wide: the end of a line and a tab are seen as well."""
    if character == "\n":
        return "$" if ascii_only else LINE_END
    if character == "\t":
        return ">" if ascii_only else "→"
    shown = visible(character)
    return shown if cell_len(shown) else f"◌{shown}"  # one that takes no cell needs something to stand on


def rows_of(text: str, texts: list[str], width: int) -> list[range]:
    """Cut a text into rows of at most `width` cells: after each new line, and where a row is full."""
    rows, start, used = [], 0, 0
    for k, shown in enumerate(texts):
        wide = cell_len(shown)
        if used + wide > width and k > start:
            rows.append(range(start, k))
            start, used = k, 0
        used += wide
        if text[k] == "\n":
            rows.append(range(start, k + 1))
            start, used = k + 1, 0
    if start < len(text):
        rows.append(range(start, len(text)))
    return rows


class PassageText(Widget):
    """Shows one passage. Classes differ by colour, and by weight, underline and reversal as well."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"passage--{k}" for k in range(len(CLASSES))} | {"passage--cursor"}
    DEFAULT_CSS = """
    PassageText {
        width: 1fr;
        height: 1fr;
        .passage--0 { color: $text-muted; }
        .passage--1 { color: $foreground; text-style: underline; }
        .passage--2 { color: $warning; text-style: bold; }
        .passage--3 { color: $error; text-style: bold underline; }
        .passage--4 { color: $error; text-style: reverse; }
        .passage--cursor { color: $accent; text-style: bold underline reverse; }
        &:light .passage--2 { color: $text-warning; }
    }
    """

    def __init__(self, *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._ascii = ascii_only
        self._passage: Passage | None = None
        self._texts: list[str] = []
        self._classes_of: list[int] = []
        self._rows: list[range] = []
        self._laid_out_for = 0
        self._top = 0
        self.cursor = 0

    def show(self, passage: Passage | None) -> None:
        """Take another passage; the same object again changes nothing."""
        if passage is self._passage:
            return
        self._passage = passage
        text = "" if passage is None else passage.text
        known = {character: cell_text(character, self._ascii) for character in set(text)}
        self._texts = [known[character] for character in text]
        self._classes_of = [] if passage is None else class_of(passage.bits).tolist()
        self._laid_out_for = 0
        self.move_to(self.cursor)

    def move_to(self, place: int) -> None:
        """Put the cursor on a character, and let it be seen."""
        self.cursor = min(max(0, place), max(0, len(self._texts) - 1))
        self._lay_out()
        row, height = self.row_of(self.cursor), max(1, self.size.height)
        self._top = min(max(self._top, row - height + 1), row)
        self.refresh()

    def row_of(self, place: int) -> int:
        """The row that a character stands in."""
        return next((k for k, row in enumerate(self._rows) if place in row), 0)

    def beside(self, rows: int) -> int:
        """The character so many rows below (or above, if negative) the cursor's, as far along its row as there."""
        self._lay_out()
        if not self._rows:
            return 0
        now = self.row_of(self.cursor)
        to = self._rows[min(max(0, now + rows), len(self._rows) - 1)]
        return min(to.start + self.cursor - self._rows[now].start, to.stop - 1)

    def on_resize(self) -> None:
        """Lay the text out for the new width."""
        self.move_to(self.cursor)

    def _lay_out(self) -> None:
        width = max(1, self.size.width - MARGIN)
        if self._passage is not None and width != self._laid_out_for:
            self._rows = rows_of(self._passage.text, self._texts, width)
            self._laid_out_for = width

    def render_line(self, y: int) -> Strip:
        """One row: the mark of the cursor's row, then characters in the look of their class."""
        k = self._top + y
        if self._passage is None or k >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        row = self._rows[k]
        mark = ">" if self.cursor in row else " "
        segments = [Segment(mark.ljust(MARGIN), self.rich_style)]
        for place in row:
            name = "cursor" if place == self.cursor else str(self._classes_of[place])
            segments.append(Segment(self._texts[place], self.style_of(name)))
        return Strip(segments).simplify().adjust_cell_length(self.size.width, self.rich_style)

    def style_of(self, name: str) -> Style:
        """The look of a class, by its number, or of the cursor."""
        return self.get_component_rich_style(f"passage--{name}", default=self.rich_style)

    def legend(self) -> Text:
        """The classes, each in its own look."""
        text = Text("bits  ", no_wrap=True)
        for k, words in enumerate(CLASSES):
            text.append(words, self.style_of(str(k)))
            text.append("  ")
        return text
