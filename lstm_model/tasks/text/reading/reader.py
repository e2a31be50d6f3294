"""A text file read in pieces: its characters as numbers, with memory for about one byte a character and no whole text.

bytes -> decoding.py -> mending.py -> characters numbered in the order in which they first come -> uint8 or uint16
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Ids
from lstm_model.errors import InputError
from lstm_model.progress import Tell, quiet
from lstm_model.tasks.text.kind import EncodingErrors
from lstm_model.tasks.text.reading.decoding import BadBytes, Decoding
from lstm_model.tasks.text.reading.mending import Mending

GAPS = ("\n\n\n", "\n\n", "\n", " ")  # between pages, paragraphs, lines, words: the widest first
ALL_CHARACTERS = 0x110000

FEW = 1 << 14  # characters


@dataclass(frozen=True)
class AsRead:
    """How a file became characters."""

    size: int  # bytes
    encoding: str
    line_ends: dict[str, int]  # CR LF, CR, LF: how many there were of each
    replaced: int  # places where bytes were no text, and U+FFFD stands now


class Numbering:
    """Characters numbered in the order in which they first come."""

    def __init__(self) -> None:
        self.characters = ""
        self._number_of = np.full(ALL_CHARACTERS, -1, np.int32)

    def numbered(self, text: str) -> Ids:
        """The numbers of a text's characters, in as few bytes as all of them so far need."""
        codes: NDArray[np.uint32] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        self._meet(codes[:FEW])  # nearly all characters there are, so that little is left to sort
        self._meet(codes)
        return self._number_of[codes].astype(np.min_scalar_type(len(self.characters)))

    def forget_all_but(self, count: int) -> None:
        """Keep the first so many characters alone."""
        self._number_of[[ord(character) for character in self.characters[count:]]] = -1
        self.characters = self.characters[:count]

    def _meet(self, codes: NDArray[np.uint32]) -> None:
        """Give numbers to characters that have none yet, in the order in which they come."""
        unknown = codes[self._number_of[codes] < 0]
        if unknown.size:
            new, first_seen = np.unique(unknown, return_index=True)
            new, known = new[np.argsort(first_seen)], len(self.characters)
            self._number_of[new] = np.arange(known, known + len(new))
            self.characters += "".join(map(chr, new.tolist()))


class TextFile:
    """What was read: `numbers` (N,), piece after piece, index into `characters`, which stand as they first came.

    InputError: a file that cannot be read as text (see decoding.py), or holds none. What was mended (see mending.py) is
    said in `notes`. `known`: the characters of a model that is to read the text; `compose`: see `Mending`. numbering:
    one that goes on from other files, in place of its own.
    """

    def __init__(
        self,
        path: Path,
        encoding: str = "utf-8",
        errors: EncodingErrors = "strict",
        known: str = "",
        compose: bool = True,
        tell: Tell = quiet,
        numbering: Numbering | None = None,
    ) -> None:
        self.decoding, self.mending = Decoding(path, encoding, errors, tell), Mending(known, compose)
        self.pieces: list[Ids] = []
        self._numbering = numbering or Numbering()
        self.gaps: set[str] = set()  # of GAPS those that it has
        tail = ""
        try:
            for text in self.mending.pieces(self.decoding.pieces()):
                self.pieces.append(self._numbering.numbered(text))
                seen = tail + text  # a gap may lie across two pieces
                self.gaps.update(gap for gap in GAPS if gap not in self.gaps and gap in seen)
                tail = seen[1 - len(GAPS[0]) :]
        except BadBytes as bad:
            raise InputError(self.decoding.message(bad, self.mending.lines + 1)) from None
        if not self.pieces:
            raise InputError(f"{path} is empty: there is nothing to learn from")
        self.fingerprint = self.decoding.fingerprint  # sha256 of the bytes
        self.notes = self.decoding.notes + self.mending.notes

    @property
    def as_read(self) -> AsRead:
        """What is known of the file besides its characters."""
        decoding = self.decoding
        return AsRead(decoding.size, decoding.encoding, dict(self.mending.line_ends), decoding.replaced)

    def __len__(self) -> int:
        return sum(map(len, self.pieces))

    @property
    def characters(self) -> str:
        """The characters that the numbers stand for, as they first came."""
        return self._numbering.characters

    @property
    def prompt(self) -> str:
        """Where something new begins in the text: after the widest gap it has; else its first character."""
        return next((gap for gap in GAPS if gap in self.gaps), self.characters[0])

    def take_ids(self, ids_of_characters: Ids) -> Ids:
        """All characters as other numbers (N,): ids_of_characters[k] for characters[k]. Lets go of the pieces."""
        return renumbered(self.pieces, ids_of_characters)


def renumbered(pieces: list[Ids], ids_of_characters: Ids) -> Ids:
    """All numbers of some pieces as others, in one array: ids_of_characters[k] for k. Takes the pieces, one by one."""
    out = np.empty(sum(map(len, pieces)), ids_of_characters.dtype)
    start = 0
    pieces.reverse()
    while pieces:
        piece = pieces.pop()
        out[start : start + len(piece)] = ids_of_characters[piece]
        start += len(piece)
    return out
