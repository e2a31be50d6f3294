"""What `data` shows of a file for the copy task: nothing, for it reads none."""

from collections.abc import Callable
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.settings.config import Config
from lstm_tui.reports.described import Described


def claim(path: Path, config: Config) -> str:  # noqa: ARG001
    """Why a file is for this task: none is."""
    return ""


def describe(path: Path, config: Config, progress: Callable[[float], None], *, quick: bool) -> Described:  # noqa: ARG001
    """An InputError."""
    raise InputError(f"the copy task makes its sequences itself and reads no file such as {path}", field="data")
