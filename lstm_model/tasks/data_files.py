"""Where the data sets that ship are found: beside the package in a checkout, inside it when installed."""

import hashlib
import stat
from importlib.resources import files
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import kind_of


def shipped(task: str) -> Path:
    """The path of the data set that ships for a task."""
    package = Path(str(files("lstm_model")))
    name = kind_of(task).shipped
    for folder in (package / "data", package.parent / "data"):
        if (folder / name).is_file():
            return folder / name
    raise InputError(
        f"the data set {name} is not installed: reinstall lstm-tui, or name a file with `data`", field="data"
    )


def require_one_file(config: Config) -> None:
    """An InputError for several files, for a task that reads one."""
    if config.more_data:
        count = 1 + len(config.more_data)
        raise InputError(f"`data` must be one file for the task {config.task}, not {count:,}", field="data")


def readable_file(path: Path, what: str) -> Path:
    """The path itself if it names a file that can be opened; else one clear line."""
    if path.is_dir():
        raise InputError(f"{path} is a directory: name a {what} file with `data`", field="data")
    if not path.exists():
        raise InputError(f"there is no file {path}: name a {what} file with `data`", field="data")
    return path


def require_plain_file(name: str | None) -> None:
    """An InputError if the data that a checkpoint names are a pipe or a device: reading one may never end."""
    try:
        mode = Path(name).stat().st_mode if name else stat.S_IFREG
    except OSError:
        return  # whoever opens it says what is wrong
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise InputError(f"{name} is a pipe or a device: name a plain file with `data`", field="data")


def file_fingerprint(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
