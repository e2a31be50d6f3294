"""The options of the task text."""

from lstm_tui.options.option import READING, Option

DATA = "any text"  # what --data may be

OPTIONS: tuple[Option, ...] = (
    Option("encoding", "text: how the file is encoded (utf-8)", READING, field="encoding", metavar="NAME", group="data",
           task="text", may_change="yes", of_the_data=True),
)  # fmt: skip
