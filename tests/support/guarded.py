"""That nothing is written outside of some folders, and nothing executed, while something is done with hostile files.

Python tells of each opening, renaming and starting before it happens. A file that has a second name elsewhere is
written to under its own, so what lies elsewhere is also compared.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# By event: how many of its first arguments are paths, of which a last link is not followed.
CHANGES = {"os.rename": 2, "os.remove": 1, "os.rmdir": 1, "os.mkdir": 1, "os.link": 2, "os.symlink": 2,
           "shutil.rmtree": 1}  # fmt: skip
FOLLOWS = ("os.truncate", "os.chmod", "os.chown", "os.utime", "os.setxattr")
EXECUTES = ("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "subprocess.Popen",
            "pickle.find_class", "socket.connect", "ctypes.dlopen")  # fmt: skip


class Guard:
    """Entered, it watches this process; `wrong` says what it saw. One is at work at a time."""

    at_work: "Guard | None" = None
    is_hooked = False

    def __init__(self, allowed: Iterable[Path], elsewhere: Path) -> None:
        self.allowed = [os.path.realpath(folder) for folder in allowed]
        self.elsewhere = elsewhere
        self.wrong: list[str] = []

    def __enter__(self) -> Self:
        if not Guard.is_hooked:
            sys.addaudithook(_audited)
            Guard.is_hooked = True
        self.before = contents_of(self.elsewhere)
        Guard.at_work = self
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        Guard.at_work = None
        if contents_of(self.elsewhere) != self.before:
            self.wrong.append("what lies elsewhere was changed")

    def see(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take in what is about to happen."""
        if event in EXECUTES:
            self.wrong.append(f"{event} {arguments[:2]!r}")
        elif event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & WRITES and not isinstance(path, int) and path is not None:
                self._require(event, path, follows=not flags & os.O_NOFOLLOW)
        elif event in CHANGES:
            for path in arguments[: CHANGES[event]]:
                if event != "os.symlink" or path is not arguments[0]:
                    self._require(event, path, follows=False)
        elif event in FOLLOWS and not isinstance(arguments[0], int):
            self._require(event, arguments[0], follows=True)

    def _require(self, event: str, path: Any, *, follows: bool) -> None:
        text = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
        folder, name = os.path.split(text)
        real = os.path.realpath(text) if follows else os.path.join(os.path.realpath(folder), name)  # noqa: PTH118
        if not any(real == root or real.startswith(root + os.sep) for root in self.allowed) and real != os.devnull:
            self.wrong.append(f"{event} {real}")


def _audited(event: str, arguments: tuple[Any, ...]) -> None:
    guard = Guard.at_work
    if guard is not None:
        Guard.at_work = None  # what is asked here is no doing of the program
        guard.see(event, arguments)
        Guard.at_work = guard


def contents_of(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Contents, mode and owner of all plain files below a folder."""
    return {
        str(path): (path.read_bytes(), path.lstat().st_mode, path.lstat().st_uid)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
