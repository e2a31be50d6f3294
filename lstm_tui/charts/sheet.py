"""A sheet of character cells with roles, written piece by piece and read as rows of runs."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TypeAlias

import numpy as np

CellRun: TypeAlias = tuple[str, str | None]  # neighbouring cells of one role; the role None is blank
Row: TypeAlias = tuple[CellRun, ...]  # one line of the picture; its texts together are exactly as wide as asked for


def short_label(text: str, longest: int) -> str:
    """Cut a text to a length, with an ellipsis where something is missing."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


@lru_cache(1000)
def cells_of(text: str, ascii_only: bool) -> str:
    """Make every character one cell wide: wide, combining and control characters become question marks."""
    if text.isascii() and text.isprintable():
        return text
    if ascii_only:
        text = text.replace("…", "~").encode("ascii", "replace").decode()
    odd = (unicodedata.east_asian_width(c) in "WF" or unicodedata.category(c)[0] in "MC" for c in text)
    return "".join("?" if strange else c for c, strange in zip(text, odd, strict=True))


class Sheet:
    """Characters and roles of a picture, cell by cell."""

    def __init__(self, width: int, height: int, ascii_only: bool) -> None:
        self.width, self.height, self.ascii_only = max(width, 0), max(height, 0), ascii_only
        self.characters = np.full((self.height, self.width), ord(" "), dtype="<u4")  # (height, width) code points
        self.roles = np.full((self.height, self.width), -1, dtype=np.int16)  # (height, width) indexes into names
        self.names: list[str] = []

    def role(self, name: str) -> int:
        """Index of a role, given out at its first use."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)

    def write(self, row: int, column: int, text: str, role: str) -> None:
        """Write text into a row, cut at the right edge."""
        text = cells_of(text, self.ascii_only)[: max(0, self.width - column)]
        self.characters[row : row + 1, column : column + len(text)] = [ord(character) for character in text]
        self.roles[row : row + 1, column : column + len(text)] = self.role(role)

    def rows(self) -> list[Row]:
        """Join neighbouring cells of one role; blanks join what stands before them."""
        filled = np.where(self.characters != ord(" "), np.arange(self.width), 0)
        owner = np.maximum.accumulate(filled, axis=1)  # (height, width) column of the last character up to here
        roles = np.take_along_axis(self.roles, owner, axis=1)
        changed = roles[:, 1:] != roles[:, :-1]
        rows: list[Row] = []
        for line, role, change in zip(self.characters, roles, changed, strict=True):
            text = line.tobytes().decode("utf-32-le")
            starts = [0, *(np.flatnonzero(change) + 1).tolist()][: self.width]
            names = [self.names[index] if index >= 0 else None for index in role[starts].tolist()]
            ends = [*starts[1:], self.width]
            rows.append(tuple((text[a:b], name) for a, b, name in zip(starts, ends, names, strict=False)))
        return rows
