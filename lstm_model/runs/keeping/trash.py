"""The trash: runs that were deleted, each whole, until the trash is emptied.

It is the folder `.trash` beside the runs, so that deleting is one change of a name, on one file system: a process that
is killed, or a power cut, leaves a run in the one place or in the other, and whole. The new name is flushed before the
old one. Nothing is taken from the disk until the trash is emptied.
"""

import contextlib
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.runs.keeping.alone import alone_with, require_own_run, trains_now
from lstm_model.runs.keeping.disk import disk_use
from lstm_model.runs.saves import TRASH, saves_root
from lstm_model.storage.files import flush_names, make_folder, numbered

GOING = ".going-"  # what the name of an entry begins with once it is on its way from the disk


@dataclass(frozen=True)
class Thrown:
    """A run in the trash."""

    folder: Path  # where it lies now
    bytes: int
    at: float  # seconds since the epoch: when it was deleted

    @property
    def run(self) -> str:
        """What its folder was called, but perhaps for a number behind that."""
        return self.folder.name


def throw_away(folder: Path) -> Path:
    """Move a run into the trash beside it; where it lies now.

    InputError if it is none, ships, belongs to a sweep, or trains now; OSError if it cannot be moved.
    """
    require_own_run(folder, "deleted")
    if folder.name in ("", ".."):
        folder = folder.resolve()
    trash = folder.parent / TRASH
    _require_no_link(trash)
    with alone_with(folder):
        make_folder(trash)
        to = numbered(trash / folder.name)
        folder.rename(to)
        flush_names(trash)
        flush_names(trash.parent)
    _date(to)
    return to


def trashed(root: Path | None = None) -> list[Thrown]:
    """The runs in the trash of a folder of runs, the one that was deleted last first."""
    trash = (root or saves_root()) / TRASH
    if trash.is_symlink():  # what lies there is no run that was deleted here
        return []
    try:
        there = [Path(entry.path) for entry in os.scandir(trash) if entry.is_dir() and not entry.name.startswith(".")]
    except OSError:
        return []
    found = [Thrown(folder, disk_use([] if folder.is_symlink() else [folder]), folder.lstat().st_mtime)
             for folder in there]  # fmt: skip
    return sorted(found, key=lambda thrown: (-thrown.at, thrown.run))


def bring_back(name: str, root: Path | None = None) -> Path:
    """Move a run from the trash back to the others; where it lies now: under another number, if its name is taken.

    InputError if there is none of that name.
    """
    root = root or saves_root()
    folder = next((thrown.folder for thrown in trashed(root) if thrown.run == name), None)
    if folder is None:
        raise InputError(f"there is no run {name} in the trash of {root}")
    with alone_with(folder):
        to = numbered(root / name)
        folder.rename(to)
        flush_names(root)
        flush_names(root / TRASH)
    _take_away_if_empty(root / TRASH)
    return to


def empty(root: Path | None = None) -> int:
    """Take all runs in the trash from the disk, but one that is being looked at; how many bytes they took.

    An entry gets another name first, so that no half of a run is ever listed. OSError if the disk refuses.
    """
    trash = (root or saves_root()) / TRASH
    _require_no_link(trash)
    freed = 0
    for thrown in trashed(root):
        to = trash / f"{GOING}{secrets.token_hex(4)}"
        if thrown.folder.is_symlink():  # a claim would write where it leads
            thrown.folder.rename(to)
        elif not trains_now(thrown.folder):
            with contextlib.suppress(InputError), alone_with(thrown.folder):
                thrown.folder.rename(to)
                freed += thrown.bytes
    if trash.is_dir():
        flush_names(trash)  # the new names first: else a power cut may list what files were taken from
    for going in trash.glob(f"{GOING}*"):  # also what a process left that was killed here
        if going.is_symlink():
            going.unlink()
        else:
            shutil.rmtree(going)
    if trash.is_dir():
        flush_names(trash)
        _take_away_if_empty(trash)
    return freed


def _require_no_link(trash: Path) -> None:
    if trash.is_symlink():
        raise InputError(f"{trash} is a link, which leads out of the folder of runs: take it away")


def _take_away_if_empty(trash: Path) -> None:
    try:
        trash.rmdir()
    except OSError:  # there is something left in it
        return
    flush_names(trash.parent)


def _date(folder: Path) -> None:
    """Note in the folder's own time when it came here; where that cannot be, it is told to be older."""
    now = time.time()
    try:
        os.utime(folder, (now, now))
    except OSError:
        return
