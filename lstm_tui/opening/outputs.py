"""What is to be written for a person: whether it can be, said before the work rather than after it."""

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.storage.home import expanded


def file_to_write(flag: str, name: str, endings: Sequence[str]) -> Path:
    """The file that an option names; an InputError if it cannot be written, or ends as something else."""
    path = expanded(name)
    if path.suffix.lower() not in endings:
        *most, last = endings
        choose = f"{', '.join(most)} or {last}" if most else last
        raise InputError(f"{flag} {name}: the ending says what is written; choose {choose}")
    if path.is_dir():
        raise InputError(f"{flag} {name} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise InputError(f"{flag} {name}: there is no folder {path.parent}; make it first")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise InputError(f"{flag} {name}: {path.parent} may not be written to; name a file elsewhere")
    return path


def folder_to_write(flag: str, name: str) -> Path:
    """The folder that an option names, which need not be there yet; an InputError if it cannot be made or written."""
    path = expanded(name)
    there = next(path for path in (path, *path.absolute().parents) if path.exists())
    if not there.is_dir():
        raise InputError(f"{flag} {name}: {there} is a file; name a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise InputError(f"{flag} {name}: {there} may not be written to; name a folder elsewhere")
    return path


def require_package(flag: str, package: str, extra: str) -> None:
    """An InputError with what to install, if a package that an option needs is not there."""
    if importlib.util.find_spec(package) is None:
        raise InputError(
            f"{flag} needs {package}, which is not installed: pip install 'lstm-tui[{extra}]', or pip install {package}"
        )
