"""What is known of one option."""

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from lstm_model.errors import InputError
from lstm_model.settings.config import Config
from lstm_tui.options.values import Convert, as_text, one_of

APP = ""  # the command that has no name: it opens the app
RUNNING: tuple[str, ...] = (APP, "train")  # what opens or begins a run
TRAINING: tuple[str, ...] = (*RUNNING, "sweep")  # what begins one, or many
READING: tuple[str, ...] = (*TRAINING, "eval", "inspect", "data")  # what reads data
WATCHING: tuple[str, ...] = ("watch", "attach", "replay")  # what shows a run that is not trained here
STANDARD_INPUT = "-"  # in the place of a file's name
SHOWING: tuple[str, ...] = (*TRAINING, "data")  # what reads data as a new run does


@dataclass(frozen=True)
class Option:
    """An option: how it is written, what it takes, which commands know it, and what it means for a run.

    name: as the given options are called; the command line writes it with dashes. field: the field of Config that it
    sets. An option that means another thing to another command has an entry for each.
    """

    name: str
    help: str
    commands: tuple[str, ...]
    field: str | None = None
    rest: str | None = None  # the field that takes what comes after the first of several values
    takes: Literal["value", "values", "nothing", "yes or no", "argument"] = "value"  # argument: a word without a flag
    may_lack: bool = False  # of an argument: whether it may be left out
    convert: Convert = str
    metavar: str | None = None
    choices: tuple[str, ...] = ()  # the words it may be, where these are known before anything else is
    separator: str = ","  # between the parts of a value
    setting: Callable[[Any], Any] | None = None  # from what was given to what Config holds, where they differ
    group: str = ""  # a heading of --help
    excludes: str = ""  # of the options with the same word here, one alone may be given
    task: str | None = None  # the only task that knows it
    # What may differ from a checkpoint's; the others are the model's shape, or what its optimizer and data mean.
    may_change: Literal["no", "yes", "with other data"] = "no"
    in_evaluation: bool = True  # False if it does nothing in evaluation-only mode
    all_tasks: bool = False  # whether it holds for what the app opens later as well, of whatever task
    of_the_data: bool = False  # whether it holds for one data file alone
    kept: bool = True  # whether a config holds what was chosen, rather than what came of it
    form: Literal["", "top", "left", "right"] = ""  # its place in the form of a new run; "": under "more"
    label: str = ""  # its name there

    @property
    def flag(self) -> str:
        """As it is written on the command line."""
        if self.takes == "argument":
            return self.metavar or self.name
        return "--" + self.name.replace("_", "-")

    @property
    def converter(self) -> Convert:
        """From a text to a value; argparse.ArgumentTypeError for a text that stands for none."""
        return one_of(self.choices) if self.choices else self.convert

    def of(self, config: Config) -> Any:
        """What it is in a run's settings."""
        return config.value(self.field or self.name)

    @property
    def named(self) -> str:
        """Its name in the form."""
        return self.label or self.name.replace("_", " ")

    @property
    def unless_given(self) -> str:
        """What it is where it is not given, for a person: what its help has in parentheses."""
        found = re.search(r"\(([^()]*)\)", self.help)
        return found[1] if found else ""

    def words(self, value: Any) -> list[str]:
        """A value as words of the command line, the flag before it."""
        if self.takes == "nothing":
            return [self.flag] if value else []
        apart = self.rest is not None and isinstance(value, tuple)  # files: a comma may be in the name of one
        texts = list(value) if apart else [self.text(value)]
        if any(text.startswith("-") for text in texts):
            return [f"{self.flag}={text}" for text in texts]
        return [self.flag, *texts]

    def text(self, value: Any) -> str:
        """A value as it is written on the command line."""
        return as_text(value, self.separator)

    def value(self, text: str) -> Any:
        """The value that a text stands for; an InputError about the field if there is none."""
        try:
            return self.converter(text)
        except argparse.ArgumentTypeError as error:
            raise InputError(f"`{self.field or self.name}` {error}", field=self.field) from None
