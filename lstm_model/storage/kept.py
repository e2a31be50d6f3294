"""What was read from many files, kept from one start of the program to the next while each file is as it was.

A file counts as it was if its place on the disk, its size and the times of its last change are the same to the
nanosecond. The time of the last change of the file itself cannot be set by anybody, so no copy with an old date is
taken for the file before it. A file that has just changed could change again within one tick of the file system's
clock: what was read from it is kept only once it has rested for SETTLED seconds.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lstm_model.storage.cache import MOST_ENTRIES, recall, remember
from lstm_model.storage.plain_json import parsed

SETTLED = 2.0  # seconds: the coarsest clock of a file system in use
WORTH_IT = 64  # files that had to be read anew, until what is kept is written again

Values = list[Any]  # plain values, as JSON holds them


class Kept:
    """What is kept of the files of one kind under one folder.

    kind: a word that changes with what is read from a file, so that another version of the program reads all anew.
    right: whether values that were kept are such as are read from a file; all are, if it is not given.
    """

    def __init__(self, kind: str, folder: Path, right: Callable[[Values], bool] = bool) -> None:
        self._right = right
        self._key = hashlib.sha256(f"{kind}\n{os.path.realpath(folder)}".encode("utf-8", "surrogateescape")).hexdigest()
        self._room = kind.partition(" ")[0]
        self._before: dict[str, Any] = _whole(recall(self._key, self._room))
        self._now: dict[str, Any] = {}
        self._read = 0

    def of(self, file: Path, read: Callable[[Path], Values]) -> Values:
        """What `read` gives of a file, or gave when the file was as it is now. Its errors come through."""
        name, stamp = os.fspath(file), _stamp(file)
        kept = self._before.get(name)
        if kept is not None and stamp is not None and kept[0] == stamp and self._right(kept[1]):
            self._now[name] = kept
            values: Values = kept[1]
            return values
        self._read += 1
        values = read(file)
        if stamp is not None and stamp == _stamp(file) and time.time() - stamp[-1] / 1e9 > SETTLED:
            self._now[name] = [stamp, values]
        return values

    def close(self) -> None:
        """Write what is kept now, if enough of it is new."""
        if self._read >= WORTH_IT:
            body = json.dumps(self._now)
            remember(self._key, {"sha256": _sum(body), "body": body}, self._room)


def _stamp(file: Path) -> list[int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return [status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _whole(kept: dict[str, Any]) -> dict[str, Any]:
    """What the file of kept values holds, if it holds what was written."""
    body = kept.get("body")
    if not isinstance(body, str) or kept.get("sha256") != _sum(body):
        return {}
    try:  # whoever can write the file can also write the checksum
        values = parsed(body, MOST_ENTRIES)
    except ValueError:
        return {}
    if not isinstance(values, dict):
        return {}
    return {name: entry for name, entry in values.items() if _is_entry(entry)}


def _is_entry(entry: Any) -> bool:
    """Whether something is a stamp with the values that were read."""
    return isinstance(entry, list) and len(entry) == 2 and isinstance(entry[1], list)


def _sum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
