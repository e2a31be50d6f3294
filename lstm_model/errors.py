"""Errors that a person reads: each is one line that says what is wrong, where, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager


class LSTMError(Exception):
    """The base of all errors this project raises on purpose; its text is meant for the person at the screen.

    It is one line also where it quotes the name of a file that is not.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__("␊".join(text.splitlines()))


class InputError(LSTMError):
    """An argument, or a file it names, cannot be used. The command line ends with status 2.

    `field` is the field of Config that it is about, None for none. Like all errors it names settings by their fields,
    and functions by their names, in backticks: whoever shows it may call them as the reader does.
    """

    def __init__(self, text: str = "", *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


@contextmanager
def about(field: str) -> Iterator[None]:
    """Errors that come from inside are about this field, where they do not name another."""
    try:
        yield
    except InputError as error:
        error.field = error.field or field
        raise


class CheckpointError(InputError):
    """A checkpoint cannot be used: missing, truncated, foreign, or of another task."""


class WorkError(LSTMError):
    """The arguments were right and the work failed: a full disk, a loss that is no number. Status 1."""


def reason_of(error: OSError) -> str:
    """What the operating system says is wrong, without its number and the file's name."""
    return error.strerror or str(error)


def shortened(text: str, most: int = 40) -> str:
    """At most `most` characters of a text, three dots at the end of one that was longer."""
    return text if len(text) <= most else text[: most - 3] + "..."


def quoted(text: str) -> str:
    """What somebody wrote, in quotes for a message: on one line, controls as escapes, long texts cut."""
    return repr(shortened(text))


def named_characters(characters: str, most: int = 8) -> str:
    """Name characters so that a reader can find them: `'é' (U+00E9), '~' (U+007E)`, at most `most` of them."""
    shown = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in characters[:most])
    return shown if len(characters) <= most else f"{shown} and {len(characters) - most} more"
