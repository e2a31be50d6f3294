"""The options of the task text."""

from typing import get_args

from lstm_model.tasks.text.kind import EncodingErrors
from lstm_tui.options.option import READING, Option

DATA = "any text"  # what --data may be

OPTIONS: tuple[Option, ...] = (
    Option("encoding_errors", "text: bytes that are no text stop the reading (strict), or are replaced (replace)",
           READING, field="encoding_errors", choices=get_args(EncodingErrors), metavar="WHAT", group="data",
           task="text", may_change="yes", of_the_data=True),
    Option("online", "text: read FILE once with a new model like the loaded one, which predicts and then learns: the"
           " bits that a compressor of this kind needs", ("eval",), metavar="FILE", task="text"),
    Option("adapt_on", "text: let the model read FILE first and learn from it, so that it writes in its manner; the"
           " model's own file stays as it is", ("sample",), metavar="FILE", task="text"),
)  # fmt: skip
