"""The bytes of a text file as characters, piece after piece; what cannot be text is named so that a reader finds it."""

import codecs
import hashlib
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lstm_model.costs.room import too_little
from lstm_model.errors import InputError, quoted, shortened
from lstm_model.progress import Tell, quiet
from lstm_model.tasks.data_files import readable_file
from lstm_model.tasks.encodings import control_share, guessed_encodings, marked_encoding, unmarked_wide
from lstm_model.tasks.file_kinds import HEAD, foreign_kind, markup
from lstm_model.tasks.text.kind import EncodingErrors

PIECE = 1 << 20  # bytes read at a time
PER_BYTE = 2  # bytes of memory that a byte of a file takes while it is read
AROUND, NEAR = 18, 8  # characters shown on each side of a byte that is no text; of each way it may be read
SAMPLE = 1 << 15  # bytes on each side of it that a guess of another encoding looks at
MOST_ZEROS, MOST_CONTROLS = 0.01, 0.1  # shares of the first bytes, above which they are no text,
SOME = 16  # if there are more than a few at all
FEW = 64  # bytes

REPLACEMENT, STAND_IN = "\ufffd", "\udfff"  # the latter stands in no text, so that it can be counted


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return STAND_IN, error.end


codecs.register_error("lstm_model.stand_in", _stand_in)


class BadBytes(Exception):  # noqa: N818 - no error yet: whoever reads makes a message of it
    """Bytes that are no text: where they stand, and what stands round them in their line."""

    def __init__(self, offset: int, byte: int, before: str, after: str) -> None:
        super().__init__(offset)
        self.offset, self.byte, self.before, self.after = offset, byte, before, after


class Decoding:
    """A file's text, from `pieces`; what is known of the file once they are read.

    The byte order mark of a file has the last word on the encoding. InputError: no such file, a directory, a pipe, an
    unknown encoding, bytes that are no text at all. What is added to a file while it is read is left for another time.
    """

    def __init__(self, path: Path, encoding: str, errors: EncodingErrors = "strict", tell: Tell = quiet) -> None:
        try:
            io.TextIOWrapper(io.BytesIO(), encoding=encoding)  # refuses codecs that are not of text, as rot13
        except (LookupError, ValueError):  # the latter for a name that is no text itself
            known = "try utf-8, latin-1 or cp1252"
            raise InputError(
                f"`encoding` {quoted(shortened(encoding))} is unknown: {known}", field="encoding"
            ) from None
        self.path, self.encoding, self._errors, self._tell = path, encoding, errors, tell
        self.size = 0  # bytes read
        self.replaced = 0  # times that bytes were no text, and U+FFFD was put in their place
        self.grew = False
        self.overruled = False  # the byte order mark names another encoding than was asked for
        self.markup: str | None = None
        self._digest = hashlib.sha256()
        self._tail = ""  # of the text so far

    @property
    def fingerprint(self) -> str:
        """The sha256 of the bytes that were read."""
        return self._digest.hexdigest()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of the bytes, a plain sentence each."""
        notes = []
        if self.overruled:
            notes.append(f"read as {self.encoding.upper()}, as its byte order mark says")
        if self.replaced:
            times = "once" if self.replaced == 1 else f"{self.replaced:,} times"
            notes.append(f"what is no {self.encoding} was replaced by U+FFFD: {times}")
        if self.grew:
            notes.append(f"the file grew while it was read: its first {self.size:,} bytes count")
        if self.markup:
            notes.append(f"this is {self.markup}: its marks are learnt as all other characters are")
        return tuple(notes)

    def pieces(self) -> Iterator[str]:
        """Text as it comes. BadBytes at the first bytes that are no text, if errors are strict."""
        try:
            with _require_readable(self.path).open("rb") as file:
                self._look_at(file.read(HEAD))
                file.seek(0)
                yield from self._decoded(file)
        except OSError as error:
            raise InputError(f"cannot read {self.path}: {error.strerror}") from None

    def _look_at(self, head: bytes) -> None:
        """Settle the encoding; an InputError for a file that is no text."""
        if foreign := foreign_kind(head):
            raise InputError(f"{self.path} is {foreign[0]}, no plain text: {foreign[1]}")
        asked = codecs.lookup(self.encoding).name
        if marked := marked_encoding(head):
            self.overruled = not asked.startswith(marked)
            self.encoding = marked if self.overruled or marked != "utf-8" else self.encoding
        elif wide := unmarked_wide(head):
            believed = asked.startswith(("utf-16-", "utf-32-")) and len(head) < FEW  # what is so short says little
            if asked != wide and not believed:
                name = wide[:6].upper()
                raise InputError(f"{self.path} looks like {name} without a byte order mark: set `encoding` to {wide}")
        elif asked in ("utf-16", "utf-32") and head:
            raise InputError(f"{self.path} has no byte order mark: set `encoding` to {asked}-le or {asked}-be")
        elif not asked.startswith(("utf-16", "utf-32")):
            self._require_text(head)
        self.markup = markup(head[:1000].decode(self.encoding, "replace"))

    def _require_text(self, head: bytes) -> None:
        zeros, controls = head.count(0), control_share(head)
        if zeros > max(SOME, MOST_ZEROS * len(head)):
            found = f"{zeros:,} of its first {len(head):,} bytes are zero bytes"
            raise InputError(f"{self.path} is no text: {found}. Name a file of plain text, or take them out")
        if controls > MOST_CONTROLS and controls * len(head) > SOME:
            found = f"{100 * controls:.0f} % of its first {len(head):,} bytes are control characters"
            raise InputError(f"{self.path} is no text: {found}. Name a file of plain text")

    def _decoded(self, file: Any) -> Iterator[str]:
        replace = self._errors == "replace"
        decoder: Any = codecs.getincrementaldecoder(self.encoding)("lstm_model.stand_in" if replace else "strict")
        size = os.fstat(file.fileno()).st_size  # 0 also for what a kernel makes up as it is read
        if short := too_little(PER_BYTE * size):
            raise InputError(f"{self.path} needs {short}: name a smaller file with `data`", field="data")
        while True:
            raw = file.read(min(PIECE, size - self.size) if size else PIECE)
            self.grew = not raw and 0 < size < os.fstat(file.fileno()).st_size
            self._digest.update(raw)
            state = decoder.getstate()
            try:
                text = decoder.decode(raw, final=not raw and not self.grew)
            except UnicodeDecodeError as error:
                yield from self._up_to(error, decoder, state, raw, file)
            except UnicodeError:
                raise InputError(f"{self.path} is not {self.encoding}: set `encoding` to another") from None
            if replace and STAND_IN in text:
                self.replaced += text.count(STAND_IN)
                text = text.replace(STAND_IN, REPLACEMENT)
            self._tail = text[-AROUND:] if len(text) >= AROUND else (self._tail + text)[-AROUND:]
            yield text
            if not raw:
                return
            self.size += len(raw)
            self._tell(min(1.0, self.size / max(1, size)))

    def _up_to(self, error: UnicodeDecodeError, decoder: Any, state: Any, raw: bytes, file: Any) -> Iterator[str]:
        """The text before bytes that are none; then they are raised."""
        held = len(state[0])  # bytes of a character whose end was still to come
        decoder.setstate(state)
        good = decoder.decode(raw[: max(0, error.start - held)])
        yield good
        follows = error.object[error.end :] + file.read(8 * AROUND)
        lenient: Any = codecs.getincrementaldecoder(self.encoding)("replace")
        if error.start >= held:  # the state is that of the place, with the byte order found
            lenient.setstate(decoder.getstate())
        try:
            after = lenient.decode(follows[: 8 * AROUND])
        except UnicodeError:  # UTF-16 or UTF-32 whose byte order is not known
            after = ""
        raise BadBytes(
            self.size - held + error.start, error.object[error.start], (self._tail + good)[-AROUND:], after[:AROUND]
        )

    def message(self, bad: BadBytes, line: int) -> str:
        """What stands where, and how to go on."""
        around = _last_line(bad.before) + REPLACEMENT + _first_line(bad.after)
        where = f"byte 0x{bad.byte:02x} at offset {bad.offset:,}, line {line:,}, in {quoted(around)}"
        replace = "set `encoding_errors` to replace"
        sample, at = self._sample_round(bad.offset)
        if not _mostly(sample, self.encoding) and (names := guessed_encodings(sample)):
            readings = " or ".join(f"{name} ({quoted(_around(sample, at, name))})" for name in names)
            return f"{self.path} is not {self.encoding}: {where}. Set `encoding`, perhaps to {readings}, or {replace}"
        return f"{self.path} is not {self.encoding} throughout: {where}. Correct it, or {replace}"

    def _sample_round(self, offset: int) -> tuple[bytes, int]:
        """Whole lines round a byte of the file, and where in them it stands."""
        start = max(0, offset - SAMPLE)
        with self.path.open("rb") as file:
            file.seek(start)
            sample = file.read(2 * SAMPLE)
        at = offset - start
        begin = 1 + sample.find(b"\n", 0, at) if start else 0
        end = 1 + sample.rfind(b"\n", at) or len(sample)
        return sample[begin:end], at - begin


def _require_readable(path: Path) -> Path:
    readable_file(path, "text")
    if not stat.S_ISREG(path.stat().st_mode):
        raise InputError(f"{path} is a pipe or a device: save what it gives in a file, and name that")
    return path


def _mostly(sample: bytes, encoding: str) -> bool:
    """Whether more of the characters beyond ASCII make sense in an encoding than do not."""
    text = sample.decode(encoding, "lstm_model.stand_in")
    bad = text.count(STAND_IN)
    return sum(character > "\x7f" for character in text) - bad > bad


def _around(sample: bytes, at: int, encoding: str) -> str:
    """How a place reads in another encoding, for whoever has to choose."""
    before, after = sample[:at].decode(encoding, "replace"), sample[at:].decode(encoding, "replace")
    return _last_line(before)[-NEAR:] + _first_line(after)[:NEAR]


def _first_line(text: str) -> str:
    return (text.splitlines() or [""])[0]


def _last_line(text: str) -> str:
    return (text + "|").splitlines()[-1][:-1]
