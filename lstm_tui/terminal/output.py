"""Where words go: results to standard output, messages to standard error, one line each."""

import json
import math
import os
import select
import sys
import time
from io import TextIOWrapper
from typing import Any, cast

from lstm_tui.visible import shortened_line, visible

LONGEST_MESSAGE = 6000  # cells: the longest path fits, and no cell of a broken CSV file fills the terminal


def result(line: str) -> None:
    """Write a line of the result, at once: whoever reads a pipe or a log must not wait for a full buffer.

    Whatever it quotes is made visible; new lines stay. JSON has only ASCII, and stays as it is.
    """
    sys.stdout.write(f"{visible(line)}\n")
    sys.stdout.flush()


def message(line: str) -> None:
    """Write a message, whatever it quotes kept on one line, made visible, and cut where it is absurdly long."""
    sys.stderr.write(shortened_line(line, LONGEST_MESSAGE) + "\n")
    sys.stderr.flush()


def json_line(values: Any) -> str:
    """JSON on one line; what is no finite number is null, for JSON has no name for it."""
    return json.dumps(_plain(values), allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def on_terminal() -> bool:
    """Whether a person can see the screen and press keys: on a terminal, or in a browser."""
    return in_browser() or all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def in_browser() -> bool:
    """Whether `lstm-tui serve` has started this process for a tab."""
    return os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")


def screen_stream() -> TextIOWrapper:
    """Where the app is drawn: on standard error, as Textual does, or on standard output where errors go into a file."""
    stream = sys.__stderr__
    return cast("TextIOWrapper", stream if stream is not None and stream.isatty() else sys.__stdout__)


def can_take() -> bool:
    """Whether the terminal reads what it is sent; False while its link hangs."""
    try:
        return bool(select.select([], [screen_stream()], [], 0)[1])
    except (OSError, ValueError, TypeError):
        return True  # no terminal, or a system that cannot tell


def forgive_encoding() -> None:
    """Let a character that the terminal's encoding lacks be written as an escape, instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def ascii_only() -> bool:
    """Whether standard output can show nothing but ASCII."""
    try:
        "█━".encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeError):
        return True
    return False


def abandon_stdout() -> None:
    """After a closed pipe: give the interpreter somewhere to flush to when it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def back_to_line_start() -> None:
    """Let the next message stand in place of the ^C that a terminal shows."""
    if sys.stderr.isatty():
        sys.stderr.write("\r")


class Progress:
    """The share that is done, on a terminal's standard error, once a job has taken longer than a second."""

    def __init__(self, what: str) -> None:
        self._what, self._shown = what, ""
        self._begun: float | None = None

    def __call__(self, share: float) -> None:
        """Show a share from 0 to 1."""
        if self._begun is None:
            self._begun = time.monotonic()
        if not sys.stderr.isatty() or time.monotonic() - self._begun < 1:
            return
        text = f"{self._what}: {100 * share:.0f} %"
        if text != self._shown:
            sys.stderr.write(f"\r{text}")
            sys.stderr.flush()
            self._shown = text

    def clear(self) -> None:
        """Take it off the screen."""
        if self._shown:
            sys.stderr.write("\r" + " " * len(self._shown) + "\r")
            sys.stderr.flush()
        self._shown, self._begun = "", None
