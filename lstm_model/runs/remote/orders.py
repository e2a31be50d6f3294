"""Orders to whoever trains a run: small files in its folder, written by a change of name, each obeyed once.

Whoever can write in a folder could leave one there. So an order counts only if it is a plain file under one name alone,
belongs to the user who trains, and is younger than that process's claim on the folder.
"""

import json
import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lstm_model.storage.claim import LOCK
from lstm_model.storage.files import open_to_read, write_whole

EVERY = 0.25  # seconds between looks for orders
MOST_BYTES = 1_000  # of a file
MOST_AT_ONCE = 50
NAME = re.compile(r"order-([0-9a-f]{16})\.json")


class Word(StrEnum):
    """What can be ordered."""

    PAUSE = "pause"
    RESUME = "resume"
    SAMPLE = "sample"  # look at what the model does now
    SAVE = "save"  # under the number of the step
    STOP = "stop"  # save and end


@dataclass(frozen=True)
class Order:
    """An order as it was read; the answer to it names its id."""

    word: Word
    id: str


def give(folder: Path, word: Word) -> str:
    """Leave an order in a run's folder; gives its id. OSError if that fails."""
    name = secrets.token_hex(8)
    write_whole(_file(folder, name), json.dumps({"order": word}).encode())
    return name


def take_back(folder: Path, order: str) -> None:
    """Take away an order that nobody has obeyed."""
    _file(folder, order).unlink(missing_ok=True)


def _file(folder: Path, name: str) -> Path:
    return folder / f"order-{name}.json"


class Orders:
    """What is ordered of the run in a folder, for the process that trains it. folder: where that is, at any time."""

    def __init__(self, folder: Callable[[], Path], now: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._now = folder, now
        self._next = 0.0  # when it looks again
        self._taken: set[str] = set()  # ids of files that could not be taken away

    def due(self) -> list[Order]:
        """The orders since the last time, the oldest first; it looks every EVERY seconds at most."""
        if self._now() < self._next:
            return []
        self._next = self._now() + EVERY
        folder = self._folder()
        try:
            claimed = (folder / LOCK).lstat().st_mtime_ns
            with os.scandir(folder) as entries:
                names = [found[1] for entry in entries if (found := NAME.fullmatch(entry.name))]
        except OSError:
            return []
        read = [self._read(folder, name, claimed) for name in names[:MOST_AT_ONCE] if name not in self._taken]
        return [order for _, order in sorted((each for each in read if each), key=lambda each: each[0])]

    def _read(self, folder: Path, name: str, claimed: int) -> tuple[int, Order] | None:
        """An order with its time, and its file taken away; None for what is none, or not for this process to obey."""
        path = _file(folder, name)
        try:
            with open_to_read(path) as file:
                status, data = os.fstat(file.fileno()), file.read(MOST_BYTES)
            if status.st_uid != _own_user(status.st_uid) or status.st_nlink != 1:
                return None  # of somebody else: it stays where it is
            self._take_away(path, name)
            if status.st_mtime_ns < claimed or status.st_size > MOST_BYTES:
                return None
            return status.st_mtime_ns, Order(Word(json.loads(data or b"")["order"]), name)
        except (OSError, ValueError, RecursionError, TypeError, KeyError):
            return None

    def _take_away(self, path: Path, name: str) -> None:
        try:
            path.unlink()
        except OSError:
            self._taken.add(name)


def _own_user(otherwise: int) -> int:
    """The user of this process; on a system without users, whoever asks."""
    return os.geteuid() if hasattr(os, "geteuid") else otherwise
