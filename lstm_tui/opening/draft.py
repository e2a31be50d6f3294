"""A run's settings as they are typed in a form, before there is a run.

What is typed becomes options as the command line's parser gives them, and from there on the two go one way:
settings_of, preset_config, open_run. So a form can make no other run than a command could, and `command` says which.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lstm_model.costs.memory import require_memory
from lstm_model.errors import InputError, LSTMError
from lstm_model.settings.config import Config
from lstm_model.settings.presets import PRESETS, preset_config
from lstm_model.settings.words import TaskName
from lstm_tui.opening.saved import Opened, open_run
from lstm_tui.options.given import Given, settings_of
from lstm_tui.options.option import APP
from lstm_tui.options.table import FORM, SETTINGS, of_command
from lstm_tui.options.wording import with_flags
from lstm_tui.visible import pasteable

Entries = Mapping[str, str]  # what stands in each field, by option; "" for what the preset or the task says

FIELDS = tuple(option.name for option in FORM)
OF_THE_DATA = tuple(option.name for option in SETTINGS.values() if option.of_the_data)
NOWHERE = ""  # the field of a problem that no field is to blame for
_OPTIONS = {option.name: option for option in of_command(APP)}
_NAMED = re.compile(rf"--({'|'.join(FIELDS)})\b")


@dataclass(frozen=True)
class Draft:
    """What entries come to: options, and settings or what is wrong, by field and in the command line's words."""

    given: dict[str, Any]
    config: Config | None = None
    problems: dict[str, str] = field(default_factory=dict)


def choices(task: TaskName) -> dict[str, tuple[str, ...]]:
    """The fields that have a few values to choose from, and these."""
    return {option.name: option.choices for option in FORM if option.choices} | {"preset": tuple(PRESETS[task])}


def meaning(option: str) -> str:
    """What a field is for, in the words of --help."""
    return _OPTIONS[option].help


def entries_of(config: Config) -> dict[str, str]:
    """Every field as it stands for a run's settings."""
    entries = {option.name: option.text(getattr(config, option.field or option.name)) for option in FORM}
    return entries | {"data": config.data or ""}


def kept_of(config: Config) -> dict[str, Any]:
    """The options of a run that have no field and are not its preset's."""
    base = preset_config(config.task, config.preset)
    others = [option for option in SETTINGS.values() if option.kept and not option.form]
    values = {option: (getattr(config, str(option.field)), getattr(base, str(option.field))) for option in others}
    return {option.name: value for option, (value, usual) in values.items() if value != usual}


def draft(entries: Entries, kept: Given, V: int) -> Draft:
    """What entries come to, with the `kept` options that have no field. V: the vocabulary's size, as far as known."""
    task: TaskName = "stock" if entries["task"] == "stock" else "text"
    preset = entries["preset"]
    base = preset_config(task, preset)
    given: dict[str, Any] = {"task": task} | ({"preset": preset} if preset != Config.preset else {})
    problems: dict[str, str] = {}
    for option in FIELDS:
        if option in ("task", "preset") or not entries[option].strip():
            continue
        try:
            value = _OPTIONS[option].value(entries[option])
            if option != "data":
                preset_config(task, preset, **settings_of({option: value}))
        except InputError as error:
            problems[option] = spoken(with_flags(error))
            continue
        if value != getattr(base, str(SETTINGS[option].field)):
            given[option] = value
    given |= kept
    if problems:
        return Draft(given, None, problems)
    try:
        config = preset_config(task, **settings_of(given))
        require_memory(config, V)
    except InputError as error:
        return Draft(given, None, dict([blamed(str(error), entries)]))
    return Draft(given, config)


def command(given: Given) -> str:
    """The command line that gives the same options."""
    words = ["lstm-tui"]
    for option, value in given.items():
        flag, text = _OPTIONS[option].flag, _OPTIONS[option].text(value)
        words += [f"{flag}={text}"] if text.startswith("-") else [flag, text]
    return " ".join(map(pasteable, words))


def opened(given: Given) -> Opened | str:
    """A new run that is ready, or why there is none: what a person can mend."""
    try:
        return open_run(given)
    except LSTMError as error:
        return str(error)
    except OSError as error:
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    except MemoryError:
        return "not enough memory: choose smaller --hidden, --batch or --seq"


def blamed(problem: str, entries: Entries) -> tuple[str, str]:
    """The field that a problem is about, and what to say there: the first one it names, else the data if it is those.

    NOWHERE if it is about no field.
    """
    data = entries["data"]
    about = problem.replace(data, "") if data else problem  # a file's name may look like anything
    named = _NAMED.search(about)
    if named:
        return named[1], spoken(problem)
    return ("data" if data and Path(data).name in problem else NOWHERE), problem


def spoken(problem: str) -> str:
    """A problem in the words of the form: the fields without the dashes of the options."""
    return _NAMED.sub(r"\1", problem)
