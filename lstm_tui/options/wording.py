"""The library's messages in a reader's words: it names a setting by its field, in backticks."""

import re

from lstm_tui.options.option import Option
from lstm_tui.options.table import OPTIONS

_NAMED = re.compile(r"`([a-z_]+)`")
_OPTIONS = {name: option for option in reversed(OPTIONS) for name in (option.name, option.field) if name}


def option_of(field: str | None) -> Option | None:
    """The option that sets a field, if one does."""
    return None if field is None else _OPTIONS.get(field)


def with_flags(message: object) -> str:
    """A message, or an error, for the command line: `hidden_size` is called --hidden."""
    return _NAMED.sub(lambda named: _flag(named[1]) or named[0], str(message))


def with_names(message: object) -> str:
    """The same for the form: what has a place there goes by its name, without dashes."""
    return _NAMED.sub(lambda named: _name(named[1]) or _flag(named[1]) or named[0], str(message))


def _flag(field: str) -> str | None:
    option = option_of(field)
    return option.flag if option else None


def _name(field: str) -> str | None:
    option = option_of(field)
    return option.name if option and option.form else None
