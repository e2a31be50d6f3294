"""Checkpoints: safetensors files that hold everything a run needs to go on, written whole or not at all.

tensors   lstm.weight_ih_l0 ... head.bias   the model, under PyTorch's names, loadable by nn.LSTM and nn.Linear
          training.parameters               the weights that steps move, where the model's are their average
          optimizer.<name>                  the optimizer's vectors, in the order of the parameters
          state.h state.c                   the carried state
          history.train history.val         the curves
metadata  format, version, and `record`: settings, step, cursor, best value, vocabulary or scalers, as JSON
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as to_bytes

from lstm_model.arrays import Floats
from lstm_model.errors import CheckpointError
from lstm_model.parameters import Parameters

FORMAT, VERSION = "lstm-tui checkpoint", 1
UMASK = os.umask(0o077)  # it can only be read by setting it: once, at import, before any thread runs
os.umask(UMASK)
TENSOR_NAMES = {"head_weight": "head.weight", "head_bias": "head.bias"}


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds."""

    tensors: dict[str, Floats]
    record: dict[str, Any]


def model_tensors(parameters: Parameters) -> dict[str, Floats]:
    """A model's parameters under PyTorch's names; ours have one bias, so the second one is zero."""
    tensors: dict[str, Floats] = {}
    for name, values in parameters.items():
        if name.startswith("bias_l"):
            layer = name.removeprefix("bias_l")
            tensors[f"lstm.bias_ih_l{layer}"] = values
            tensors[f"lstm.bias_hh_l{layer}"] = np.zeros_like(values)
        else:
            tensors[TENSOR_NAMES.get(name, f"lstm.{name}")] = values
    return tensors


def load_parameters(parameters: Parameters, tensors: dict[str, Floats]) -> None:
    """Copy tensors under PyTorch's names into parameters, in place; CheckpointError if one is missing or misshaped."""
    for name, values in parameters.items():
        if name.startswith("bias_l"):
            layer = name.removeprefix("bias_l")
            # Only the sum of PyTorch's two biases has a meaning.
            values[...] = taken(tensors, f"lstm.bias_ih_l{layer}", values.shape)
            values += taken(tensors, f"lstm.bias_hh_l{layer}", values.shape)
        else:
            values[...] = taken(tensors, TENSOR_NAMES.get(name, f"lstm.{name}"), values.shape)


def taken(tensors: dict[str, Floats], name: str, shape: tuple[int, ...]) -> Floats:
    """A tensor by name, checked: a CheckpointError if it is missing, of another shape, or no floats."""
    if name not in tensors:
        raise CheckpointError(f"the checkpoint holds no tensor {name}")
    tensor = tensors[name]
    if tensor.shape != shape:
        raise CheckpointError(f"the checkpoint's tensor {name} has shape {tensor.shape}; its settings ask for {shape}")
    if tensor.dtype.kind != "f" or not np.isfinite(tensor).all():
        raise CheckpointError(f"the checkpoint's tensor {name} holds values that are no finite numbers")
    return tensor


def save_checkpoint(path: Path, checkpoint: Checkpoint, keep: Path | None = None) -> None:
    """Write a checkpoint so that at every moment the old file or the new one is there, whole.

    Temporary file in the same folder, flush to disk, rename over the old one, flush the folder. OSError if it fails;
    the old file is untouched then. keep: a name under which the old file stays.
    """
    metadata = {"format": FORMAT, "version": str(VERSION), "record": json.dumps(checkpoint.record)}
    data = to_bytes({name: np.ascontiguousarray(t) for name, t in checkpoint.tensors.items()}, metadata)
    write_whole(path, data, keep)


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


def load_checkpoint(path: Path, only: Container[str] | None = None) -> Checkpoint:
    """Read a checkpoint whole; CheckpointError, in one line, if it is missing, damaged or not ours.

    only: names of the tensors to read, as far as they are there; the bytes of the others stay on the disk.
    """
    with _opened(path) as file:
        record = _record(path, file.metadata())
        try:
            names = [name for name in file.keys() if only is None or name in only]  # noqa: SIM118
            return Checkpoint({name: file.get_tensor(name) for name in names}, record)
        except (SafetensorError, TypeError, ValueError) as error:
            raise CheckpointError(f"{path} is damaged ({error}): load another checkpoint") from None


def read_record(path: Path) -> dict[str, Any]:
    """Read a checkpoint's record alone, without its tensors; errors as in `load_checkpoint`."""
    with _opened(path) as file:
        return _record(path, file.metadata())


def _opened(path: Path) -> Any:
    if path.is_dir():
        raise CheckpointError(f"{path} is a directory without a checkpoint")
    if not path.exists():
        raise CheckpointError(f"there is no checkpoint {path}: `lstm-tui runs` lists what there is")
    try:
        return safe_open(path, framework="np")
    except SafetensorError as error:
        raise CheckpointError(f"{path} is not a whole checkpoint ({error}): load another one") from None
    except OSError as error:
        raise CheckpointError(f"cannot read {path}: {error.strerror or error}") from None


def _record(path: Path, metadata: dict[str, str] | None) -> dict[str, Any]:
    metadata = metadata or {}
    if metadata.get("format") != FORMAT:
        raise CheckpointError(f"{path} was not written by lstm-tui: load a checkpoint that was")
    if metadata.get("version") != str(VERSION):
        raise CheckpointError(
            f"{path} has version {metadata.get('version')} and this program reads {VERSION}: use a newer lstm-tui"
        )
    try:
        record = json.loads(metadata["record"])
    except (KeyError, ValueError):
        record = None
    if not isinstance(record, dict):
        raise CheckpointError(f"{path} is damaged (its record cannot be read): load another checkpoint")
    return record
