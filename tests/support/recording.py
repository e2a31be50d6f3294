"""Everything a program does to files below a folder, in order: what a disk may lose of it is told in power.py."""

import builtins
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

File = int  # a file or a folder apart from its names
ROOT: File = 0  # the folder below which all is recorded


@dataclass(frozen=True)
class Rename:
    """In `folder` the name `new` means `file`, and `old`, if there was one, means nothing any more.

    A new file has no old name, a second name leaves the first; file None takes `new` away.
    """

    folder: File
    new: str
    file: File | None
    old: str | None = None
    is_folder: bool = False


@dataclass(frozen=True)
class Move:
    """From one folder to another, under a new name: at once, or first the new name and then the old one away."""

    file: File
    folder: File
    old: str
    to: File
    new: str
    is_folder: bool = False


@dataclass(frozen=True)
class Write:
    """Bytes of a file from an offset on."""

    file: File
    offset: int
    data: bytes


@dataclass(frozen=True)
class Truncate:
    """A file has this size now."""

    file: File
    size: int


@dataclass(frozen=True)
class Flush:
    """What was written into a file before is on the disk."""

    file: File


@dataclass(frozen=True)
class FlushNames:
    """What was done to the names in a folder before is on the disk."""

    folder: File


@dataclass(frozen=True)
class Claimed:
    """The program has said that something is saved."""

    what: str
    step: int


Operation = Rename | Move | Write | Truncate | Flush | FlushNames | Claimed


class Recorder:
    """Collects `operations` below a folder. Whatever it does not know, such as text files, is an error."""

    def __init__(self, root: Path) -> None:
        self.root = os.path.realpath(root)
        self.operations: list[Operation] = []
        self.claims: dict[str, int] = {}
        self.named: dict[str, File] = {self.root: ROOT}  # by path: files and folders alike
        self.opened: dict[int, tuple[str, File | None]] = {}  # by descriptor: path, and the file if it is one
        self.real: dict[str, Callable[..., Any]] = {}

    def claim(self, what: str, step: int) -> None:
        """Note what the program has promised."""
        self.claims[what] = step
        self.operations.append(Claimed(what, step))

    def below(self, path: Any) -> str | None:
        """The path in full if it lies below the folder."""
        if isinstance(path, int):
            return None
        full = os.path.abspath(os.fspath(path))  # noqa: PTH100 - a last part that is a link stays one
        return full if full.startswith(self.root + os.sep) else None

    def name(self, path: str, file: File | None, old: str | None = None, *, is_folder: bool = False) -> None:
        """A name comes, changes or goes."""
        folder, new = os.path.split(path)
        if old is not None:
            self._take_along(old, path)
        if old is not None and file is not None and os.path.dirname(old) != folder:  # noqa: PTH120
            self.named[path] = file
            from_folder, name = os.path.split(old)
            is_folder = os.path.isdir(path)  # noqa: PTH112
            self.operations.append(Move(file, self.named[from_folder], name, self.named[folder], new, is_folder))
            return
        if file is None:
            del self.named[path]
        else:
            self.named[path] = file
        before = None if old is None else os.path.basename(old)  # noqa: PTH119
        self.operations.append(Rename(self.named[folder], new, file, before, is_folder or self._is_folder(path)))

    def _take_along(self, old: str, path: str) -> None:
        """A name is gone, and what lies below it has another path."""
        del self.named[old]
        for below in [each for each in self.named if each.startswith(old + os.sep)]:
            self.named[path + below[len(old) :]] = self.named.pop(below)

    def _is_folder(self, path: str) -> bool:
        return os.path.isdir(path)  # noqa: PTH112

    def new(self, path: str, *, is_folder: bool = False) -> File:
        """A file or a folder that was not there."""
        file = len(self.operations) + 1
        self.name(path, file, is_folder=is_folder)
        return file

    # What stands in the place of the system's functions

    def mkdir(self, path: Any, *arguments: Any, **options: Any) -> None:
        self.real["mkdir"](path, *arguments, **options)
        if full := self.below(path):
            self.new(full, is_folder=True)

    def open(self, path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        full = self.below(path)
        there = os.path.exists(path)  # noqa: PTH110
        descriptor: int = self.real["open"](path, flags, *arguments, **options)
        if os.path.isdir(path):  # noqa: PTH112
            self.opened[descriptor] = os.path.realpath(path), None
        elif full and flags & os.O_ACCMODE != os.O_RDONLY:
            self.opened[descriptor] = full, self.named[full] if there else self.new(full)
        return descriptor

    def close(self, descriptor: int) -> None:
        self.opened.pop(descriptor, None)
        self.real["close"](descriptor)

    def fdopen(self, descriptor: int, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        path, file = self.opened.get(descriptor, ("", None))
        if file is None:
            return self.real["fdopen"](descriptor, mode, *arguments, **options)
        assert mode == "wb", f"{path} is opened as {mode!r}, which is not modelled"
        return io.BufferedWriter(Watched(descriptor, mode, self, file))

    def open_file(self, path: Any, mode: str = "r", buffering: int = -1, *arguments: Any, **options: Any) -> Any:
        full = self.below(path)
        if full is None or mode in ("r", "rb"):
            return self.real["open_file"](path, mode, buffering, *arguments, **options)
        assert mode in ("a+b", "r+b", "wb"), f"{path} is opened as {mode!r}, which is not modelled"
        there = os.path.exists(full)  # noqa: PTH110
        raw = Watched(full, mode, self, None)
        raw.file = self.named[full] if there else self.new(full)
        if mode == "wb" and there:
            self.operations.append(Truncate(raw.file, 0))
        self.opened[raw.fileno()] = full, raw.file
        return raw if buffering == 0 else io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)

    def replace(self, old: Any, new: Any, **options: Any) -> None:
        self.real["replace"](old, new, **options)
        if full := self.below(new):
            before = self.below(old)
            assert before is not None
            self.name(full, self.named[before], before)

    def link(self, old: Any, new: Any, **options: Any) -> None:
        self.real["link"](old, new, **options)
        if full := self.below(new):
            self.name(full, self.named[str(self.below(old))])

    def unlink(self, path: Any, **options: Any) -> None:
        self.real["unlink"](path, **options)
        if full := self.below(path):
            self.name(full, None)

    def rmdir(self, path: Any, **options: Any) -> None:
        self.real["rmdir"](path, **options)
        if full := self.below(path):
            self.name(full, None)

    def rmtree(self, path: Any, **options: Any) -> None:
        """Each thing in it by its path, where the system's goes by descriptors."""
        for entry in sorted(Path(path).iterdir()):
            (self.rmtree if entry.is_dir() and not entry.is_symlink() else self.unlink)(entry)
        self.rmdir(path)

    def write(self, descriptor: int, data: Any) -> int:
        _, file = self.opened.get(descriptor, ("", None))
        at = os.fstat(descriptor).st_size if file is not None else 0
        done: int = self.real["write"](descriptor, data)
        if file is not None:  # all that is written so was opened to append
            self.operations.append(Write(file, at, bytes(data[:done])))
        return done

    def fsync(self, descriptor: int) -> None:
        self.real["fsync"](descriptor)
        path, file = self.opened.get(descriptor, ("", None))
        if file is not None:
            self.operations.append(Flush(file))
        elif path:
            self.operations.append(FlushNames(self.named[path]))


class Watched(io.FileIO):
    """An open file that tells what is written into it."""

    def __init__(self, path: str | int, mode: str, recorder: Recorder, file: File | None) -> None:
        super().__init__(path, mode)
        self.appends, self.recorder, self.file = "a" in mode, recorder, file

    def write(self, data: Any) -> int:
        at = self.seek(0, os.SEEK_END) if self.appends else self.tell()
        done = super().write(data) or 0
        assert self.file is not None
        self.recorder.operations.append(Write(self.file, at, bytes(data[:done])))
        return done

    def truncate(self, size: int | None = None) -> int:
        size = super().truncate(size)
        assert self.file is not None
        self.recorder.operations.append(Truncate(self.file, size))
        return size


@contextmanager
def recorded(root: Path) -> Iterator[Recorder]:
    """Record what this process does to files below a folder, which is empty now."""
    recorder = Recorder(root)
    places = {
        name: (os, name)
        for name in ("mkdir", "open", "close", "fdopen", "replace", "link", "unlink", "fsync", "rmdir", "write")
    }
    for name, (module, attribute) in places.items():
        recorder.real[name] = getattr(module, attribute)
    recorder.real["open_file"] = builtins.open
    aliases: list[tuple[Any, str, str]] = [(module, attribute, name) for name, (module, attribute) in places.items()]
    aliases += [(os, "rename", "replace"), (os, "remove", "unlink")]
    recorder.real["rmtree"] = shutil.rmtree
    aliases += [(shutil, "rmtree", "rmtree")]
    aliases += [(builtins, "open", "open_file"), (io, "open", "open_file")]
    before = [(module, attribute, getattr(module, attribute)) for module, attribute, _ in aliases]
    try:
        for module, attribute, name in aliases:
            setattr(module, attribute, getattr(recorder, name))
        yield recorder
    finally:
        for module, attribute, real in before:
            setattr(module, attribute, real)
