"""Forks the real command line again and again, and lets each child be killed: at a point, or after a time.

It imports everything once, so that a life costs little. It reads a line of JSON for each child and answers with one:

    {"arguments": ["train", ...], "folder": DIR, "out": FILE, "point": 17}
    {"arguments": ["train", ...], "folder": DIR, "out": FILE, "after": 0.12}      seconds after its first word
    {"arguments": ["train", ...], "out": FILE, "signal": 15, "slice": 31}         by itself, see driven.py
    {"status": -9, "point": "rename"}      how it ended, and before what it was killed

Points stand before everything that a child does to files in its folder, as Python's audit events tell it: open, make,
rename, remove. There are more on both sides of each fsync, and in the middle of a checkpoint's bytes.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, Self

from lstm_tui.cli import main
from support.driven import follow_steps, stop_after

EVENTS = ("open", "os.mkdir", "os.rename", "os.remove", "os.truncate")
ENDED = os.WEXITED | os.WNOHANG | os.WNOWAIT


class Points:
    """Counts points, and kills its own process at one of them."""

    def __init__(self, folder: str, at: int, tell: int) -> None:
        self.folder, self.at, self.tell, self.count = folder, at, tell, 0
        self.fsync, self.fdopen = os.fsync, os.fdopen
        sys.addaudithook(self.audited)
        os.fsync, os.fdopen = self.synced, self.halved  # type: ignore[assignment]

    def here(self, name: str) -> None:
        self.count += 1
        if self.count == self.at:
            os.write(self.tell, name.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in EVENTS and arguments and str(arguments[0]).startswith(self.folder):
            self.here(event.rpartition(".")[2])

    def synced(self, descriptor: int) -> None:
        self.here("fsync")
        self.fsync(descriptor)
        self.here("fsynced")

    def halved(self, *arguments: Any, **options: Any) -> "Halves":
        return Halves(self.fdopen(*arguments, **options), self)


class Halves:
    """A file that writes in two halves, with a point between them."""

    def __init__(self, file: BinaryIO, points: Points) -> None:
        self.file, self.points = file, points

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def write(self, data: bytes) -> int:
        done = self.file.write(data[: len(data) // 2])
        self.file.flush()
        self.points.here("half-written")
        return done + self.file.write(data[len(data) // 2 :])


def live(asked: dict[str, Any], tell: int) -> NoReturn:
    """What a child does."""
    out = os.open(asked["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    if asked.get("signal"):
        stop_after(asked["slice"], asked["signal"])
    if asked.get("point"):
        Points(asked["folder"], asked["point"], tell)
    status = main(asked["arguments"])
    sys.stdout.flush()
    os._exit(status)


def one_life(asked: dict[str, Any]) -> dict[str, Any]:
    """Fork a child, kill it if that is asked for, and say how it ended."""
    hear, tell = os.pipe()
    Path(asked["out"]).write_bytes(b"")
    child = os.fork()
    if child == 0:
        live(asked, tell)
    os.close(tell)
    if asked.get("after") is not None:
        while not Path(asked["out"]).stat().st_size and not os.waitid(os.P_PID, child, ENDED):
            time.sleep(0.001)
        time.sleep(asked["after"])  # the moment is random: nothing in particular is waited for
        os.kill(child, signal.SIGKILL)  # a child that has ended is still there to be waited for
    _, status = os.waitpid(child, 0)
    with os.fdopen(hear, "rb") as heard:
        return {"status": os.waitstatus_to_exitcode(status), "point": heard.read().decode()}


if __name__ == "__main__":
    follow_steps()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(one_life(json.loads(line))) + "\n")
        sys.stdout.flush()
