"""The size of tiny runs, and what a folder holds."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.storage.claim import LOCK

TINY = ["--hidden", "8", "--batch", "4", "--seq", "5"]


def contents(folder: Path) -> dict[str, str]:
    """Every file under a folder with a hash of what it holds, and every folder; the locks of processes left out."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in sorted(folder.rglob("*"))
        if path.name != LOCK
    }


def assert_same_checkpoint(one: Path, other: Path) -> None:
    a, b = load_checkpoint(one), load_checkpoint(other)
    assert a.tensors.keys() == b.tensors.keys()
    for name, tensor in a.tensors.items():
        np.testing.assert_array_equal(tensor, b.tensors[name], err_msg=f"{one.name}: {name}")
    assert replace(a.record, elapsed_s=0) == replace(b.record, elapsed_s=0)
