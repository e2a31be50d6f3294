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

    changed: fields of Config that take the place of the saved ones. InputError if the folder is the model's own and the
    data are others than it was trained on.
    """
    with released_on_failure(folder):
        if folder is not None:
            require_writable(folder)
        trainer = saved.trainer(changed)
        if folder is not None and folder.path.resolve() == saved.file.parent.resolve():
            saved.require_its_data(trainer.task)
        return Opened(trainer, folder, saved.file, saved.notes(trainer.task))


def reopen(saved: SavedModel, changed: Mapping[str, Any] | None, own: RunFolder | None) -> Opened:
    """A saved model that a key opens, to go on with in its own folder; None: to look at.

    A key cannot name another folder: if the data are others than the model was trained on, it goes on in a new one.
    """
    with released_on_failure(own):
        if own is not None:
            require_writable(own)
        trainer = saved.trainer(changed)
        notes = saved.notes(trainer.task)
        if own is None or saved.was_trained_on(trainer.task.fingerprint):
            return Opened(trainer, own, saved.file, notes)
        own.release()
        folder = RunFolder.new(saved.config.task)
        require_writable(folder)
        stays = f"{saved.file.parent.name} stays as it is: the run goes on in {folder.path}"
        return Opened(trainer, folder, saved.file, (*notes, stays))


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
