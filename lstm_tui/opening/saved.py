"""A saved model, to look at or to go on with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lstm_model.errors import CheckpointError, InputError
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.saves import find_saves, saves_root
from lstm_tui.opening.opened import Opened, released_on_failure
from lstm_tui.opening.where import require_writable
from lstm_tui.options.given import Given, require_same, require_task_options


def open_saved(saved: SavedModel, changed: Mapping[str, Any] | None = None, folder: RunFolder | None = None) -> Opened:
    """A saved model with its data: to go on with in a folder, or to look at, and then nothing will be written.

    changed: fields of Config that take the place of the saved ones.
    """
    with released_on_failure(folder):
        if folder is not None:
            require_writable(folder)
        trainer = saved.trainer(changed)
        return Opened(trainer, folder, saved.file, saved.notes(trainer.task))


def newest_save(task: str | None) -> Path:
    """The newest run's checkpoint, of a task if one is named; an InputError if there is none."""
    for save in find_saves()[0]:
        if task is None or save.task == task:
            return save.file
    kind = f"{task} model" if task else "model"
    raise InputError(f"there is no saved {kind} under {saves_root()}: name one with --load, or train one first")


def read_saved(given: Given) -> SavedModel:
    """The saved model that --load names; an InputError for an option that does not go with it."""
    saved = SavedModel.read(Path(given["load"]))
    task = saved.config.task
    wanted = given.get("task", task)
    if wanted != task:
        raise CheckpointError(f"{saved.file} is of the task {task}, not {wanted}: leave out --task, or load another")
    require_task_options(given, task)
    require_same(given, saved.config, saved.file)
    return saved
