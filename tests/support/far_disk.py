"""File systems that are not local, simulated: what a server, a quota or a remount does to the calls of one process."""

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Call = Callable[..., Any]
CALLS: dict[str, Any] = {"open": os, "replace": os, "rename": os, "link": os, "unlink": os, "mkdir": os, "fsync": os}
WRITES = os.O_WRONLY | os.O_RDWR


@contextmanager
def instead(make: Callable[[str, Call], Call]) -> Iterator[None]:
    """Let other functions take the place of those by which files are written; `make` makes them of the real ones."""
    places = [*((module, name) for name, module in CALLS.items()), (io, "open")]
    real = [(module, name, getattr(module, name)) for module, name in places]
    try:
        for module, name, call in real:
            setattr(module, name, make("open_file" if module is io else name, call))
        yield
    finally:
        for module, name, call in real:
            setattr(module, name, call)


class Refusing:
    """Refuses calls about files below a folder with an error, as long as `when` says so of their number."""

    def __init__(self, folder: Path, number: int, when: Callable[[int], bool]) -> None:
        self.folder, self.number, self.when = str(folder), number, when
        self.count = self.refused = 0

    def make(self, name: str, real: Call) -> Call:
        """A function that may refuse."""

        def call(first: Any, *arguments: Any, **options: Any) -> Any:
            if self._is_about_it(name, first, arguments):
                self.count += 1
                if self.when(self.count):
                    self.refused += 1
                    raise OSError(self.number, os.strerror(self.number), str(first))
            return real(first, *arguments, **options)

        return call

    def _is_about_it(self, name: str, first: Any, arguments: tuple[Any, ...]) -> bool:
        if name == "fsync":
            return True
        if isinstance(first, int) or not str(first).startswith(self.folder):
            return False
        if self.number == errno.ESTALE:
            return True
        if name == "open":  # what is only read is there
            return bool(arguments and arguments[0] & (WRITES | os.O_CREAT))
        return name != "open_file" or any(mark in str(arguments[:1]) for mark in "wax+")


class Late:
    """A rename is not seen by who reads until something else is written: another client's view of a server."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Call, Any, Any]] = []
        self.delayed = 0

    def make(self, name: str, real: Call) -> Call:
        """A function that first does what waits, unless it only reads."""

        def call(first: Any, *arguments: Any, **options: Any) -> Any:
            reads = name == "open" and not (arguments and arguments[0] & (WRITES | os.O_CREAT))
            reads = reads or (name == "open_file" and not any(mark in str(arguments[:1]) for mark in "wax+"))
            if not reads and name != "fsync":
                self.catch_up()
            if name in ("replace", "rename"):
                self.delayed += 1
                self.waiting.append((real, first, arguments[0]))
                return None
            return real(first, *arguments, **options)

        return call

    def catch_up(self) -> None:
        """Do what waits."""
        waiting, self.waiting = self.waiting, []
        for real, old, new in waiting:
            real(old, new)
