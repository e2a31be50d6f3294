"""From the options that were given to a run that can train. Wrong options are found here, before work."""

from lstm_model.errors import InputError
from lstm_model.settings.presets import preset_config
from lstm_tui.opening.new import new_run
from lstm_tui.opening.opened import Opened
from lstm_tui.opening.saved import Given, changes_of, open_saved, read_saved, require_task_options, settings_of
from lstm_tui.opening.where import folder_to_go_on_in, new_folder


def open_run(given: Given) -> Opened:
    """What to train: a new run, or the one that --load names. Nothing is written yet."""
    opened = _resumed(given) if "load" in given else _new(given)
    steps, done = given.get("steps"), opened.trainer.steps
    if steps is not None and steps < done:
        raise InputError(f"--steps {steps} is the step at which the run ends, and it is at step {done:,} already")
    return opened


def _new(given: Given) -> Opened:
    task = given.get("task", "text")
    require_task_options(given, task)
    config = preset_config(task, **settings_of(given))
    return new_run(config, new_folder(task, given))


def _resumed(given: Given) -> Opened:
    saved = read_saved(given)
    folder = folder_to_go_on_in(saved.file, saved.record.step, saved.config.task, given)
    return open_saved(saved, changes_of(given), folder)
