"""A saved model, to look at or to go on with, and which options may change what of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lstm_model.errors import CheckpointError, InputError
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Plan
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.saves import find_saves, saves_root
from lstm_model.settings.config import Config
from lstm_model.tasks.stock.prices import known_feature
from lstm_tui.opening.opened import Opened, released_on_failure
from lstm_tui.opening.where import require_writable

Given = Mapping[str, Any]  # options by name, those alone that were given

SETTINGS = {  # option -> field of Config
    "preset": "preset", "data": "data", "encoding": "encoding", "column": "column", "features": "features",
    "target": "target", "horizon": "horizons", "split": "split", "hidden": "hidden_size", "layers": "num_layers",
    "batch": "batch_size", "seq": "seq_length", "dropout": "dropout", "optimizer": "optimizer", "lr": "learning_rate",
    "schedule": "schedule", "warmup": "warmup", "loss_at": "loss_at", "clip": "clip", "seed": "seed",
    "threads": "threads", "average": "average",
}  # fmt: skip
ONE_TASK = {"encoding": "text", "column": "stock", "features": "stock", "target": "stock", "loss_at": "stock",
            "horizon": "stock", "seeds": "stock"}  # fmt: skip
# What may differ from a checkpoint's; the others are the model's shape, or what its optimizer and its data mean.
MAY_CHANGE = {"data", "encoding", "dropout", "lr", "schedule", "warmup", "clip", "threads"}
BOTH_TASKS = ("seed", "threads")  # options that hold for the app's other task as well
NOT_IN_EVALUATION = ("steps", "minutes", "save", "overwrite", "autosave", "paused", "lr", "schedule", "dropout", "clip",
                     "on_divergence")  # fmt: skip


def settings_of(given: Given) -> dict[str, Any]:
    """The given options as fields of Config."""
    settings = {field: given[option] for option, field in SETTINGS.items() if option in given}
    if "data" in settings:
        settings["data"] = str(Path(settings["data"]).expanduser().absolute())
    if "features" in settings:
        settings["features"] = tuple(dict.fromkeys(map(known_feature, settings["features"])))
    if "horizons" in settings:
        settings["horizons"] = tuple(sorted(set(settings["horizons"])))
    return settings


def plan_of(given: Given, look_every: float | None = None) -> Plan:
    """What the options ask for beside stepping; `look_every` seconds unless they say how often."""
    return Plan(
        steps=given.get("steps"),
        minutes=given.get("minutes"),
        autosave=given.get("autosave", Plan.autosave),
        look_every=given.get("sample_every", look_every),
        on_divergence=given.get("on_divergence", Plan.on_divergence),
    )


def open_saved(saved: SavedModel, changed: Mapping[str, Any] | None = None, folder: RunFolder | None = None) -> Opened:
    """A saved model with its data: to go on with in a folder, or to look at, and then nothing will be written.

    changed: fields of Config that take the place of the saved ones.
    """
    with released_on_failure(folder):
        if folder is not None:
            require_writable(folder)
        trainer = saved.trainer(changed)
        return Opened(trainer, folder, saved.file, saved.notes(trainer.task))


def refuse_in_evaluation(given: Given) -> None:
    """An InputError for an option about training."""
    for option in NOT_IN_EVALUATION:
        if option in given:
            raise InputError(f"--{option} does nothing with --eval-only: leave it out")


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


def changes_of(given: Given) -> dict[str, Any]:
    """The given options that take the place of what was saved, as fields of Config."""
    return settings_of({option: given[option] for option in given if option in MAY_CHANGE or option == "column"})


def kept_when_loading(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Of an app's settings, by field of Config, those that hold for every model it loads."""
    changing = {SETTINGS[option] for option in MAY_CHANGE}
    return {field: value for field, value in settings.items() if field in changing}


def require_task_options(given: Given, task: str) -> None:
    """An InputError for an option that means nothing for a task."""
    for option, only in ONE_TASK.items():
        if option in given and task != only:
            advice = "leave it out" if "load" in given else f"leave it out, or add --task {only}"
            raise InputError(f"{flag(option)} is for the task {only} and means nothing for {task}: {advice}")


def require_same(given: Given, config: Config, file: Path) -> None:
    """An InputError for an option that would make another model of a checkpoint, or give its data another meaning."""
    settings = settings_of(given)
    for option, field in SETTINGS.items():
        free = option in MAY_CHANGE or (option == "column" and "data" in given)
        if free or field not in settings or settings[field] == getattr(config, field):
            continue
        was = shown(option, getattr(config, field))
        raise InputError(
            f"{flag(option)} {shown(option, settings[field])} differs from {was} in {file}:"
            " leave it out, or start a new run without --load"
        )


def flag(option: str) -> str:
    """An option as it is written on the command line."""
    return "--" + option.replace("_", "-")


def shown(option: str, value: Any) -> str:
    """An option's value as it is written on the command line."""
    if isinstance(value, tuple):
        return ("/" if option == "split" else ",").join(shown("", each) for each in value)
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)
