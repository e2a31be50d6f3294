"""Files that are there whole or not at all, also after a power cut."""

import os
import secrets
import shutil
import stat
from collections.abc import Callable
from io import FileIO
from pathlib import Path

BINARY = getattr(os, "O_BINARY", 0)  # where there are text files as well
NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # opening a link fails, so that nothing outside of the folder is written
NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # opening a pipe does not wait for whoever writes to it


def write_whole(path: Path, data: bytes, keep: Path | None = None) -> None:
    """Replace a file by one with other contents, atomically and durably; the old one stays under the name `keep`."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    # With the usual rights of the folder's other files: the system takes away what the process's umask says.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if keep is not None and path.exists():
            give_second_name(path, keep)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_names(path.parent)


def open_to_append(path: Path) -> FileIO:
    """Open a file to read it and to write at its end, without a buffer; it is made if it is not there.

    OSError if it fails, and for a link or anything else that is no plain file: what came with a folder from somewhere
    must not lead out of it. Who can write in the folder at this very moment could still put a link there. A file that
    has a second name, in a backup or in somebody else's folder, is copied first: what stands there stays as it is.
    """
    if path.is_symlink():
        raise OSError(f"{path.name} is a link: put a plain file in its place, or take it away")
    if path.exists() and not path.is_file():  # a pipe would wait
        raise OSError(f"{path.name} is no plain file: put one in its place, or take it away")
    if path.exists() and path.stat().st_nlink > 1:
        _part_from_second_name(path)
    return path.open("a+b", buffering=0)


def _part_from_second_name(path: Path) -> None:
    copy = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o666)
    try:
        with path.open("rb") as old, os.fdopen(descriptor, "wb") as new:
            shutil.copyfileobj(old, new, 1 << 20)
            new.flush()
            os.fsync(new.fileno())
        copy.replace(path)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    flush_names(path.parent)


def open_to_read(path: Path) -> FileIO:
    """Open a plain file to read it, without a buffer. OSError for a link, and for all that is no plain file."""
    descriptor = os.open(path, os.O_RDONLY | NO_LINK | NO_WAIT | BINARY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path.name} is no plain file")
    return FileIO(descriptor)


def read_small(path: Path, most: int) -> bytes:
    """What a plain file holds. OSError if it cannot be read, is a link, or holds more than `most` bytes."""
    with open_to_read(path) as file:
        found = bytearray()
        while piece := file.read(most + 1 - len(found)):
            found += piece
    if len(found) > most:
        raise OSError(f"{path.name} is larger than {most:,} bytes")
    return bytes(found)


def give_second_name(path: Path, keep: Path) -> None:
    """Keep a file under another name too, in place of what had that: at no moment is either name without a whole file.

    What `write_whole` does to one of the names later leaves the other as it is. The new name lasts once the folder is
    flushed. OSError if it fails.
    """
    second = keep.with_name(f".{keep.name}.part")
    second.unlink(missing_ok=True)
    try:
        os.link(path, second)
    except OSError:  # a file system without second names
        shutil.copyfile(path, second)
        flush_contents(second)
    try:
        second.replace(keep)
    except OSError:
        second.unlink(missing_ok=True)
        raise


def make_folder(path: Path, *, exist_ok: bool = True) -> None:
    """Make a folder and those it lies in, durably: what is flushed into it is lost with it if its own name is lost.

    FileExistsError if it is there and must not be.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.is_dir()]
    path.mkdir(parents=True, exist_ok=exist_ok)
    for folder in reversed(missing):
        flush_names(folder.parent)


def numbered(path: Path, taken: Callable[[Path], bool] = os.path.lexists) -> Path:
    """The path, or else the first with a number behind it that is free."""
    free, count = path, 1
    while taken(free):
        count += 1
        free = path.with_name(f"{path.name}-{count}")
    return free


def flush_contents(path: Path) -> None:
    """Wait until what was written into a file is on the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def flush_names(folder: Path) -> None:
    """Wait until the names in a folder are on the disk: new ones, changed ones, and those taken away."""
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
