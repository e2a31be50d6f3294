"""The options of the task text."""

from typing import get_args

from lstm_model.tasks.text.kind import EncodingErrors, Order
from lstm_tui.options.option import READING, Option
from lstm_tui.options.values import count, patterns

DATA = "any text, several, or a folder of them"  # what --data may be

OPTIONS: tuple[Option, ...] = (
    Option("encoding_errors", "text: bytes that are no text stop the reading (strict), or are replaced (replace)",
           READING, field="encoding_errors", choices=get_args(EncodingErrors), metavar="WHAT", group="data",
           task="text", may_change="yes", of_the_data=True),
    Option("per_char", "text: the surprise of each character of --text-file, and what was held likeliest",
           ("eval",), takes="nothing", task="text"),
    Option("text_file", "text: a text of your own, which is read in place of the held-out part; - for standard input",
           ("eval", "inspect"), metavar="FILE", task="text"),
    Option("guesses", "text: how many of the likeliest characters --per-char gives (3)", ("eval",), convert=count,
           metavar="N", task="text"),
    Option("include", "text: files to take from folders, by patterns such as '*.md' (all)", READING, field="include",
           takes="values", convert=patterns, metavar="PATTERN", group="data", task="text", may_change="with other data",
           of_the_data=True),
    Option("order", "text: several files in mixed order, by a hash of their names, or by name (mixed)", READING,
           field="order", choices=get_args(Order), metavar="|".join(get_args(Order)), group="data", task="text",
           may_change="with other data", of_the_data=True),
    Option("online", "text: read FILE once with a new model like the loaded one, which predicts and then learns: the"
           " bits that a compressor of this kind needs", ("eval",), metavar="FILE", task="text"),
    Option("adapt_on", "text: let the model read FILE first and learn from it, so that it writes in its manner; the"
           " model's own file stays as it is", ("sample",), metavar="FILE", task="text"),
)  # fmt: skip
