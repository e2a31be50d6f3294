"""The options of the copy task."""

from lstm_tui.options.option import TRAINING, Option
from lstm_tui.options.values import whole

DATA = ""  # what --data may be: it makes its sequences itself

OPTIONS: tuple[Option, ...] = (
    Option("remember", "copy: symbols to remember (3)", TRAINING, field="remember", convert=whole, metavar="N",
           group="settings", task="copy"),
    Option("gap", "copy: steps until they are asked for (20)", TRAINING, field="gap", convert=whole, metavar="N",
           group="settings", task="copy"),
    Option("alphabet", "copy: different symbols there are (8)", TRAINING, field="alphabet", convert=whole, metavar="N",
           group="settings", task="copy"),
)  # fmt: skip
