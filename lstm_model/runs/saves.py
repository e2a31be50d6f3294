"""What lies under saves/: the checkpoints of all runs, and what each is."""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from itertools import chain
from pathlib import Path
from typing import Any

from lstm_model.errors import CheckpointError, reason_of
from lstm_model.runs.shipped import shipped_models
from lstm_model.settings.config import setting_types
from lstm_model.settings.known_tasks import KINDS
from lstm_model.storage.checkpoint import read_record
from lstm_model.storage.kept import Kept
from lstm_model.storage.record import Record

LAST, PREVIOUS, BEST = "last.safetensors", "previous.safetensors", "best.safetensors"
LARGEST, LONGEST = 10**15, 10_000  # number, and characters of a word, that are believed of a cache
VERSION = 1  # of what is read of a checkpoint; another set of fields of `Saved` needs the next number
TRASH = ".trash"  # the folder of runs that were deleted, beside the others
SWEEP = "sweep.json"  # in a folder whose subfolders are the runs of a sweep


def saves_root() -> Path:
    """Where runs go unless told: $LSTM_TUI_SAVES, else ./saves."""
    return Path(os.environ.get("LSTM_TUI_SAVES") or "saves")


def holds_run(folder: Path) -> bool:
    """True if a folder holds a run's checkpoints or settings."""
    return (folder / "config.json").exists() or any(folder.glob("*.safetensors"))


def checkpoint_file(path: Path) -> Path:
    """The checkpoint that a path names: itself, or the last (else the best) one of a run folder.

    A model that ships may be called by its name alone, where there is nothing else of that name.
    """
    if not path.exists():
        path = shipped_models().get(str(path), path)
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
        step = read_record(previous).step
    except CheckpointError:
        return ""
    return f"; the one before it, of step {step:,}, is {previous}"


@dataclass(frozen=True)
class Saved:
    """A checkpoint that can be loaded, as a list shows it."""

    file: Path
    task: str
    step: int
    loss: float | None
    val_loss: float | None
    best_val_loss: float | None
    bytes: int
    modified: float  # seconds since the epoch
    settings: str  # such as "default 1x256"
    best_step: int
    elapsed_s: float  # seconds of training
    data: str  # name of the data
    baselines: str  # a key that runs share which are held against the same, see `baselines.py`
    values: Mapping[str, Any] = field(hash=False)  # all settings by name, as `Config.as_dict` gives them

    @property
    def run(self) -> str:
        """Name of the run's folder."""
        return self.file.parent.name


_NUMBER, _MAYBE = (int, float), (int, float, type(None))
# What the fields of `Saved` after the file may be, one for each.
_KINDS: tuple[Any, ...] = (str, int, _MAYBE, _MAYBE, _MAYBE, int, _NUMBER, str, int, _NUMBER, str, str, dict)
_KEY = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Unreadable:
    """A file among the checkpoints that cannot be used."""

    file: Path
    why: str  # one line
    modified: float  # seconds since the epoch; 0 if even that is unknown

    @property
    def run(self) -> str:
        """Name of the folder it lies in."""
        return self.file.parent.name


def find_saves(root: Path | None = None, also: Sequence[Path] = ()) -> tuple[list[Saved], list[str]]:
    """All checkpoints, in the order of `list_saves`, and a line for each that cannot be read."""
    listed = list_saves(root, also)
    complaints = [entry.why for entry in listed if isinstance(entry, Unreadable)]
    return [entry for entry in listed if isinstance(entry, Saved)], sorted(complaints)


def list_saves(root: Path | None = None, also: Sequence[Path] = ()) -> list[Saved | Unreadable]:
    """All checkpoints under the saves root, the newest run first; in each `last`, `best`, then the latest step.

    Only records are read, those of many files once: see `storage/kept.py`. also: run folders that may lie elsewhere.
    """
    root = root or saves_root()
    folders = {os.path.realpath(folder): folder for folder in [*run_folders(root), *also]}
    found: list[Saved] = []
    bad: list[Unreadable] = []
    kept = Kept(_what_is_read(), root, _are_entries)
    for folder in folders.values():
        for file in folder.glob("*.safetensors"):
            try:
                found.append(Saved(file, *kept.of(file, _entries)))
            except (CheckpointError, OSError) as error:
                bad.append(Unreadable(file, str(error), _modified(file)))
    kept.close()
    newest: dict[Path, float] = {}
    for save in found:
        newest[save.file.parent] = max(newest.get(save.file.parent, 0.0), save.modified)
    for entry in bad:  # beside whole files a damaged one makes a run no newer
        newest.setdefault(entry.file.parent, entry.modified)
    order = {LAST: 0, BEST: 1, PREVIOUS: 3}

    def place(entry: Saved | Unreadable) -> tuple[float, str, int, int, str]:
        step = entry.step if isinstance(entry, Saved) else -1
        return -newest[entry.file.parent], entry.run, order.get(entry.file.name, 2), -step, entry.file.name

    return sorted([*found, *bad], key=place)


def run_folders(root: Path) -> list[Path]:
    """The folders under the saves root that may be runs: all there are, and those inside of a sweep's."""
    try:
        folders = [Path(entry.path) for entry in os.scandir(root) if entry.is_dir() and entry.name != TRASH]
    except OSError:
        return []
    return [*folders, *(run for folder in folders if (folder / SWEEP).exists() for run in folder.iterdir())]


def is_trial(folder: Path) -> bool:
    """Whether a run is one of a sweep."""
    return (folder.absolute().parent / SWEEP).exists()


def own_first(saves: Iterable[Saved]) -> list[Saved]:
    """Runs that somebody began for their own sake before trials of sweeps, else in the order they came in."""
    return sorted(saves, key=lambda save: is_trial(save.file.parent))


def previous_run(task: str, not_in: Sequence[Path] = ()) -> Path | None:
    """The newest checkpoint of another run of the task: `last`, if that run has one. None if there is no such run.

    A trial of a sweep is taken only where there is no other run. not_in: the folders of the runs that do not count.
    """
    left_out = {folder.resolve() for folder in not_in}
    for save in own_first(find_saves()[0]):
        if save.task == task and save.file.parent.resolve() not in left_out:
            return save.file
    return None


def look_up(file: Path) -> Saved:
    """What a list shows of a checkpoint; CheckpointError, in one line, if it is missing, damaged or not ours."""
    return describe(file, read_record(file))


def _what_is_read() -> str:
    """A word that changes when another version of the program reads more of a checkpoint."""
    settings = {name for task in KINDS for name in setting_types(task)}
    return " ".join(["saves", str(VERSION), *sorted(settings)])


def _entries(file: Path) -> list[Any]:
    saved = look_up(file)
    return [getattr(saved, each.name) for each in fields(saved) if each.name != "file"]


def _are_entries(values: list[Any]) -> bool:
    """Whether values out of the cache are such as `_entries` gives: a damaged one is read anew."""
    if len(values) != len(_KINDS):
        return False
    if not all(isinstance(value, kind) and type(value) is not bool for value, kind in zip(values, _KINDS, strict=True)):
        return False
    task, key, settings = values[0], values[-2], values[-1]
    if task not in KINDS or not _KEY.fullmatch(key) or settings.keys() != setting_types(task).keys():
        return False
    lists = [value for value in settings.values() if isinstance(value, list)]
    return all(map(_is_plain, chain(values[:-1], (v for v in settings.values() if not isinstance(v, list)), *lists)))


def _is_plain(value: Any) -> bool:
    """Whether something is a word, a number that can be, or nothing."""
    if isinstance(value, int | float):
        return abs(value) <= LARGEST  # which what is no number is not
    return value is None or (isinstance(value, str) and len(value) <= LONGEST)


def describe(file: Path, record: Record) -> Saved:
    """What a list shows of a checkpoint with this record; CheckpointError if the file is gone."""
    try:
        status = file.stat()
    except OSError as error:
        raise CheckpointError(f"cannot read {file}: {reason_of(error)}") from None
    config = record.config
    return Saved(
        file, config.task, record.step, record.loss, record.val_loss, record.best_val_loss, status.st_size,
        status.st_mtime, config.shape, record.best_step, record.elapsed_s, record.data.name,
        _held_against(record), config.as_dict(),
    )  # fmt: skip


def _held_against(record: Record) -> str:
    """A key of what the baselines of a run depend on: its data, their parts, and how the task takes them."""
    config, data = record.config, record.data
    about = [config.task, data.sha256, data.memory, config.split, config.seq_length, asdict(config.of_task)]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def _modified(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
