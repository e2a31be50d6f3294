"""What lies under saves/: the checkpoints of all runs, and what each is."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_model.errors import CheckpointError
from lstm_model.storage.checkpoint import read_record
from lstm_model.training.trainer import number_or_none

LAST, PREVIOUS, BEST = "last.safetensors", "previous.safetensors", "best.safetensors"


def saves_root() -> Path:
    """Where runs go unless told: $LSTM_TUI_SAVES, else ./saves."""
    return Path(os.environ.get("LSTM_TUI_SAVES") or "saves")


def holds_run(folder: Path) -> bool:
    """True if a folder holds a run's checkpoints or settings."""
    return (folder / "config.json").exists() or any(folder.glob("*.safetensors"))


def checkpoint_file(path: Path) -> Path:
    """The checkpoint that a path names: itself, or the last (else the best) one of a run folder."""
    if not path.is_dir():
        return path
    for name in (LAST, BEST, PREVIOUS):
        if (path / name).exists():
            return path / name
    manual = sorted(path.glob("step-*.safetensors"))
    if manual:
        return manual[-1]
    raise CheckpointError(f"{path} holds no checkpoint: `find_saves` lists the runs there are")


def the_one_before(file: Path) -> str:
    """Where a run's `last` cannot be used: a clause that names the one before it, if that can; else ""."""
    previous = file.with_name(PREVIOUS)
    if file.name != LAST or not previous.exists():
        return ""
    try:
        step = describe(previous, read_record(previous)).step
    except (CheckpointError, OSError):
        return ""
    return f"; the one before it, of step {step:,}, is {previous}"


@dataclass(frozen=True)
class Saved:
    """A checkpoint that can be loaded, as a list shows it."""

    path: Path
    task: str
    step: int
    loss: float | None
    val_loss: float | None
    best_val_loss: float | None
    bytes: int
    modified: float  # seconds since the epoch
    settings: str  # such as "default 1x256"

    @property
    def run(self) -> str:
        """Name of the run's folder."""
        return self.path.parent.name


@dataclass(frozen=True)
class Unreadable:
    """A file among the checkpoints that cannot be used."""

    path: Path
    why: str  # one line
    modified: float  # seconds since the epoch; 0 if even that is unknown

    @property
    def run(self) -> str:
        """Name of the folder it lies in."""
        return self.path.parent.name


def find_saves(root: Path | None = None, also: Sequence[Path] = ()) -> tuple[list[Saved], list[str]]:
    """All checkpoints, in the order of `list_saves`, and a line for each that cannot be read."""
    listed = list_saves(root, also)
    complaints = [entry.why for entry in listed if isinstance(entry, Unreadable)]
    return [entry for entry in listed if isinstance(entry, Saved)], sorted(complaints)


def list_saves(root: Path | None = None, also: Sequence[Path] = ()) -> list[Saved | Unreadable]:
    """All checkpoints under the saves root, the newest run first; in each `last`, `best`, then the latest step.

    Only headers are read: some 0.1 ms for each file. also: run folders that may lie elsewhere.
    """
    root = root or saves_root()
    paths = {os.path.realpath(path): path for path in root.glob("*/*.safetensors")}
    paths |= {os.path.realpath(path): path for folder in also for path in folder.glob("*.safetensors")}
    found: list[Saved] = []
    bad: list[Unreadable] = []
    for path in paths.values():
        try:
            found.append(describe(path, read_record(path)))
        except (CheckpointError, OSError) as error:
            bad.append(Unreadable(path, str(error), _modified(path)))
    newest: dict[Path, float] = {}
    for save in found:
        newest[save.path.parent] = max(newest.get(save.path.parent, 0.0), save.modified)
    for entry in bad:  # beside whole files a damaged one makes a run no newer
        newest.setdefault(entry.path.parent, entry.modified)
    order = {LAST: 0, BEST: 1, PREVIOUS: 3}

    def place(entry: Saved | Unreadable) -> tuple[float, str, int, int, str]:
        step = entry.step if isinstance(entry, Saved) else -1
        return -newest[entry.path.parent], entry.run, order.get(entry.path.name, 2), -step, entry.path.name

    return sorted([*found, *bad], key=place)


def previous_run(task: str, not_in: Sequence[Path] = ()) -> Path | None:
    """The newest checkpoint of another run of the task: `last`, if that run has one. None if there is no such run.

    not_in: the folders of the runs that do not count.
    """
    left_out = {folder.resolve() for folder in not_in}
    for save in find_saves()[0]:
        if save.task == task and save.path.parent.resolve() not in left_out:
            return save.path
    return None


def describe(path: Path, record: dict[str, Any]) -> Saved:
    """What a list shows of a checkpoint with this record; CheckpointError if the record is incomplete."""
    status = path.stat()
    try:
        config = record["config"]
        settings = f"{config['preset']} {config['num_layers']}x{config['hidden_size']}"
        loss, val_loss, best = (number_or_none(record[name]) for name in ("loss", "val_loss", "best_val_loss"))
        return Saved(path, str(config["task"]), int(record["step"]), loss, val_loss, best, status.st_size,
                     status.st_mtime, settings)  # fmt: skip
    except (KeyError, TypeError, ValueError, OverflowError):
        raise CheckpointError(f"{path} is damaged (its record is incomplete)") from None


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
