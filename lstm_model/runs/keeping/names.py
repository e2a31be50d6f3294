"""Runs by their names: that of a label, or that of the folder under the saves root."""

import os
from collections.abc import Sequence
from pathlib import Path

from lstm_model.errors import CheckpointError, InputError
from lstm_model.runs.keeping.labels import read_label, right_name
from lstm_model.runs.saves import run_folders, saves_root
from lstm_model.runs.shipped import shipped_models


def run_called(name: str, root: Path | None = None) -> Path | None:
    """The folder of the run that goes by a name, None if none does; a CheckpointError if several do."""
    if not name or "/" in name or os.sep in name:
        return None
    found = _called(name, run_folders(root or saves_root()))
    if len(found) > 1:
        raise CheckpointError(f"{len(found)} runs are called {name}: say which by its folder, {_either(found)}")
    return found[0] if found else None


def free_name(text: str, own: Path | None = None) -> str:
    """A name that the run in the folder `own` can have; an InputError if none can, or if another run has it."""
    name = right_name(text)
    if name in shipped_models():
        raise InputError(f"`name` {name} is that of a model that ships: choose another one")
    there = own.resolve() if own is not None else None
    others = [folder for folder in _called(name, run_folders(saves_root())) if folder.resolve() != there]
    if others:
        raise InputError(f"`name` {name} is that of {others[0]} already: choose another one")
    return name


def _called(name: str, folders: Sequence[Path]) -> list[Path]:
    return sorted(folder for folder in folders if folder.name == name or read_label(folder).name == name)


def _either(folders: Sequence[Path]) -> str:
    *most, last = map(str, folders)
    return f"{', '.join(most)} or {last}"
