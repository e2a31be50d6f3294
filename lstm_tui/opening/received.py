"""`--data -`: what comes through a pipe becomes a file, for a run that goes on must find its data again."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError
from lstm_model.runs.folder import RunFolder
from lstm_tui.opening.opened import released_on_failure
from lstm_tui.options.given import Given
from lstm_tui.options.option import STANDARD_INPUT
from lstm_tui.terminal.output import message

NAME = "standard-input.txt"


@contextlib.contextmanager
def kept_in(folder: RunFolder, settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Settings of a run whose data, where they are standard input, lie in its folder.

    They are taken away again if no run comes of it. InputError if nothing came.
    """
    if not _asked(settings):
        yield dict(settings)
        return
    with released_on_failure(folder):
        _say_what_is_waited_for()
        path = folder.receive(sys.stdin.buffer, NAME)
        try:
            _require_something(path)
            yield _with(settings, path.absolute())
        except BaseException:
            path.unlink(missing_ok=True)
            folder.give_up()
            raise


@contextlib.contextmanager
def kept_for_a_while(given: Given) -> Iterator[dict[str, Any]]:
    """Options whose data, where they are standard input, are a file that is gone afterwards."""
    if not _asked(given):
        yield dict(given)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        _say_what_is_waited_for()
        with path.open("wb") as file:
            while piece := sys.stdin.buffer.read(1 << 20):
                file.write(piece)
        _require_something(path)
        yield _with(given, path)


def _asked(settings: Mapping[str, Any]) -> bool:
    return STANDARD_INPUT in _named(settings)


def _named(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """All that is named as data, in options or in settings."""
    first = settings.get("data", ())
    return (*(first if isinstance(first, tuple) else (first,)), *settings.get("more_data", ()))


def _with(settings: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The same with a file in the place of standard input."""

    def instead(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(instead, value))
        return str(path) if value == STANDARD_INPUT else value

    return {name: instead(value) if name in ("data", "more_data") else value for name, value in settings.items()}


def _say_what_is_waited_for() -> None:
    if sys.stdin.isatty():
        message("reading standard input: end it with Ctrl+D")


def _require_something(path: Path) -> None:
    if not path.stat().st_size:
        raise InputError("standard input is empty: nothing came through the pipe", field="data")
