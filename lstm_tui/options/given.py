"""The options that were given: what they set, and whether each means anything here."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError
from lstm_model.settings.config import Config
from lstm_tui.options.option import APP, Option
from lstm_tui.options.table import OPTIONS, SETTINGS, of_command

Given = Mapping[str, Any]  # options by name, those alone that were given


def settings_of(given: Given) -> dict[str, Any]:
    """The given options as fields of Config."""
    settings: dict[str, Any] = {}
    for option in SETTINGS.values():
        if option.field is not None and option.name in given:
            value = given[option.name]
            if option.rest is not None:
                first, *others = map(option.setting or str, value if isinstance(value, tuple) else (value,))
                settings |= {option.field: first} | ({option.rest: tuple(others)} if others else {})
            else:
                settings[option.field] = option.setting(value) if option.setting else value
    return settings


def changes_of(given: Given) -> dict[str, Any]:
    """The fields of Config that a saved model takes from the options, where it has other values."""
    return settings_of({name: value for name, value in given.items()
                        if name in SETTINGS and SETTINGS[name].may_change != "no"})  # fmt: skip


def for_all_tasks(given: Given) -> dict[str, Any]:
    """The fields of Config that hold for what the app opens later as well, of whatever task."""
    return settings_of({name: value for name, value in given.items() if name in SETTINGS and SETTINGS[name].all_tasks})


def that_may_change(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Of some fields of Config those that a saved model may have other values of than it was trained with."""
    free = {option.field for option in SETTINGS.values() if option.may_change == "yes"}
    return {field: value for field, value in settings.items() if field in free}


def require_task_options(given: Given, task: str, options: Sequence[Option] = OPTIONS) -> None:
    """An InputError for an option that means nothing for a task. options: those of the command."""
    for option in options:
        if option.name in given and option.task not in (None, task):
            advice = "leave it out" if "load" in given else f"leave it out, or add --task {option.task}"
            raise InputError(f"{option.flag} is for the task {option.task} and means nothing for {task}: {advice}")


def require_same(given: Given, config: Config, file: Path) -> None:
    """An InputError for an option that would make another model of a checkpoint, or give its data another meaning."""
    settings = settings_of(given)
    for option in SETTINGS.values():
        free = option.may_change == "yes" or (option.may_change == "with other data" and "data" in given)
        if free or option.field is None or option.field not in settings:
            continue
        asked, there = settings[option.field], option.of(config)
        if asked != there:
            raise InputError(
                f"{option.flag} {option.text(asked)} differs from {option.text(there) or 'none'} in {file}:"
                " leave it out, or start a new run without --load"
            )


def refuse_in_evaluation(given: Given) -> None:
    """An InputError for an option about training."""
    for option in of_command(APP):
        if option.name in given and not option.in_evaluation:
            raise InputError(f"{option.flag} does nothing with --eval-only: leave it out")
