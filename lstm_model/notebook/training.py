"""The door: `train` on data of one's own, `load` what was saved."""

from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from lstm_model.costs.memory import require_memory
from lstm_model.errors import InputError
from lstm_model.notebook.handed import handed
from lstm_model.notebook.home import Home, chosen_folder
from lstm_model.notebook.trained import Trained, plan_of
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.shipped import ships
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer


def train(
    data: Any = None,
    *,
    seconds: float | None = None,
    steps: int | None = None,
    task: str | None = None,
    preset: str = "default",
    save: str | Path | None = None,
    overwrite: bool = False,
    quiet: bool = False,
    **settings: Any,
) -> Trained:
    """Train a new model and return it: `train("hamlet.txt", seconds=30)`.

    data: a path, or several; a text itself (a str of more than one line, or of more than 500 characters); a data frame
    or a series of pandas, with dates as its index or in a column; None for the data that ship.
    seconds, steps: how long to train, one of the two; 30 seconds unless told. Measuring at the end comes on top.
    task: "text", "stock" or "copy"; unless told, what the data look like: a table or a .csv file are prices.
    preset: a name in the presets of the task.
    save: the run's folder, written while it trains; unless told, nothing stays until `Trained.save`. overwrite: replace
    the run that is there.
    quiet: show no line of progress.
    settings: any setting of the run by its name, such as hidden_size=128, cell="gru", column="Volume", seed=2.

    An interrupt ends training after the step in hand, and what was learnt is returned. InputError, in one line, for
    data or settings that cannot be used; OSError for a folder that cannot be written.
    """
    plan, given = plan_of(seconds, steps), handed(data, task)
    named = dict(given.settings) | settings
    preset_config(given.task, preset, **named)  # what is wrong with them is said before anything is written
    folder = None if save is None and not overwrite else chosen_folder(given.task, save, overwrite=overwrite)
    home = Home(None if folder is None else folder.path)
    folder = folder or home.open(0)
    try:
        where = home.take(folder, given)
        trainer = _new_trainer(preset_config(given.task, preset, **where, **named), home)
    except BaseException:
        if home.kept is not None:
            home.kept.unlink(missing_ok=True)
        folder.give_up()
        raise
    return _face(trainer, home, quiet=quiet)._drive(folder, plan)  # noqa: SLF001 - of this room


def load(path: str | Path, *, quiet: bool = False) -> Trained:
    """Open a saved run, to ask it or to train it on: `load("saves/hamlet")`.

    path: a run's folder, its name, or one of its checkpoints; "demo-text" and "demo-stock" are the models that ship,
    which stay as they are: what is trained on from them goes elsewhere.
    quiet: show no line of progress when it trains.

    CheckpointError, in one line, for what cannot be loaded; InputError if its data have changed since, or are gone.
    """
    saved = SavedModel.read(Path(path))
    with one_blas_thread():
        trainer = saved.trainer()
    own = None if ships(saved.file.parent) else saved.file.parent
    if own is not None:
        saved.require_its_data(trainer.task)
    return _face(trainer, Home(own), saved.notes(trainer.task), quiet=quiet)


def _new_trainer(config: Any, home: Home) -> Trainer:
    try:
        task = open_task(config)
    except InputError as error:
        if home.kept is None:
            raise
        what = f"the {home.kept.stem}"
        text = str(error).replace(str(home.kept.absolute()), what).replace(home.kept.name, what)
        raise InputError(text, field=error.field) from None
    require_memory(task.config, task.sizes)
    with one_blas_thread():  # start values are orthogonal, which is made of many small products
        return Trainer(task)


def _face(trainer: Trainer, home: Home, notes: tuple[str, ...] = (), *, quiet: bool) -> Trained:
    """The model as its task shows it."""
    face: type[Trained] = resolve_name(trainer.task.kind.notebook)
    return face(trainer, home, (*trainer.task.notes, *notes), quiet=quiet)
