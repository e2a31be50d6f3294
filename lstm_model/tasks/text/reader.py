"""A text file read in pieces: its characters as numbers, with memory for about one byte a character and no whole text.

bytes -> decoder -> BOM and CR LF mended -> characters numbered in the order in which they first come -> uint8 or uint16
"""

import codecs
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_model.arrays import Ids
from lstm_model.errors import InputError, shortened
from lstm_model.tasks.data_files import readable_file

PIECE = 1 << 20  # bytes read at a time
GAPS = ("\n\n\n", "\n\n", "\n", " ")  # between pages, paragraphs, lines, words: the widest first
ALL_CHARACTERS = 0x110000

FEW = 1 << 14  # characters


class TextFile:
    """What was read: `numbers` (N,), piece after piece, index into `characters`, which stand as they first came.

    InputError: a missing file, a directory, an empty file, bytes that are no text in the encoding (with the offset of
    the first). A byte order mark is dropped and CR LF becomes LF, both said in `notes`.
    """

    def __init__(self, path: Path, encoding: str = "utf-8") -> None:
        self._path, self._encoding = path, encoding
        try:
            io.TextIOWrapper(io.BytesIO(), encoding=encoding)  # refuses codecs that are not of text, as rot13
            self._decoder: Any = codecs.getincrementaldecoder(encoding)()
        except (LookupError, ValueError):  # the latter for a name that is no text itself
            raise InputError(
                f"`encoding` {shortened(encoding)} is unknown: try utf-8, latin-1 or cp1252", field="encoding"
            ) from None
        self.pieces: list[Ids] = []
        self.characters = ""
        self.notes: tuple[str, ...] = ()
        self._number_of = np.full(ALL_CHARACTERS, -1, np.int32)
        self._digest = hashlib.sha256()
        self._gaps: set[str] = set()
        tail = ""
        for text in self._mended(self._decoded()):
            self.pieces.append(self._numbered(text))
            seen = tail + text  # a gap may lie across two pieces
            self._gaps.update(gap for gap in GAPS if gap not in self._gaps and gap in seen)
            tail = seen[1 - len(GAPS[0]) :]
        if not self.pieces:
            raise InputError(f"{path} is empty: there is nothing to learn from")
        self.fingerprint = self._digest.hexdigest()  # sha256 of the bytes

    def __len__(self) -> int:
        return sum(map(len, self.pieces))

    @property
    def prompt(self) -> str:
        """Where something new begins in the text: after the widest gap it has; else its first character."""
        return next((gap for gap in GAPS if gap in self._gaps), self.characters[0])

    def take_ids(self, ids_of_characters: Ids) -> Ids:
        """All characters as other numbers (N,): ids_of_characters[k] for characters[k]. Lets go of the pieces."""
        out = np.empty(len(self), ids_of_characters.dtype)
        start = 0
        self.pieces.reverse()
        while self.pieces:
            piece = self.pieces.pop()
            out[start : start + len(piece)] = ids_of_characters[piece]
            start += len(piece)
        return out

    def _decoded(self) -> Iterator[str]:
        """Text as it comes; the bytes go into the digest."""
        decoder, fed = self._decoder, 0
        try:
            with readable_file(self._path, "text").open("rb") as file:
                while True:
                    raw = file.read(PIECE)
                    held = len(decoder.getstate()[0])  # bytes of a character whose end is still to come
                    self._digest.update(raw)
                    try:
                        yield decoder.decode(raw, final=not raw)
                    except UnicodeDecodeError as error:
                        offset, byte = fed - held + error.start, error.object[error.start]
                        raise InputError(
                            f"{self._path} is not {self._encoding}: byte 0x{byte:02x} at offset {offset:,};"
                            " name another with `encoding`"
                        ) from None
                    except UnicodeError:
                        raise InputError(
                            f"{self._path} is not {self._encoding}: name another with `encoding`"
                        ) from None
                    if not raw:
                        return
                    fed += len(raw)
        except OSError as error:
            raise InputError(f"cannot read {self._path}: {error.strerror}") from None

    def _mended(self, texts: Iterator[str]) -> Iterator[str]:
        """Without a byte order mark at the start and with LF for CR LF, also where a piece ends between the two."""
        begun, marked, returned, held = False, False, False, ""
        for text in texts:
            text = held + text
            if not begun and text:
                begun, marked = True, text.startswith("\ufeff")
                text = text[1:] if marked else text
            held = "\r" if text.endswith("\r") else ""
            text = text[: len(text) - len(held)]
            if "\r\n" in text:
                returned, text = True, text.replace("\r\n", "\n")
            if text:
                yield text
        if held:
            yield held
        notes = {"the byte order mark was left out": marked, "line ends CR LF were read as LF": returned}
        self.notes = tuple(note for note, true in notes.items() if true)

    def _numbered(self, text: str) -> Ids:
        codes: NDArray[np.uint32] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        self._meet(codes[:FEW])  # nearly all characters there are, so that little is left to sort
        self._meet(codes)
        return self._number_of[codes].astype(np.min_scalar_type(len(self.characters)))

    def _meet(self, codes: NDArray[np.uint32]) -> None:
        """Give numbers to characters that have none yet, in the order in which they come."""
        unknown = codes[self._number_of[codes] < 0]
        if unknown.size:
            new, first_seen = np.unique(unknown, return_index=True)
            new, known = new[np.argsort(first_seen)], len(self.characters)
            self._number_of[new] = np.arange(known, known + len(new))
            self.characters += "".join(map(chr, new.tolist()))
