"""The form of a new run: its settings as they are typed, before there is a run.

What is typed becomes options as the command line's parser gives them, and from there on the two go one way:
settings_of, preset_config, open_run. So a form can make no other run than a command could, and `command` says which.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

from lstm_model.costs.memory import require_memory
from lstm_model.errors import InputError, LSTMError
from lstm_model.runs.driving.plan import Plan
from lstm_model.settings.config import Config
from lstm_model.settings.presets import preset_config
from lstm_model.settings.task_kinds import Preset, kind_of
from lstm_model.settings.words import CellName
from lstm_model.storage.home import expanded
from lstm_model.training.inheritance import SAME
from lstm_tui.opening.opened import Opened
from lstm_tui.opening.run import open_run
from lstm_tui.options.given import Given, settings_of
from lstm_tui.options.option import STANDARD_INPUT, Option
from lstm_tui.options.table import IN_FORM
from lstm_tui.options.wording import option_of, with_names
from lstm_tui.visible import pasteable

Entries = Mapping[str, str]  # what stands in each field, by option; "" for what the preset or the task says

NOWHERE = ""  # the field of a problem that no field is to blame for
YES, NO = "yes", "no"  # of an option that takes nothing
_OPTIONS = {option.name: option for option in IN_FORM}
_USUAL = Plan()


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
        words = [word for name, value in self.given.items() for word in _OPTIONS[name].words(value)]
        return " ".join(map(pasteable, ["lstm-tui", *words]))


@dataclass(frozen=True)
class Form:
    """What stands in the form. A change gives another form.

    own: entries of the run that it began with, that hold for its data alone; data: the file of that run, the first if
    there are several; files: all of several.
    """

    entries: Entries
    own: Entries = field(default_factory=dict)
    data: str = ""
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, config: Config, always: Entries | None = None, plan: Plan = _USUAL) -> Form:
        """The form for a run like one that there is. always: entries that hold for every run."""
        entries = _entries(config, plan) | dict(always or {})
        own = {option.name: entries[option.name] for option in fields_of(config.task) if option.of_the_data}
        files = (str(config.data), *config.more_data) if config.more_data else ()
        return cls(entries, own, entries["data"], files)

    @property
    def task(self) -> str:
        """The chosen task."""
        return self.entries["task"]

    @property
    def preset(self) -> Preset:
        """The chosen preset."""
        return kind_of(self.task).presets[self.entries["preset"]]

    @property
    def options(self) -> tuple[Option, ...]:
        """Those that the chosen task knows."""
        return fields_of(self.task)

    @property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """The options that have a few values to choose from, and these."""
        words = {option.name: option.choices for option in self.options if option.choices}
        words |= {option.name: (NO, YES) for option in self.options if option.takes == "nothing"}
        return words | {"preset": tuple(kind_of(self.task).presets)}

    @property
    def standards(self) -> dict[str, str]:
        """What each empty field would be: some follow from the cell that is chosen."""
        return _entries(self._usual, _USUAL) | {"cell": _of_preset(self)["cell"]}

    @property
    def _usual(self) -> Config:
        """The preset with the cell that is chosen, if that is one."""
        cell = self.entries.get("cell", "")
        return preset_config(self.task, self.entries["preset"], cell=cell if cell in get_args(CellName) else None)

    def typed(self, entries: Entries) -> Form:
        """With other entries. Another task or preset fills all of them anew, but for what is no matter of it.

        What holds for the run's own data alone goes with them, and comes back with them.
        """
        before = self.entries
        if entries["task"] != before["task"]:
            fresh = Form({**entries, "preset": "default"})
            return replace(fresh, entries=_of_preset(fresh) | _of_no_preset(entries, fresh.options) | {"data": ""})
        typed = replace(self, entries=dict(entries))
        if entries["preset"] != before["preset"]:
            of_the_data = {option.name for option in self.options if option.of_the_data} | {"data"}
            same = _of_no_preset(entries, self.options) | {name: entries[name] for name in of_the_data}
            return replace(typed, entries=_of_preset(typed) | same)
        if entries.get("cell") != before.get("cell"):
            was, now = self.standards, typed.standards
            follow = {name: now[name] for name, text in entries.items() if text == was[name] != now[name]}
            return replace(typed, entries={**entries, **follow})
        if (entries["data"] == self.data) is not (before["data"] == self.data):
            standards = typed.standards
            here, there = (standards, self.own) if entries["data"] == self.data else (self.own, standards)
            moved = {name: there[name] for name in self.own if entries[name] == here[name]}
            return replace(typed, entries={**entries, **moved})
        return typed

    def checked(self, memory: Mapping[str, Any] | None) -> Checked:
        """What it comes to. memory: what is remembered of such data, None where there were none yet."""
        task, preset = self.task, self.entries["preset"]
        given: dict[str, Any] = {"task": task} | ({"preset": preset} if preset != Config.preset else {})
        problems: dict[str, str] = {}
        for option in self.options:
            text = self.entries.get(option.name, "")
            if option.name in ("task", "preset") or not text.strip():
                continue
            try:
                value = self._value(option, text)
            except InputError as error:
                problems[option.name] = with_names(error)
                continue
            usual = preset_config(task, preset) if option.field == "cell" else self._usual
            if value != _standard(option, usual) or self._must_be_told(option):
                given[option.name] = value
        problems |= _excluding(given)
        if problems:
            return Checked(given, None, problems)
        try:
            config = preset_config(task, **settings_of(given))
            require_memory(config, kind_of(task).sizes(config, memory))
        except InputError as error:
            problem = _problem(error)
            return Checked(given, None, {problem.option: problem.text})
        return Checked(given, config)

    def _value(self, option: Option, text: str) -> Any:
        """The value of an entry; an InputError if it is none by itself."""
        if option.takes == "nothing":
            return text == YES
        if option.name == "data":
            if text.strip() == STANDARD_INPUT:
                raise InputError("`data` - is standard input, where the keys come from here: name a file")
            return self.files if self.files and text == self.data else option.value(text)
        value = option.value(text)
        if option.field is not None:
            preset_config(self.task, self.entries["preset"], **settings_of({option.name: value}))
        return value

    def _must_be_told(self, option: Option) -> bool:
        """Whether it is given also where the preset has the same: a model to begin from would say another value."""
        return option.field in SAME and bool(self.entries.get("init_from", "").strip())


@cache
def fields_of(task: str) -> tuple[Option, ...]:
    """The options that the form has for a task, in the order of --help."""
    there = preset_config(task).as_dict()  # not all that several tasks have is a setting of this one
    return tuple(option for option in IN_FORM if option.field is None or option.field in there)


def begin(given: Given, taken: Collection[Path] = ()) -> Opened | Problem:
    """A new run that is ready, or why there is none: what a person can mend. taken: folders of the runs at hand."""
    try:
        if "save" in given and expanded(given["save"]).resolve() in {folder.resolve() for folder in taken}:
            return Problem("save", f"{given['save']} is the folder of a run that goes on here: name another one")
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
    return Problem(option.name if option in IN_FORM and option else NOWHERE, with_names(error))


def _excluding(given: Given) -> dict[str, str]:
    """What is wrong with options of which one alone may be given."""
    first: dict[str, Option] = {}
    problems: dict[str, str] = {}
    for name in given:
        option = _OPTIONS[name]
        if option.excludes and (other := first.setdefault(option.excludes, option)) is not option:
            problems[name] = f"{option.named} cannot be given together with {other.named}"
    return problems


def _of_no_preset(entries: Entries, options: Collection[Option]) -> dict[str, str]:
    """The entries that another preset, or task, changes nothing of."""
    return {
        option.name: entries[option.name]
        for option in options
        if (option.field is None or option.all_tasks) and option.name != "task"
    }


def _of_preset(form: Form) -> dict[str, str]:
    """Every field as the chosen preset has it."""
    return _entries(preset_config(form.task, form.entries["preset"]), _USUAL)


def _standard(option: Option, usual: Config) -> Any:
    """What an option is that is not given, where these are the usual settings."""
    if option.field is not None:
        return option.of(usual)
    return False if option.takes == "nothing" else getattr(_USUAL, option.name, None)


def _entries(config: Config, plan: Plan) -> dict[str, str]:
    """Every field as it stands for a run's settings, with the plan of a launch but for its end."""
    entries = {}
    for option in fields_of(config.task):
        if option.name == "task" or (option.field is not None and option.kept):
            value = option.of(config)
        else:
            value = _standard(option, preset_config(config.task, config.preset))
            value = getattr(plan, option.name, value) if not option.excludes else value
        entries[option.name] = (YES if value else NO) if option.takes == "nothing" else option.text(value)
    return entries | {"data": config.data or ""}
