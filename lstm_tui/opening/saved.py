"""From the options that were given to a trainer, its folder and its plan. Wrong options are found here, before work."""

import os
from dataclasses import dataclass
from pathlib import Path

from lstm_model.costs.memory import require_memory
from lstm_model.errors import CheckpointError, InputError, LSTMError
from lstm_model.network.model import LSTM
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Plan
from lstm_model.runs.saves import checkpoint_file, find_saves, saves_root, the_one_before
from lstm_model.settings.config import Config
from lstm_model.settings.presets import preset_config
from lstm_model.settings.task_kinds import kind_of
from lstm_model.storage.checkpoint import Checkpoint, load_checkpoint
from lstm_model.storage.weights import load_parameters, require_model
from lstm_model.tasks.data_files import require_plain_file
from lstm_model.tasks.registry import open_task
from lstm_model.tasks.text.corpus import Vocabulary
from lstm_model.training.trainer import Trainer
from lstm_tui.options.given import Given, changes_of, require_same, require_task_options, settings_of


@dataclass(frozen=True)
class Opened:
    """A trainer that is ready; `folder` None if nothing is to be written, `source` the checkpoint it came from."""

    trainer: Trainer
    folder: RunFolder | None
    notes: tuple[str, ...]
    source: Path | None = None


def plan_of(given: Given, look_every: float | None = None) -> Plan:
    """What the options ask for beside stepping; `look_every` seconds unless they say how often."""
    return Plan(
        steps=given.get("steps"),
        minutes=given.get("minutes"),
        autosave=given.get("autosave", Plan.autosave),
        look_every=given.get("sample_every", look_every),
        on_divergence=given.get("on_divergence", Plan.on_divergence),
    )


def open_run(given: Given) -> Opened:
    """What to train: a new run, or the one that --load names. Nothing is written yet."""
    opened = _resumed(given) if "load" in given else _new(given)
    steps, done = given.get("steps"), opened.trainer.steps
    if steps is not None and steps < done:
        raise InputError(f"--steps {steps} is the step at which the run ends, and it is at step {done:,} already")
    if opened.folder is not None:
        _require_writable(opened.folder.path)
    return opened


def _new(given: Given) -> Opened:
    task = given.get("task", "text")
    require_task_options(given, task)
    config = preset_config(task, **settings_of(given))
    folder = _new_folder(task, given)
    data = open_task(config)
    require_memory(data.config, data.sizes)
    return Opened(Trainer(data), folder, data.notes)


def _resumed(given: Given) -> Opened:
    file, checkpoint, config = read_saved(given)
    require_same(given, config, file)
    folder = _folder_to_go_on_in(given, file, config.task)
    trainer = restored(file, checkpoint, given)
    return Opened(trainer, folder, _notes(trainer, checkpoint, file), file)


def open_saved(given: Given) -> Opened:
    """The saved model that --load names, to look at. Nothing will be trained or written."""
    file, checkpoint, config = read_saved(given)
    require_same(given, config, file)
    trainer = restored(file, checkpoint, given)
    return Opened(trainer, None, _notes(trainer, checkpoint, file), file)


def newest_save(task: str | None) -> Path:
    """The newest run's checkpoint, of a task if one is named; an InputError if there is none."""
    for save in find_saves()[0]:
        if task is None or save.task == task:
            return save.path
    kind = f"{task} model" if task else "model"
    raise InputError(f"there is no saved {kind} under {saves_root()}: name one with --load, or train one first")


def read_saved(given: Given) -> tuple[Path, Checkpoint, Config]:
    """The checkpoint that --load names, and its settings, checked against the options of one task alone."""
    file = checkpoint_file(Path(given["load"]).expanduser())
    try:
        checkpoint = load_checkpoint(file)
    except CheckpointError as error:
        raise CheckpointError(f"{error}{the_one_before(file)}") from None
    try:
        config = Config.from_dict(checkpoint.record["config"])
    except (LSTMError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(f"{file} is damaged (its settings: {error}): load another checkpoint") from None
    wanted = given.get("task", config.task)
    if wanted != config.task:
        raise CheckpointError(f"{file} is of the task {config.task}, not {wanted}: leave out --task, or load another")
    require_task_options(given, config.task)
    require_plain_file(config.data)
    return file, checkpoint, config


def restored(file: Path, checkpoint: Checkpoint, given: Given) -> Trainer:
    """A trainer from a checkpoint, with the options that may differ from it."""
    try:
        trainer = Trainer.from_checkpoint(checkpoint, changes_of(given))
    except CheckpointError as error:
        raise CheckpointError(f"{file}: {error}") from None
    if "lr" in given:
        trainer.base_rate = given["lr"]
    return trainer


def text_model(file: Path, checkpoint: Checkpoint, config: Config) -> tuple[LSTM, Vocabulary]:
    """A text model without its data, which may be elsewhere: all it needs to write or to measure."""
    try:
        vocabulary = Vocabulary(checkpoint.record["data"]["vocabulary"])
        V = len(vocabulary)
        require_model(checkpoint.tensors, config, kind_of(config.task).sizes(config, checkpoint.record["data"]))
        model = LSTM(V, config.hidden_size, V, config.num_layers)
        load_parameters(model, checkpoint.tensors)
    except CheckpointError as error:
        raise CheckpointError(f"{file}: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CheckpointError(f"{file} is damaged (its vocabulary cannot be read): load another checkpoint") from None
    return model, vocabulary


def _notes(trainer: Trainer, checkpoint: Checkpoint, file: Path) -> tuple[str, ...]:
    if checkpoint.record["data"]["sha256"] == trainer.task.fingerprint:
        return trainer.task.notes
    had = checkpoint.record["data"].get("name")
    other = f"the data are not those {file.parent.name} was trained on ({had}): they are read from their start"
    return (*trainer.task.notes, other)


def _new_folder(task: str, given: Given) -> RunFolder:
    chosen, overwrite = given.get("save"), "overwrite" in given
    if overwrite and chosen is None:
        raise InputError("--overwrite needs --save DIR: it replaces the run that DIR holds")
    return RunFolder.new(task, None if chosen is None else Path(chosen).expanduser(), overwrite=overwrite)


def _folder_to_go_on_in(given: Given, file: Path, task: str) -> RunFolder:
    chosen = given.get("save")
    if chosen is None and "overwrite" not in given:
        return RunFolder.going_on(file)
    if chosen is not None and Path(chosen).expanduser().resolve() == file.parent.resolve():
        if "overwrite" in given:
            raise InputError(f"--overwrite would delete {chosen}, the run that is loaded: leave it out")
        return RunFolder.going_on(file)
    return _new_folder(task, given)


def _require_writable(folder: Path) -> None:
    """An InputError now, rather than a failed save after an hour."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise InputError(f"cannot save in {folder}: {there} is a file; name another folder with --save")
    if not os.access(there, os.W_OK | os.X_OK):
        raise InputError(f"cannot save in {folder}: {there} may not be written to; name another folder with --save")
