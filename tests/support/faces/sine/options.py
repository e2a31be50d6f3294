"""Its options."""

from lstm_tui.options.option import Option

DATA = ""
OPTIONS: tuple[Option, ...] = ()
