"""What `data` shows of a file for it."""

from collections.abc import Callable
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.settings.config import Config
from lstm_tui.reports.described import Described


def claim(path: Path, config: Config) -> str:
    """No file is for it."""
    return ""


def describe(path: Path, config: Config, progress: Callable[[float], None]) -> Described:
    """It reads none."""
    raise InputError("a wave needs no file")
