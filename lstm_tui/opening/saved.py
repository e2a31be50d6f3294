"""A saved model, to look at or to go on with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lstm_model.errors import CheckpointError
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.shipped import ships
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


def reopen(
    saved: SavedModel, changed: Mapping[str, Any] | None, own: RunFolder | None, said: tuple[str, ...] = ()
) -> Opened:
    """A saved model that a key opens, to go on with in its own folder; None: to look at. said: what comes first of it.

    A key cannot name another folder: if the data are others than the model was trained on, or the model is one that
    ships, it goes on in a new one.
    """
    with released_on_failure(own):
        shipped = own is not None and ships(own.path)
        if own is not None and not shipped:
            require_writable(own)
        trainer = saved.trainer(changed)
        notes = (*said, *saved.notes(trainer.task))
        if own is None or (saved.was_trained_on(trainer.task.fingerprint) and not shipped):
            return Opened(trainer, own, saved.file, notes)
        own.release()
        folder = RunFolder.new(saved.config.task)
        require_writable(folder)
        stays = f"{saved.file.parent.name} stays as it is: the run goes on in {folder.path}"
        return Opened(trainer, folder, saved.file, (*notes, stays))


def read_saved(given: Given) -> SavedModel:
    """The saved model that --load names; an InputError for an option that does not go with it."""
    saved = read_named(given)
    require_task_options(given, saved.config.task)
    require_same(given, saved.config, saved.file)
    return saved


def read_named(given: Given) -> SavedModel:
    """The same for a command whose options are not those of training: whatever they are, they go with any model."""
    saved = SavedModel.read(Path(given["load"]))
    task = saved.config.task
    wanted = given.get("task", task)
    if wanted != task:
        raise CheckpointError(f"{saved.file} is of the task {task}, not {wanted}: leave out --task, or load another")
    return saved
