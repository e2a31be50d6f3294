"""Pruning: old checkpoints that a run can do without, by a rule that can be said.

- `last` and `best` stay. So do a run with a star, a model that ships, a run that trains now, and all files that cannot
  be read.
- Of the checkpoints `step-...` stay the first, the newest, the one with the lowest validation loss, and the first of
  each doubling of the step (from 1, 2, 4, 8, ... on). The others go.
- `previous` goes if `last` is whole, by its checksum, and no older.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lstm_model.errors import CheckpointError
from lstm_model.runs.keeping.alone import alone_with, trains_now
from lstm_model.runs.keeping.labels import read_label
from lstm_model.runs.saves import LAST, PREVIOUS
from lstm_model.runs.shipped import ships
from lstm_model.storage.checkpoint import load_checkpoint, read_record
from lstm_model.storage.files import flush_names
from lstm_model.storage.record import Record

BY_HAND = re.compile(r"step-\d{6,}\.safetensors")


@dataclass(frozen=True)
class Pruning:
    """What of a run goes, or has gone. left: why it is left as it is, "" if it is not."""

    run: Path
    files: tuple[Path, ...] = ()
    bytes: int = 0
    left: str = ""


def to_prune(run: Path) -> Pruning:
    """What would go of a run; nothing is changed."""
    if ships(run):
        return Pruning(run, left="ships with the program")
    if read_label(run).star:
        return Pruning(run, left="has a star")
    if trains_now(run):
        return Pruning(run, left="trains now")
    files = (*_saves_by_hand(run), *_needless_previous(run))
    return Pruning(run, files, _freed(files))


def prune(run: Path) -> Pruning:
    """Take from the disk what `to_prune` names, as it is by now. OSError if the disk refuses.

    InputError if a run is at work in the folder. Each file goes for itself: whoever is killed here has pruned less.
    """
    if to_prune(run).left:
        return to_prune(run)
    with alone_with(run):
        files = (*_saves_by_hand(run), *_needless_previous(run))
        freed = _freed(files)
        for file in files:
            file.unlink(missing_ok=True)
        flush_names(run)
    return Pruning(run, files, freed)


def _saves_by_hand(run: Path) -> list[Path]:
    read = [(record.step, file, record) for file in run.glob("step-*") if (record := _record(file)) is not None]
    there = sorted(read, key=lambda each: each[:2])
    if not there:
        return []
    kept = {there[0][1], there[-1][1]}
    measured = [(record.val_loss, step, file) for step, file, record in there if record.val_loss is not None]
    if measured:
        kept.add(min(measured)[2])
    doublings: set[int] = set()
    for step, file, _ in there:
        if step.bit_length() not in doublings:
            doublings.add(step.bit_length())
            kept.add(file)
    return [file for _, file, _ in there if file not in kept]


def _record(file: Path) -> Record | None:
    """Of a checkpoint that was saved by hand; None for anything else, and for what cannot be read."""
    if not BY_HAND.fullmatch(file.name):
        return None
    try:
        return read_record(file)
    except CheckpointError:
        return None


def _needless_previous(run: Path) -> list[Path]:
    previous, last = run / PREVIOUS, run / LAST
    try:
        before = read_record(previous).step
        needless = load_checkpoint(last).record.step >= before
    except CheckpointError:
        return []
    return [previous] if needless else []


def _freed(files: Iterable[Path]) -> int:
    """The bytes of files that have no name but these."""
    names: dict[tuple[int, int], int] = {}
    freed = 0
    for file in files:
        status = file.stat()
        key = status.st_dev, status.st_ino
        names[key] = names.get(key, 0) + 1
        if names[key] == status.st_nlink:
            freed += status.st_size
    return freed
