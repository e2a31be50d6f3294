"""A process's claim on a run folder: two processes that write into one would each undo what the other saves.

The claim is a lock of the operating system on the file `.lock`. It ends with the process, however that ends, so none is
ever left behind; the file itself stays, and means nothing without the lock.
"""

import contextlib
import errno
import os
import stat
import threading
from dataclasses import dataclass
from pathlib import Path

from lstm_model.errors import InputError, reason_of
from lstm_model.storage import holder
from lstm_model.storage.files import NO_LINK

try:
    import fcntl
except ImportError:  # a system without it goes without claims
    fcntl = None  # type: ignore[assignment]

LOCK = holder.LOCK


@dataclass
class _Held:
    descriptor: int | None  # None where nothing can be locked
    unlocked: str = ""
    times: int = 0


_held: dict[str, _Held] = {}  # by real path: within a process several run folders may stand for the same one
_guard = threading.Lock()


class Claim:
    """Holds a folder until `release`. InputError if another process holds it, or if its lock is a link.

    A folder that cannot be written to gives a claim on nothing: saving will say what is wrong. One whose file system
    has no locks, or none that keep others away, is used without; `unlocked` then says so in a line, else it is "".
    """

    def __init__(self, folder: Path) -> None:
        self._key: str | None = os.path.realpath(folder)
        with _guard:
            held = _held.get(self._key) or _locked(folder)
            self.unlocked = held.unlocked
            if held.descriptor is None:
                self._key = None
                return
            _held[self._key] = held
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
                if not held.times and held.descriptor is not None:
                    os.close(held.descriptor)
                    del _held[self._key]
        self._key = None

    @property
    def moved_to(self) -> Path | None:
        """Where the folder lies by now if somebody has moved it; None if it is gone, or where that cannot be known."""
        held = _held.get(self._key) if self._key is not None else None
        if held is None or held.descriptor is None:
            return None
        try:
            lock = Path(os.readlink(f"/proc/self/fd/{held.descriptor}"))  # noqa: PTH115 - of no real link
        except OSError:
            return None
        return lock.parent if lock.name == LOCK and lock.exists() else None


def is_held(folder: Path) -> bool:
    """Whether a process, this one included, holds a folder; False where that cannot be known.

    Where the system tells, the lock is not touched: a process that begins to train just then is not turned away. It
    does not tell of other machines and containers, so whoever is about to write claims the folder as well.
    """
    with _guard:
        if os.path.realpath(folder) in _held:
            return True
    if holder.tells():
        return holder.holder_of(folder) is not None
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


def _locked(folder: Path) -> _Held:
    if fcntl is None:
        return _Held(None)
    if (folder / LOCK).is_symlink():  # the number of the process would be written wherever it leads
        raise InputError(f"{folder / LOCK} is a link, which no run makes: take it away")
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | NO_LINK, 0o666)
    except OSError as error:  # in a folder that cannot be written to nothing need be kept from others
        return _Held(None, _line(folder, reason_of(error)) if os.access(folder, os.W_OK) else "")
    try:
        _lock(descriptor)
    except BlockingIOError:
        owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        process = f" (process {owner})" if owner.isdigit() else ""
        raise InputError(
            f"{folder} is in use, another lstm-tui writes in it{process}: end that one first,"
            " or save in another folder with `save`"
        ) from None
    except OSError as error:
        os.close(descriptor)
        return _Held(None, _line(folder, reason_of(error)))
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) and status.st_nlink == 1:  # else it would be written elsewhere as well
        with contextlib.suppress(OSError):  # a full disk: the lock holds without the name
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return _Held(descriptor, "" if _keeps_others_away(folder) else _line(folder, "every process gets the lock there"))


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno != errno.ESTALE:  # a server that came back knows the file at the second time
            raise
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _keeps_others_away(folder: Path) -> bool:
    """Whether the lock that we hold is refused to others: a file that is opened again is like another process."""
    try:
        second = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC | NO_LINK)
    except OSError:
        return True
    try:
        fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(second)
    return False


def _line(folder: Path, why: str) -> str:
    return f"{folder} cannot be locked ({why}): see to it that nobody else trains there"
