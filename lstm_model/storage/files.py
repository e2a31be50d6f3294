"""Files that are there whole or not at all."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

UMASK = os.umask(0o077)  # it can only be read by setting it: once, at import, before any thread runs


def write_whole(path: Path, data: bytes, keep: Path | None = None) -> None:
    """Replace a file by one with other contents, atomically and durably; the old one stays under the name `keep`."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):  # mkstemp gives 0600: give the file the usual rights of the folder's others
            Path(temporary).chmod(0o666 & ~UMASK)
        if keep is not None and path.exists():
            give_second_name(path, keep)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    if os.name == "posix":  # elsewhere a folder cannot be opened
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def give_second_name(path: Path, keep: Path) -> None:
    """Keep a file under another name too, in place of what had that: at no moment is either name without a whole file.

    What `write_whole` does to one of the names later leaves the other as it is. OSError if it fails.
    """
    second = keep.with_name(f".{keep.name}.part")
    second.unlink(missing_ok=True)
    try:
        os.link(path, second)
    except OSError:  # a file system without second names
        shutil.copyfile(path, second)
    try:
        second.replace(keep)
    except OSError:
        second.unlink(missing_ok=True)
        raise
