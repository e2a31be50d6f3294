"""`--against`: a second saved model, which must be of the same task and judged on the same days or characters."""

from dataclasses import replace

from lstm_model.errors import InputError
from lstm_model.runs.saved_model import SavedModel
from lstm_tui.opening.opened import Opened
from lstm_tui.opening.saved import open_saved, read_saved
from lstm_tui.options.given import Given, changes_of


def read_pair(given: Given) -> tuple[SavedModel, SavedModel]:
    """The models that --load and --against name; an InputError unless both are of one task."""
    a, b = read_saved(given), read_saved({**given, "load": given["against"]})
    if a.config.task != b.config.task:
        raise InputError(
            f"cannot compare {a.file}, a model of the task {a.config.task}, with {b.file}, one of {b.config.task}:"
            " name two models of one task"
        )
    return a, b


def open_pair(given: Given) -> tuple[Opened, Opened]:
    """Both models, ready to be looked at beside each other; InputError if they cannot be. The first bears all notes."""
    a, b = (open_saved(saved, changes_of(given)) for saved in read_pair(given))
    first, second = a.trainer, b.trainer
    if first.task.fingerprint != second.task.fingerprint:
        names = f"{first.task.name} and {second.task.name}"
        raise InputError(
            f"the two models are of other data ({names}): name a file that both are to be judged on with --data"
        )
    if first.task.judged_on != second.task.judged_on:
        raise InputError(
            f"the two models are of other data, {first.task.judged_on} and {second.task.judged_on}:"
            " name two models of the same"
        )
    if first.config.split != second.config.split:
        raise InputError(
            f"the two models hold other parts of the data out ({first.config.split_text} and"
            f" {second.config.split_text}): what the one learnt from would judge the other"
        )
    return replace(a, notes=tuple(dict.fromkeys((*a.notes, *b.notes)))), b
