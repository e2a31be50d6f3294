r"""samples.txt: every text a run wrote, in a file that people read and programs walk.

    --- step 1,234  temperature 0.8  loss 1.2340  prompt '\n\n\n'  512 bytes
    (512 bytes of UTF-8: the prompt, and what the model wrote after it)
    (an empty line)

The count of bytes leads from one heading to the next, so a text that looks like a heading fools nobody. Files of
version 0.1.0 have headings without loss and count; there a text ends where the next heading begins.
"""

import os
import re
import stat
from array import array
from pathlib import Path
from typing import BinaryIO

from lstm_model.storage.files import open_to_append
from lstm_model.tasks.text.kind import SAMPLES
from lstm_model.tasks.text.writing.sample import Sample

MARK, END = b"--- step ", b"\n\n"
NUMBER = rb"-?\d{1,400}(?:\.\d{1,20})?(?:e[-+]?\d{1,3})?|nan|inf"
HEADING = re.compile(
    MARK + rb"(\d[\d,]{0,30})  temperature (" + NUMBER + rb")(?:  loss (" + NUMBER + rb"))?"
    rb"""  prompt ('.*'|".*")(?:  (\d{1,12}) bytes)?\n"""
)  # fmt: skip
ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U(000[0-9a-f]{5}|0010[0-9a-f]{4})|(.))")
LETTERS = {"n": "\n", "t": "\t", "r": "\r"}
LONGEST_HEADING, LONGEST_TEXT = 1 << 16, 1 << 20  # bytes that are read of one; what is longer was not written by a run
FIRST_PIECE, LARGEST_PIECE = 1 << 5, 1 << 20  # bytes that a search for a heading reads at a time


def entry(sample: Sample) -> bytes:
    """A sample as it stands in the file."""
    body = _bytes(sample.prompt + sample.text)
    loss = "" if sample.loss is None else f"  loss {sample.loss:.4f}"
    heading = f"step {sample.step:,}  temperature {sample.temperature:g}{loss}  prompt {sample.prompt!r}"
    return _bytes(f"--- {heading}  {len(body)} bytes\n") + body + END


def append_sample(path: Path, sample: Sample) -> None:
    """Add a sample at the end of the file, in one write. OSError if that fails.

    Where an earlier write was cut short, the new heading still begins a line of its own.
    """
    with open_to_append(path) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - len(END)))
        gap = b"" if size == 0 or file.read() == END else END
        rest = memoryview(gap + entry(sample))
        while rest:  # once, unless the disk is full: then the next round says so
            rest = rest[file.write(rest) :]


def last_sample(folder: Path) -> Sample | None:
    """The last sample of a run folder; None if there is none that can be read."""
    book = SampleBook(folder / SAMPLES)
    try:
        return book[len(book) - 1] if len(book) else None
    except (IndexError, OSError):
        return None  # the file has just changed


class SampleBook:
    """The samples of a file, by number, the oldest first: `len(book)`, `book[k]`.

    What is kept of each is where it stands, 16 bytes; texts are read when they are asked for. `refresh` takes in what
    was added since. A last entry that is not whole (yet) is left out, and so is one that a crash cut short; a file that
    is not there holds no samples.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._forget()
        self.refresh()

    def _forget(self) -> None:
        self._seen: tuple[int, int] | None = None  # inode and size at the last refresh
        self._starts, self._ends = array("Q"), array("Q")
        self._open_end = False  # the last entry has no count, so it ends where the file does
        self._at = 0  # where the search goes on: always the start of a line

    def refresh(self) -> None:
        """Take in what was added to the file; begin anew if it is another one, or shorter than it was."""
        try:
            status = self.path.stat()
            if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for whoever writes to it
                self._forget()
                return
            seen = status.st_ino, status.st_size
            if seen == self._seen:
                return
            if self._seen is not None and (seen[0] != self._seen[0] or seen[1] < self._seen[1]):
                self._forget()
            with self.path.open("rb") as file:
                self._index(file)
            self._seen = seen
        except OSError:
            self._forget()

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, k: int) -> Sample:
        """Sample k; negative numbers count from the newest. IndexError if there is none, or none any more."""
        k = range(len(self))[k]
        try:
            with self.path.open("rb") as file:
                file.seek(self._starts[k])
                found = HEADING.fullmatch(file.readline(LONGEST_HEADING))
                body = file.read(max(0, min(self._ends[k] - file.tell(), LONGEST_TEXT)))
        except OSError:
            found = None
        if found is None:
            self._forget()  # another file lies there now, or none
            raise IndexError(f"{self.path} has changed")
        return _sample(found, body)

    def _index(self, file: BinaryIO) -> None:
        """Go from heading to heading, from where the last search ended."""
        torn: int | None = None  # where an entry begins that is not whole: cut short, or still being written
        at = _next_mark(file, self._at)
        while at is not None:
            file.seek(at)
            line = file.readline(LONGEST_HEADING)
            following, found = at + len(line), HEADING.fullmatch(line)
            if not line.endswith(b"\n") and len(line) < LONGEST_HEADING:
                torn = at if torn is None else torn
                self._close(at)
                break
            if found is not None and found[5] is not None:
                self._close(at)
                end = following + int(found[5])
                if _ends_there(file, end):
                    self._add(at, end)
                    following, torn = end + len(END), None
                elif torn is None:
                    torn = at
            elif found is not None and torn is None:
                self._close(at)
                self._add(at, following)
                self._open_end = True
            if torn is None:
                self._at = following
            at = _next_mark(file, following)
        if torn is not None:
            self._at = torn
        elif self._open_end:
            self._ends[-1] = max(self._at, file.seek(0, os.SEEK_END))

    def _add(self, start: int, end: int) -> None:
        self._starts.append(start)
        self._ends.append(end)

    def _close(self, at: int) -> None:
        """The last entry, if it has no count, ends at the heading that stands here."""
        if self._open_end:
            self._ends[-1], self._open_end = at, False


def _next_mark(file: BinaryIO, at: int) -> int | None:
    """Where the next line begins that may be a heading; `at` is the start of a line."""
    size, tail = FIRST_PIECE, b"\n"
    file.seek(at)
    while piece := file.read(size):
        block = tail + piece
        found = block.find(b"\n" + MARK)
        if found >= 0:
            return at - len(tail) + found + 1
        at += len(piece)
        tail = block[-len(MARK) :]
        size = min(8 * size, LARGEST_PIECE)
    return None


def _ends_there(file: BinaryIO, end: int) -> bool:
    """True if an empty line stands there, and then a heading, also one that was cut short, or the end of the file.

    A power cut may leave zeros in the place of what was written last: they end what stands before them.
    """
    file.seek(end)
    rest = file.read(len(END + MARK)).rstrip(b"\0")
    line = rest[len(END) :].split(b"\n")[0]
    return rest == END or (rest.startswith(END) and line != b"" and MARK.startswith(line))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _sample(heading: re.Match[bytes], body: bytes) -> Sample:
    step, temperature, loss, quoted, count = heading.groups()
    prompt = _unquoted(quoted.decode("utf-8", "replace"))
    if count is None:
        body = body.removesuffix(END)
    text = body.removeprefix(_bytes(prompt)).decode("utf-8", "replace")
    of_text = None if loss is None else float(loss)
    return Sample(int(step.replace(b",", b"")), float(temperature), prompt, text, of_text)


def _unquoted(quoted: str) -> str:
    """Undo `repr` of a text."""

    def meant(escape: re.Match[str]) -> str:
        code = escape[1] or escape[2] or escape[3]
        return chr(int(code, 16)) if code else LETTERS.get(escape[4], escape[4])

    return ESCAPE.sub(meant, quoted[1:-1])
