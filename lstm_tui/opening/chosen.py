"""Which saved model is looked at where --load names none: the newest run's, or the one that ships."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError
from lstm_model.runs.saved_model import peek
from lstm_model.runs.saves import Saved, find_saves, is_trial, own_first, saves_root
from lstm_model.runs.shipped import shipped_model, ships
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.options.given import Given
from lstm_tui.terminal.output import message


@dataclass(frozen=True)
class Chosen:
    """A checkpoint that was chosen for a person, and the sentence that says which it is."""

    file: Path
    why: str


def with_model(given: Given, task: str | None = None) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The options with a --load; and what was said of it, if it had to be chosen: of a task, if one is named."""
    if "load" in given:
        return dict(given), ()
    chosen = chosen_model(given.get("task", task))
    message(chosen.why)
    return {**given, "load": str(chosen.file)}, (chosen.why,)


def chosen_model(task: str | None) -> Chosen:
    """The newest run's checkpoint, else the model that ships; of a task if one is named. InputError if there is none.

    A trial of a sweep is one of many and chosen by nobody: it is taken only where there is no other run.
    Models that ship are no runs of anybody, also where they lie among the saves: a checkout gives all files one age.
    """
    saves = [save for save in find_saves()[0] if task in (None, save.task) and not ships(save.file.parent)]
    if saves:
        newest = own_first(saves)[0]
        what = "run, a trial of a sweep" if is_trial(newest.file.parent) else "run"
        return Chosen(newest.file, f"showing the newest {what}: {newest.file}")
    wanted = task or next(iter(KINDS))
    ready = shipped_model(wanted)
    if ready is None:
        raise InputError(
            f"there is no saved {wanted} model under {saves_root()}: name one with --load, or train one first"
        )
    there = peek(ready)
    return Chosen(there.file, f"there is no saved {wanted} model under {saves_root()}: showing {_as_shipped(there)}")


def chosen_beside(task: str) -> Chosen | None:
    """What is shown of a task that is switched to: a model of the data that ship before one of other data."""
    saves = own_first(save for save in find_saves()[0] if save.task == task and not ships(save.file.parent))
    usual = [save for save in saves if save.data == kind_of(task).shipped]
    ready = shipped_model(task)
    if usual or (saves and ready is None):
        save = (usual or saves)[0]
        return Chosen(save.file, f"showing {save.file}, trained on {save.data}")
    if ready is None:
        return None
    there = peek(ready)
    return Chosen(there.file, f"showing {_as_shipped(there)}")


def _as_shipped(save: Saved) -> str:
    return f"{save.run}, the model that ships, trained on {save.data}"
