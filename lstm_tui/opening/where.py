"""Which folder a run is written into, and whether it can be."""

import os
from pathlib import Path

from lstm_model.errors import InputError, about
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.keeping.names import run_called
from lstm_model.runs.shipped import ships
from lstm_model.storage.home import expanded
from lstm_tui.options.given import Given


def new_folder(task: str, given: Given) -> RunFolder:
    """The folder of a new run: the one that --save names, or one named after task and time."""
    chosen, overwrite = given.get("save"), "overwrite" in given
    if overwrite and chosen is None:
        raise InputError("`overwrite` needs `save` DIR: it replaces the run that DIR holds", field="overwrite")
    with about("save"):
        return RunFolder.new(task, None if chosen is None else expanded(chosen), overwrite=overwrite)


def folder_to_go_on_in(file: Path, step: int, task: str, given: Given) -> RunFolder:
    """The folder of a run that goes on from a checkpoint: its own, or a new one that --save names."""
    chosen = given.get("save")
    own = chosen is None and "overwrite" not in given
    same = chosen is not None and expanded(chosen).resolve() == file.parent.resolve()
    if (own or same) and ships(file.parent):
        raise InputError(
            f"{file.parent} ships with the program and stays as it is: name a folder to go on in with --save"
        )
    if own:
        return RunFolder.going_on(file, step)
    if same:
        if "overwrite" in given:
            raise InputError(f"--overwrite would delete {chosen}, the run that is loaded: leave it out")
        return RunFolder.going_on(file, step)
    return new_folder(task, given)


def folder_meant(name: str) -> Path:
    """The folder of a run that is not trained here; it need not be there yet."""
    path = expanded(name)
    if path.is_dir():
        return path
    if path.exists():
        raise InputError(f"RUN {name} is a file: name the folder of a run")
    return run_called(name) or path


def require_writable(folder: RunFolder) -> None:
    """An InputError now, rather than a failed save after an hour."""
    path = folder.path
    there = next(path for path in (path, *path.absolute().parents) if path.exists())
    if not there.is_dir():
        raise InputError(f"cannot save in {path}: {there} is a file; name another folder with `save`", field="save")
    if not os.access(there, os.W_OK | os.X_OK):
        text = f"cannot save in {path}: {there} may not be written to; name another folder with `save`"
        raise InputError(text, field="save")
