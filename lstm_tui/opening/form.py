"""The form of a new run: its settings as they are typed, before there is a run.

What is typed becomes options as the command line's parser gives them, and from there on the two go one way:
settings_of, preset_config, open_run. So a form can make no other run than a command could, and `command` says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lstm_model.costs.memory import require_memory
from lstm_model.errors import InputError, LSTMError
from lstm_model.settings.config import Config
from lstm_model.settings.presets import preset_config
from lstm_model.settings.task_kinds import Preset, kind_of
from lstm_tui.opening.opened import Opened
from lstm_tui.opening.run import open_run
from lstm_tui.options.given import Given, settings_of
from lstm_tui.options.option import APP
from lstm_tui.options.table import FORM, SETTINGS, of_command
from lstm_tui.options.wording import option_of, with_names
from lstm_tui.visible import pasteable

Entries = Mapping[str, str]  # what stands in each field, by option; "" for what the preset or the task says

NOWHERE = ""  # the field of a problem that no field is to blame for
_OPTIONS = {option.name: option for option in of_command(APP)}


@dataclass(frozen=True)
class Problem:
    """What is wrong, in the form's words, and the option whose field is to blame: NOWHERE for none."""

    option: str
    text: str


@dataclass(frozen=True)
class Checked:
    """What a form comes to: the options that say the same, and their settings or what is wrong with them, by option."""

    given: dict[str, Any]
    config: Config | None = None
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def command(self) -> str:
        """The command line that gives the same options."""
        words = ["lstm-tui"]
        for name, value in self.given.items():
            flag, text = _OPTIONS[name].flag, _OPTIONS[name].text(value)
            words += [f"{flag}={text}"] if text.startswith("-") else [flag, text]
        return " ".join(map(pasteable, words))


@dataclass(frozen=True)
class Form:
    """What stands in the form. A change gives another form.

    kept: options of the run that it began with, which have no field here. data: the file of that run. always: options
    that hold for every run.
    """

    entries: Entries
    kept: Given = field(default_factory=dict)
    data: str = ""
    always: Given = field(default_factory=dict)

    @classmethod
    def of(cls, config: Config, always: Given | None = None) -> Form:
        """The form for a run like one that there is."""
        entries = _entries(config)
        return cls(entries, _kept(config), entries["data"], always or {})

    @property
    def task(self) -> str:
        """The chosen task."""
        return self.entries["task"]

    @property
    def preset(self) -> Preset:
        """The chosen preset."""
        return kind_of(self.task).presets[self.entries["preset"]]

    @property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """The options that have a few values to choose from, and these."""
        words = {option.name: option.choices for option in FORM if option.choices}
        return words | {"preset": tuple(kind_of(self.task).presets)}

    @property
    def standards(self) -> dict[str, str]:
        """What each empty field would be."""
        return _entries(preset_config(self.task, self.entries["preset"]))

    def typed(self, entries: Entries) -> Form:
        """With other entries; another task or preset fills all of them anew.

        But for the seed, which is no matter of a preset, and for the data, which are of one task.
        """
        before = self.entries
        if entries["task"] != before["task"]:
            fresh = replace(self, entries={**entries, "preset": "default"}, kept={}, data="")
            return replace(fresh, entries=fresh.standards | {"data": "", "seed": entries["seed"]})
        typed = replace(self, entries=dict(entries))
        if entries["preset"] != before["preset"]:
            kept = {name: value for name, value in self.kept.items() if _OPTIONS[name].of_the_data}
            same = {name: entries[name] for name in ("data", "seed")}
            return replace(typed, entries=typed.standards | same, kept=kept)
        return typed

    def checked(self, memory: Mapping[str, Any] | None) -> Checked:
        """What it comes to. memory: what is remembered of such data, None where there were none yet."""
        task, preset = self.task, self.entries["preset"]
        base = preset_config(task, preset)
        given: dict[str, Any] = {"task": task} | ({"preset": preset} if preset != Config.preset else {})
        problems: dict[str, str] = {}
        for option in FORM:
            text = self.entries[option.name]
            if option.name in ("task", "preset") or not text.strip():
                continue
            try:
                value = option.value(text)
                if option.name != "data":
                    preset_config(task, preset, **settings_of({option.name: value}))
            except InputError as error:
                problems[option.name] = with_names(error)
                continue
            if value != option.of(base):
                given[option.name] = value
        given |= {name: value for name, value in (*self.always.items(), *self.kept.items()) if self._holds(name)}
        if problems:
            return Checked(given, None, problems)
        try:
            config = preset_config(task, **settings_of(given))
            require_memory(config, kind_of(task).sizes(config, memory))
        except InputError as error:
            problem = _problem(error)
            return Checked(given, None, {problem.option: problem.text})
        return Checked(given, config)

    def _holds(self, name: str) -> bool:
        return not (_OPTIONS[name].of_the_data or name == "data") or self.entries["data"] == self.data


def begin(given: Given) -> Opened | Problem:
    """A new run that is ready, or why there is none: what a person can mend."""
    try:
        return open_run(given)
    except LSTMError as error:
        return _problem(error)
    except OSError as error:
        is_data = error.filename is not None and str(error.filename) == settings_of(given).get("data")
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return Problem("data" if is_data else NOWHERE, what)
    except MemoryError:
        advice = "not enough memory: choose smaller `hidden_size`, `batch_size` or `seq_length`"
        return Problem("hidden", with_names(advice))


def _problem(error: LSTMError) -> Problem:
    option = option_of(error.field) if isinstance(error, InputError) else None
    return Problem(option.name if option and option.form else NOWHERE, with_names(error))


def _entries(config: Config) -> dict[str, str]:
    """Every field as it stands for a run's settings."""
    entries = {option.name: option.text(option.of(config)) for option in FORM}
    return entries | {"data": config.data or ""}


def _kept(config: Config) -> dict[str, Any]:
    """The options of a run that have no field and are not its preset's."""
    base = preset_config(config.task, config.preset)
    there = config.as_dict()  # not all that several tasks have is a setting of this one
    known = (option for option in SETTINGS.values() if (option.field or option.name) in there)
    others = (option for option in known if option.kept and not option.form)
    several = {"data": (str(config.data), *config.more_data)} if config.more_data else {}
    return several | {option.name: option.of(config) for option in others if option.of(config) != option.of(base)}
