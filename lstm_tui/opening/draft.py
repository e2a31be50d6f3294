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
from lstm_model.settings.words import TASKS, TaskName
from lstm_tui.opening.opened import Opened
from lstm_tui.opening.run import open_run
from lstm_tui.opening.saved import SETTINGS, Given, flag, settings_of, shown
from lstm_tui.options.parser import OPTIMIZERS, parser_for
from lstm_tui.visible import pasteable

Entries = Mapping[str, str]  # what stands in each field, by option; "" for what the preset or the task says

FIELDS = ("task", "data", "preset", "hidden", "layers", "batch", "seq", "dropout", "optimizer", "lr", "seed")
OF_THE_DATA = ("encoding", "column", "features")  # what a file's options say holds for that file alone
NOT_KEPT = ("threads",)  # a config holds what was chosen for it, not whether somebody chose it
NOWHERE = ""  # the field of a problem that no field is to blame for
_PARSER = parser_for("")
_NAMED = re.compile(rf"--({'|'.join(FIELDS)})\b")


@dataclass(frozen=True)
class Draft:
    """What entries come to: options, and settings or what is wrong, by field and in the command line's words."""

    given: dict[str, Any]
    config: Config | None = None
    problems: dict[str, str] = field(default_factory=dict)


def choices(task: TaskName) -> dict[str, tuple[str, ...]]:
    """The fields that have a few values to choose from, and these."""
    return {"task": TASKS, "preset": tuple(PRESETS[task]), "optimizer": OPTIMIZERS}


def meaning(option: str) -> str:
    """What a field is for, in the words of --help."""
    return _PARSER.meaning(option)


def entries_of(config: Config) -> dict[str, str]:
    """Every field as it stands for a run's settings."""
    entries = {option: shown(option, getattr(config, SETTINGS.get(option, option))) for option in FIELDS}
    return entries | {"data": config.data or ""}


def kept_of(config: Config) -> dict[str, Any]:
    """The options of a run that have no field and are not its preset's."""
    base = preset_config(config.task, config.preset)
    others = [option for option in SETTINGS if option not in (*FIELDS, *NOT_KEPT)]
    values = {option: getattr(config, SETTINGS[option]) for option in others}
    return {option: value for option, value in values.items() if value != getattr(base, SETTINGS[option])}


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
            value = _PARSER.value(option, entries[option])
            if option != "data":
                preset_config(task, preset, **settings_of({option: value}))
        except InputError as error:
            problems[option] = spoken(str(error))
            continue
        if value != getattr(base, SETTINGS[option]):
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
        text = shown(option, value)
        words += [f"{flag(option)}={text}"] if text.startswith("-") else [flag(option), text]
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
