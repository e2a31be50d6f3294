"""A process's claim on a run folder: two processes that write into one would each undo what the other saves.

The claim is a lock of the operating system on the file `.lock`. It ends with the process, however that ends, so none is
ever left behind; the file itself stays, and means nothing without the lock.
"""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.storage.files import NO_LINK

try:
    import fcntl
except ImportError:  # a system without it goes without claims
    fcntl = None  # type: ignore[assignment]

LOCK = ".lock"


@dataclass
class _Held:
    descriptor: int
    times: int


_held: dict[str, _Held] = {}  # by real path: within a process several run folders may stand for the same one
_guard = threading.Lock()


class Claim:
    """Holds a folder until `release`. InputError if another process holds it, or if its lock is a link.

    A folder that cannot be written to, or a file system without locks, gives a claim on nothing: saving will say what
    is wrong, or two processes are not told.
    """

    def __init__(self, folder: Path) -> None:
        self._key: str | None = os.path.realpath(folder)
        with _guard:
            held = _held.get(self._key)
            if held is None:
                descriptor = _locked(folder)
                if descriptor is None:
                    self._key = None
                    return
                held = _held[self._key] = _Held(descriptor, 0)
            held.times += 1

    @property
    def is_shared(self) -> bool:
        """Whether this process has another claim on the folder, as while one run of it takes the place of another."""
        with _guard:
            held = _held.get(self._key or "")
            return held is not None and held.times > 1

    def release(self) -> None:
        """Let go of it; a second time does nothing."""
        with _guard:
            held = _held.get(self._key) if self._key is not None else None
            if self._key is not None and held is not None:
                held.times -= 1
                if not held.times:
                    os.close(held.descriptor)
                    del _held[self._key]
        self._key = None


def is_held(folder: Path) -> bool:
    """Whether a process, this one included, holds a folder; False where that cannot be known."""
    with _guard:
        if os.path.realpath(folder) in _held:
            return True
    if fcntl is None:
        return False
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC | NO_LINK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def _locked(folder: Path) -> int | None:
    """The lock file's descriptor, None where nothing can be locked."""
    if fcntl is None:
        return None
    if (folder / LOCK).is_symlink():  # the number of the process would be written wherever it leads
        raise InputError(f"{folder / LOCK} is a link, which no run makes: take it away")
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | NO_LINK, 0o666)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        process = f" (process {owner})" if owner.isdigit() else ""
        raise InputError(
            f"{folder} is in use, another lstm-tui writes in it{process}: end that one first,"
            " or save in another folder with `save`"
        ) from None
    except OSError:
        os.close(descriptor)
        return None
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except OSError:  # a full disk: the lock holds without the name
        pass
    return descriptor
