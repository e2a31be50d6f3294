"""`--against`: a second saved model, which must be of the same task and judged on the same days or characters."""

from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.tasks.stock.kind import StockSettings
from lstm_model.training.trainer import Trainer
from lstm_tui.opening.saved import Opened, open_saved, read_saved
from lstm_tui.options.given import Given


def given_for_both(given: Given) -> tuple[Given, Given]:
    """The options for each of the two models; an InputError unless both are of one task."""
    a = {option: value for option, value in given.items() if option != "against"}
    b = a | {"load": given["against"]}
    (file, _, config), (other_file, _, other_config) = read_saved(a), read_saved(b)
    if config.task != other_config.task:
        raise InputError(
            f"cannot compare {file}, a model of the task {config.task}, with {other_file}, one of {other_config.task}:"
            " name two models of one task"
        )
    return a, b


def open_against(given: Given, opened: Opened) -> tuple[Trainer, Path]:
    """The model that --against names, ready to be looked at beside the opened one; InputError if they cannot be."""
    _, b = given_for_both(given)
    other = open_saved(b)
    first, second = opened.trainer, other.trainer
    if other.source is None:
        raise InputError(f"--against {given['against']} names no checkpoint")
    if first.task.fingerprint != second.task.fingerprint:
        names = f"{first.task.name} and {second.task.name}"
        raise InputError(
            f"the two models are of other data ({names}): name a file that both are to be judged on with --data"
        )
    if isinstance(first.config.of_task, StockSettings):
        column, other_column = first.config.of_task.column, StockSettings.of(second.config).column
        if column != other_column:
            raise InputError(
                f"the two models are of other prices, the columns {column} and {other_column}:"
                " name two models of one column"
            )
    if first.config.split != second.config.split:
        raise InputError(
            f"the two models hold other parts of the data out ({_shares(first)} and {_shares(second)}): what the one"
            " learnt from would judge the other"
        )
    return second, other.source


def _shares(trainer: Trainer) -> str:
    return "/".join(f"{share:g}" for share in trainer.config.split)
