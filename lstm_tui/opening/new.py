"""A new run. Whoever asks for one, on the command line, in the form or with a key, gets the same checks."""

from collections.abc import Collection

from lstm_model.costs.memory import require_memory
from lstm_model.runs.driving.plan import NO_PLAN, Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.saved_model import SavedModel, naming
from lstm_model.settings.config import Config
from lstm_model.tasks.registry import open_task
from lstm_model.training.fitting import fitted
from lstm_model.training.inheritance import inherit
from lstm_model.training.trainer import Trainer
from lstm_tui.opening.opened import Opened, released_on_failure
from lstm_tui.opening.where import require_writable


def new_run(
    config: Config,
    folder: RunFolder,
    begins_from: SavedModel | None = None,
    *,
    by_hand: Collection[str] = (),
    plan: Plan = NO_PLAN,
) -> Opened:
    """Read the data and build the model, with the weights of a saved one if that is wished.

    by_hand: the fields of config that a person gave; others may follow from the data and from where the plan ends.

    InputError if the folder cannot be written, the memory does not suffice, or the saved model is of another shape.
    """
    with released_on_failure(folder):
        require_writable(folder)
        task, note = fitted(open_task(config), by_hand, steps=plan.steps, minutes=plan.minutes)
        require_memory(task.config, task.sizes)
        trainer = Trainer(task)
        notes = () if begins_from is None else _inherited(trainer, begins_from)
        return Opened(trainer, folder, notes=(note, *notes) if note else notes)


def _inherited(trainer: Trainer, saved: SavedModel) -> tuple[str, ...]:
    """Give a trainer the weights of a saved model; the notes on it."""
    with naming(saved.file):
        inputs, outputs = inherit(trainer, saved.checkpoint)
    begun = f"it begins with the weights of {saved.file}, step {saved.record.step:,}"
    noun = trainer.task.kind.words.ids
    if noun:
        return (f"{begun}: {inputs.sentence(noun)}",)
    return (f"{begun}: {inputs.sentence('inputs')}", f"of its head: {outputs.sentence('outputs')}")
