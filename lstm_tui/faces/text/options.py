"""The options of the task text."""

from typing import get_args

from lstm_model.tasks.text.kind import EncodingErrors
from lstm_tui.options.option import READING, Option

DATA = "any text"  # what --data may be

OPTIONS: tuple[Option, ...] = (
    Option("encoding_errors", "text: bytes that are no text stop the reading (strict), or are replaced (replace)",
           READING, field="encoding_errors", choices=get_args(EncodingErrors), metavar="WHAT", group="data",
           task="text", may_change="yes", of_the_data=True),
)  # fmt: skip
