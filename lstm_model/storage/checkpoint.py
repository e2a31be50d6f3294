"""Checkpoints: safetensors files that hold everything a run needs to go on, written whole or not at all.

tensors   lstm.weight_ih_l0 ... head.bias   the model, under PyTorch's names, loadable by nn.LSTM and nn.Linear
          training.parameters               the weights that steps move, where the model's are their average
          optimizer.<name>                  the optimizer's vectors, in the order of the parameters
          state.h state.c                   the carried state, a tensor for each state of the cell
          history.train history.val         the curves
metadata  format, version, checksum, and `record`: settings, step, cursor, best value, vocabulary or scalers, as JSON

A file is data, not code, and is believed no further than it was checked: it is a plain file with a head of bounded
length; its record is what `parse_record` lets through; its tensors are no larger than its settings ask for, before they
are read; what was read is what was written, by the checksum.
"""

import contextlib
import hashlib
import math
import re
import stat
import struct
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as to_bytes

from lstm_model.arrays import Floats
from lstm_model.costs.memory import memory, parameter_count
from lstm_model.costs.room import too_little
from lstm_model.curves.history import CAPACITY, Curve
from lstm_model.errors import CheckpointError, reason_of
from lstm_model.network.cells.registry import CELLS
from lstm_model.settings.kinds import in_short
from lstm_model.storage.files import write_whole
from lstm_model.storage.record import Record, parse_record, read_entries

FORMAT, VERSION = "lstm-tui checkpoint", 1
MOST_HEAD = 16_000_000  # bytes before the tensors: a vocabulary of all characters there are takes 15 million
MOST_LISTS = 30_000  # brackets in it: three for each tensor, of which the deepest model has some thousand
MOST_STATE = 1 << 28  # numbers: no run carries a gigabyte from batch to batch
CURVES = "history."  # what the names of the curves begin with


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds."""

    tensors: dict[str, Floats]
    record: Record

    def curve(self, name: str) -> Curve:
        """The curve that a tensor holds; CheckpointError if it is missing or none."""
        try:
            return Curve.from_state(self.tensors[name])
        except KeyError:
            raise CheckpointError(f"the checkpoint holds no curve {name}") from None
        except ValueError as error:
            raise CheckpointError(f"the checkpoint is damaged (a curve: {error}): load another one") from None


class Upgrade(NamedTuple):
    """What makes a checkpoint of one version one of the next: its record, which may come alone, and its tensors."""

    entries: Callable[[dict[str, Any]], dict[str, Any]] = lambda entries: entries
    tensors: Callable[[dict[str, Floats]], dict[str, Floats]] = lambda tensors: tensors


UPGRADES: Mapping[int, Upgrade] = {}  # by the version that they begin with


def save_checkpoint(file: Path, checkpoint: Checkpoint, keep: Path | None = None) -> None:
    """Write a checkpoint so that at every moment the old file or the new one is there, whole.

    Temporary file in the same folder, flush to disk, rename over the old one, flush the folder. OSError if it fails;
    the old file is untouched then. keep: a name under which the old file stays.
    """
    record = checkpoint.record.to_json()
    tensors = {name: np.ascontiguousarray(tensor) for name, tensor in checkpoint.tensors.items()}
    metadata = {"format": FORMAT, "version": str(VERSION), "record": record, "checksum": checksum(record, tensors)}
    write_whole(file, to_bytes(tensors, metadata), keep)


def checksum(record: str, tensors: dict[str, Floats]) -> str:
    """The sha256 of a record and of all tensors: names, types, shapes and numbers. 10 MB take some 10 ms.

    It tells damage, not intent: whoever means harm can write a right one.
    """
    digest = hashlib.sha256(record.encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"\n{name} {tensor.dtype.str} {tensor.shape}\n".encode())
        digest.update(np.ascontiguousarray(tensor).data)
    return digest.hexdigest()


def load_checkpoint(file: Path) -> Checkpoint:
    """Read a checkpoint whole; CheckpointError, in one line, if it is missing, damaged or not ours."""
    return _load(file, None)


def load_part(file: Path, names: Container[str]) -> Checkpoint:
    """Read the record and those of the named tensors that are there; errors as in `load_checkpoint`.

    The bytes of the other tensors stay on the disk, so the checksum is not looked at.
    """
    return _load(file, names)


def read_record(file: Path) -> Record:
    """Read a checkpoint's record alone, without its tensors; errors as in `load_checkpoint`."""
    with _opened(file) as contents:
        return _record(file, _head(file, contents.metadata()))


def _load(file: Path, only: Container[str] | None) -> Checkpoint:
    with _opened(file) as contents:
        head = _head(file, contents.metadata())
        record = _record(file, head)
        try:
            names = [name for name in contents.keys() if only is None or name in only]  # noqa: SIM118
            counts = {name: math.prod(contents.get_slice(name).get_shape()) for name in names}
            _require_room(file, counts, record, whole=only is None)
            tensors = {name: contents.get_tensor(name) for name in names}
        except (SafetensorError, TypeError, ValueError, AttributeError) as error:  # the latter: types NumPy has not
            raise CheckpointError(f"{file} is damaged ({_brief(error)}): load another checkpoint") from None
    if only is None and head.checksum not in (None, checksum(head.text, tensors)):
        raise CheckpointError(f"{file} is damaged (its contents do not match its checksum): load another checkpoint")
    for older in range(head.version, VERSION):
        tensors = UPGRADES[older].tensors(tensors)
    return Checkpoint(tensors, record)


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[Any]:
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise CheckpointError(f"{file} is a directory without a checkpoint")
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for whoever writes to it
            raise CheckpointError(f"{file} is a pipe or a device, not a checkpoint: load another one")
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8).ljust(8, b"\0"))
            head = stream.read(min(length, MOST_HEAD))
        if length > MOST_HEAD or head.count(b"{") + head.count(b"[") > MOST_LISTS:
            raise CheckpointError(f"{file} is not a whole checkpoint (its head is too large): load another one")
        opened = safe_open(file, framework="np")
    except (FileNotFoundError, NotADirectoryError):
        raise CheckpointError(f"there is no checkpoint {file}: `find_saves` lists what there is") from None
    except OSError as error:
        raise CheckpointError(f"cannot read {file}: {reason_of(error)}") from None
    except SafetensorError as error:
        raise CheckpointError(f"{file} is not a whole checkpoint ({_brief(error)}): load another one") from None
    with opened as contents:
        yield contents


def _brief(error: Exception) -> str:
    """What a library says, which may quote from the file at any length."""
    text = str(error).removeprefix("Error while deserializing header: ").removeprefix("Error while deserializing: ")
    return text if len(text) <= 120 else f"{text[:117]}..."


@dataclass(frozen=True)
class _Head:
    """What stands in a file beside its tensors."""

    version: int
    text: str  # the record as it was written
    checksum: str | None  # older files have none


def _head(file: Path, metadata: dict[str, str] | None) -> _Head:
    metadata = metadata or {}
    if metadata.get("format") != FORMAT:
        raise CheckpointError(f"{file} was not written by lstm-tui: load a checkpoint that was")
    stated = metadata.get("version", "")
    if not re.fullmatch("[0-9]{1,9}", stated):
        raise CheckpointError(
            f"{file} is damaged (its version {in_short(stated)} is no number): load another checkpoint"
        )
    version = int(stated)
    if version > VERSION:
        raise CheckpointError(
            f"{file} has version {version}, newer than this program reads ({VERSION}): use a newer lstm-tui"
        )
    if any(older not in UPGRADES for older in range(version, VERSION)):
        raise CheckpointError(
            f"{file} has version {version}, older than this program reads ({VERSION}): use an older lstm-tui"
        )
    return _Head(version, metadata.get("record", ""), metadata.get("checksum"))


def _record(file: Path, head: _Head) -> Record:
    """The record as one of this version; a CheckpointError for one that cannot be believed."""
    try:
        entries = read_entries(head.text)
        for older in range(head.version, VERSION):
            entries = UPGRADES[older].entries(entries)
        return parse_record(entries)
    except ValueError as error:
        raise CheckpointError(f"{file} is damaged (its record {error}): load another checkpoint") from None


def _require_room(file: Path, counts: dict[str, int], record: Record, *, whole: bool) -> None:
    """A CheckpointError if the tensors, numbers in each by name, are more than the settings ask for.

    Eight times the parameters are room for both biases, the average, and whatever an optimizer remembers.
    """
    config, sizes = record.config, record.sizes
    curves = sum(count for name, count in counts.items() if name.startswith(CURVES))
    state = len(CELLS[config.cell].states) * config.num_layers * config.batch_size * config.hidden_size
    most = 8 * parameter_count(config, sizes) + min(state, MOST_STATE)
    if curves > 4 * 7 * CAPACITY or sum(counts.values()) - curves > most:
        raise CheckpointError(f"{file} is damaged (it holds more than its settings ask for): load another checkpoint")
    needed = memory(config, sizes)
    short = too_little(needed.total - needed.batch) if whole else ""
    if short:
        raise CheckpointError(f"{file} needs {short}: load a smaller one")
