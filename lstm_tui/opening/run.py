"""From the options that were given to a run that can train, and its plan. Wrong options are found here, before work."""

from dataclasses import replace
from pathlib import Path

from lstm_model.errors import CheckpointError, InputError, about
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.keeping.names import free_name
from lstm_model.runs.saved_model import SavedModel
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_model.training.inheritance import SAME
from lstm_tui.opening.new import new_run
from lstm_tui.opening.opened import Opened, released_on_failure
from lstm_tui.opening.received import kept_in
from lstm_tui.opening.saved import open_saved, read_saved
from lstm_tui.opening.where import folder_to_go_on_in, new_folder
from lstm_tui.options.given import Given, changes_of, require_task_options, settings_of


def plan_of(given: Given, look_every: float | None = None) -> Plan:
    """What the options ask for beside stepping; `look_every` seconds unless they say how often."""
    return plan_over(Plan(look_every=given.get("sample_every", look_every)), given)


def plan_over(plan: Plan, given: Given) -> Plan:
    """A plan with what the options say of a run alone, or what is usual where they say nothing."""
    return replace(
        plan,
        steps=given.get("steps"),
        minutes=given.get("minutes"),
        autosave=given.get("autosave", Plan.autosave),
        on_divergence=given.get("on_divergence", Plan.on_divergence),
        auto="auto" in given,
    )


def open_run(given: Given) -> Opened:
    """What to train: a new run, or the one that --load names. Nothing is written yet."""
    if "load" in given and "init_from" in given:
        raise InputError("--init-from begins a new run, and --load goes on with an old one: leave one of them out")
    opened = _resumed(given) if "load" in given else _new(given)
    if "name" in given and opened.folder is not None:
        with released_on_failure(opened.folder), about("name"):
            opened.folder.call(free_name(given["name"], own=opened.folder.path))
    steps, done = given.get("steps"), opened.trainer.steps
    if steps is not None and steps < done:
        raise InputError(f"--steps {steps} is the step at which the run ends, and it is at step {done:,} already")
    return opened


def _new(given: Given) -> Opened:
    with about("init_from"):
        begins_from = SavedModel.read(Path(given["init_from"])) if "init_from" in given else None
    task = given.get("task", begins_from.config.task if begins_from else next(iter(KINDS)))
    require_task_options(given, task)
    settings = settings_of(given)
    if begins_from is not None:
        if begins_from.config.task != task:
            text = f"{begins_from.file} is of the task {begins_from.config.task}, not {task}"
            raise CheckpointError(text, field="init_from")
        settings = {name: begins_from.config.value(name) for name in SAME} | settings
    preset_config(task, **settings)  # what is wrong with them is said before anything is read
    folder = new_folder(task, given)
    with kept_in(folder, settings) as kept:
        config = preset_config(task, **kept)
        return new_run(config, folder, begins_from, by_hand=settings, plan=plan_of(given))


def _resumed(given: Given) -> Opened:
    saved = read_saved(given)
    folder = folder_to_go_on_in(saved.file, saved.record.step, saved.config.task, given)
    with kept_in(folder, changes_of(given)) as changed:
        return open_saved(saved, changed, folder)
