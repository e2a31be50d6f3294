"""Run folders: where a run's checkpoints, figures and samples lie, and how they are found again."""

import csv
import io
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lstm_model.errors import CheckpointError, InputError
from lstm_model.runs.events import Sample
from lstm_model.storage.checkpoint import give_second_name, read_record, save_checkpoint, write_whole
from lstm_model.storage.claim import Claim
from lstm_model.tasks.text.sample_book import append_sample
from lstm_model.training.trainer import Trainer, number_or_none

LAST, PREVIOUS, BEST = "last.safetensors", "previous.safetensors", "best.safetensors"
SAMPLES, ROWS = "samples.txt", "metrics.csv"
MOST_ROWS, LONGEST_ROW = 10_000, 4096  # kept while they cannot be written; bytes of one
FIGURES = ("step", "epoch", "loss", "val_loss", "learning_rate", "grad_norm", "speed", "elapsed_s")


def saves_root() -> Path:
    """Where runs go unless told: $LSTM_TUI_SAVES, else ./saves."""
    return Path(os.environ.get("LSTM_TUI_SAVES") or "saves")


class RunFolder:
    """The folder of one run. It is made on the first write, so that a run nobody keeps leaves nothing behind.

    A folder that is there is claimed at once, one that is made as soon as it is, so that no two processes write in it;
    `release` ends that. If the folder is deleted while the run goes on, the next write makes it again.
    """

    def __init__(self, path: Path, *, overwrite: bool = False) -> None:
        self.path = path
        self._overwrite = overwrite
        self._ready = False
        self._went_on_at: int | None = None  # the step of the checkpoint that was loaded
        self._stem: Path | None = None  # of a name that is ours to number, until the folder is made
        self._claim = Claim(path) if path.is_dir() else None
        self._rows: list[str] = []  # of figures that could not be written yet

    @classmethod
    def new(cls, task: str, chosen: Path | None = None, *, overwrite: bool = False) -> "RunFolder":
        """A folder for a new run: `chosen`, else one under the saves root named after task, date and time.

        InputError if `chosen` already holds a run and `overwrite` is not asked for, or if another process is at it.
        """
        if chosen is not None:
            if chosen.exists() and not chosen.is_dir():
                raise InputError(f"{chosen} is a file: name a folder with --save")
            if holds_run(chosen) and not overwrite:
                if not any(chosen.glob("*.safetensors")):
                    raise InputError(
                        f"{chosen} holds a run that ended before its first checkpoint: choose another folder,"
                        " or replace it (--overwrite)"
                    )
                raise InputError(
                    f"{chosen} already holds a run: choose another folder, go on with it (--load {chosen}),"
                    " or replace it (--overwrite)"
                )
            return cls(chosen, overwrite=overwrite)
        stem = saves_root() / f"{task}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
        folder = cls(_numbered(stem, Path.exists))
        folder._stem = stem
        return folder

    @classmethod
    def going_on(cls, checkpoint: Path) -> "RunFolder":
        """The folder of a loaded checkpoint, to go on in it. CheckpointError if that cannot be read."""
        step = describe(checkpoint, read_record(checkpoint)).step
        folder = cls(checkpoint.parent)
        folder._went_on_at = step
        return folder

    def release(self) -> None:
        """Let other processes have the folder."""
        if self._claim is not None:
            self._claim.release()
        self._claim = None

    def save(self, trainer: Trainer, kind: str = "last") -> Path:
        """Write a checkpoint: "last", "best", or "step" for one that no later save replaces. OSError if it fails.

        The `last` before this one stays, as PREVIOUS.
        """
        self._prepare(trainer)
        name = f"step-{trainer.steps:06d}.safetensors" if kind == "step" else f"{kind}.safetensors"
        if kind != "last":
            save_checkpoint(self.path / name, trainer.checkpoint())
            return self.path / name
        if self._went_on_at is not None:
            self._keep_later_state(self._went_on_at)
            self._went_on_at = None
        save_checkpoint(self.path / name, trainer.checkpoint(), keep=self.path / PREVIOUS)
        return self.path / name

    def add_figures(self, trainer: Trainer, row: dict[str, Any]) -> None:
        """Append a row to metrics.csv, with FIGURES as its columns; with it those that could not be written before.

        OSError if it fails: the file is as it was then.
        """
        self._rows = [*self._rows[-MOST_ROWS:], _csv([row])]
        self._prepare(trainer)
        with (self.path / ROWS).open("a+b", buffering=0) as file:
            size = _whole_lines(file)
            text = ("" if size else _csv([], head=True)) + "".join(self._rows)
            try:
                rest = memoryview(text.encode())
                while rest:
                    rest = rest[file.write(rest) :]
            except OSError:
                file.truncate(size)
                raise
        self._rows = []

    def add_sample(self, trainer: Trainer, sample: Sample) -> None:
        """Append a sample to samples.txt, under its heading. OSError if it fails."""
        self._prepare(trainer)
        append_sample(self.path / SAMPLES, sample)

    @property
    def samples(self) -> Path | None:
        """Where the run's samples lie; None while the folder still holds those of a run that this one will replace."""
        return None if self._overwrite and not self._ready else self.path / SAMPLES

    def _prepare(self, trainer: Trainer) -> None:
        """Make the folder, once: or again, if somebody took it away."""
        if self._ready and self.path.is_dir():
            return
        if not self.path.is_dir():
            self.release()  # what is claimed is gone
        if self._stem is not None:  # another run may have made the folder since its name was chosen
            self.path = _numbered(self._stem, _is_taken)
            self._stem = None
        self.path.mkdir(parents=True, exist_ok=True)
        if self._claim is None:
            self._claim = Claim(self.path)
        for left in self.path.glob(".*.part"):  # by a process that was killed while it wrote: nobody else is here
            left.unlink(missing_ok=True)
        if self._overwrite and not self._ready:
            for old in [*self.path.glob("*.safetensors"), self.path / ROWS, self.path / SAMPLES]:
                old.unlink(missing_ok=True)
        settings = json.dumps(trainer.config.as_dict(), indent=2, ensure_ascii=False)
        # What is no text in the name of a data file becomes \udcff, which is how JSON would write it.
        write_whole(self.path / "config.json", (settings + "\n").encode(errors="backslashreplace"))
        self._ready = True

    def _keep_later_state(self, went_on_at: int) -> None:
        """Going on from an earlier save must not lose the later one: `last` stays under the name of its step."""
        last = self.path / LAST
        if not last.exists():
            return
        try:
            step = int(read_record(last)["step"])
        except (CheckpointError, KeyError, ValueError):
            return  # a damaged file is nothing to keep
        kept = self.path / f"step-{step:06d}.safetensors"
        if step != went_on_at and not kept.exists():
            give_second_name(last, kept)


def _csv(rows: list[dict[str, Any]], *, head: bool = False) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, FIGURES, extrasaction="ignore")
    if head:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _whole_lines(file: io.FileIO) -> int:
    """Cut off a last line that a crash left without its end; gives the size."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - LONGEST_ROW)
    file.seek(start)
    tail = file.read(size - start)
    if tail and not tail.endswith(b"\n"):
        size = start + tail.rfind(b"\n") + 1
        file.truncate(size)
    return size


def _numbered(stem: Path, taken: Callable[[Path], bool]) -> Path:
    """The path, or else the first with a number behind it that is free."""
    path, count = stem, 1
    while taken(path):
        count += 1
        path = stem.with_name(f"{stem.name}-{count}")
    return path


def _is_taken(path: Path) -> bool:
    """Make a folder, so that it is nobody else's: true if somebody else did."""
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        return True
    return False


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
    raise CheckpointError(f"{path} holds no checkpoint: `lstm-tui runs` lists the runs there are")


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
