"""The library's messages in a reader's words.

It names a setting by its field, and a function by its name, in backticks; here they are options and commands.
"""

import re

from lstm_tui.options.option import Option
from lstm_tui.options.table import IN_FORM, OPTIONS

COMMANDS = {"find_saves": "`lstm-tui runs`"}  # functions of the library that are a command here
_NAMED = re.compile(r"`([a-z_]+)`")
_OPTIONS = {name: option for option in reversed(OPTIONS) for name in (option.name, option.field) if name}


def option_of(field: str | None) -> Option | None:
    """The option that sets a field, if one does."""
    return None if field is None else _OPTIONS.get(field)


def with_flags(message: object) -> str:
    """A message, or an error, for the command line: `hidden_size` is called --hidden."""
    return _NAMED.sub(lambda named: _as_flag(named[1]), str(message))


def with_names(message: object) -> str:
    """The same for the form: what has a place there goes by its name, without dashes."""
    return _NAMED.sub(lambda named: _as_name(named[1]), str(message))


def _as_flag(name: str) -> str:
    option = option_of(name)
    return option.flag if option else COMMANDS.get(name, f"`{name}`")


def _as_name(name: str) -> str:
    option = option_of(name)
    return option.name.replace("_", " ") if option in IN_FORM else _as_flag(name)
