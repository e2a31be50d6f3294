"""The journal of a sweep: what was begun and how it ended, a line each, on the disk before anybody hears of it.

A line holds its own checksum. A process that is killed may leave half a line at the end, which is cut off; a line that
is damaged is left out, and said so: what it told of a trial stands in the trial's folder as well.
"""

import json
import os
import stat
import zlib
from pathlib import Path
from typing import Any

from lstm_model.storage.files import flush_names, open_to_append
from lstm_model.storage.plain_json import parsed

Entry = dict[str, Any]
MOST_BYTES = 100_000_000  # of a journal: some kB for each trial


class Journal:
    """One file. It is there once something was added."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[list[Entry], list[str]]:
        """What it holds, and a line for a reader if something of it was lost. Half a line at its end is cut off.

        OSError if it cannot be read, or is no plain file of a size that a sweep could have made.
        """
        try:
            status = self.path.stat()
            if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
                raise OSError(None, "no journal of a sweep: take it away, the trials stay", str(self.path))
            data = self.path.read_bytes()
        except FileNotFoundError:
            return [], []
        whole = data.rfind(b"\n") + 1
        if whole < len(data) and not self.path.is_symlink():  # a link may lead out of the folder
            with open_to_append(self.path) as file:
                file.truncate(whole)
        entries, damaged = whole_entries(data)
        if not damaged:
            return entries, []
        where = f"line {damaged[0]}" if len(damaged) == 1 else f"{len(damaged)} lines, the first is {damaged[0]}"
        return entries, [self.complaint(where)]

    def complaint(self, where: str) -> str:
        """A line that says it is damaged, and what becomes of that."""
        return f"{self.path} is damaged ({where}): what it said is taken from the folders of the trials"

    def add(self, entry: Entry) -> None:
        """Add a line, and wait until it is on the disk. OSError if it fails; half of it is then cut off."""
        text = json.dumps(entry)
        line = f"{zlib.crc32(text.encode()):08x} {text}\n".encode()
        made = not self.path.exists()
        with open_to_append(self.path) as file:
            size = os.fstat(file.fileno()).st_size
            try:
                rest = memoryview(line)
                while rest:
                    rest = rest[os.write(file.fileno(), rest) :]
                os.fsync(file.fileno())
            except OSError as error:
                file.truncate(size)
                raise OSError(error.errno, error.strerror, str(self.path)) from None
        if made:
            flush_names(self.path.parent)


def whole_entries(data: bytes) -> tuple[list[Entry], list[int]]:
    """The entries of a journal's bytes, but for half a line at their end; and which lines are damaged, from 1."""
    entries, damaged = [], []
    for number, line in enumerate(data[: data.rfind(b"\n") + 1].splitlines(), 1):
        entry = _parsed(line)
        if entry is None:
            damaged.append(number)
        else:
            entries.append(entry)
    return entries, damaged


def _parsed(line: bytes) -> Entry | None:
    stated, _, text = line.partition(b" ")
    if stated != f"{zlib.crc32(text):08x}".encode():
        return None
    try:  # whoever can write the line can also write its checksum
        entry = parsed(text)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
