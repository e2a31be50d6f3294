"""A file of text that an option names, beside those that a model is trained on."""

from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.storage.home import expanded


def text_file(name: str, flag: str) -> Path:
    """Its path; an InputError that names the option unless it is a file."""
    path = expanded(name)
    if path.is_dir():
        raise InputError(f"{path} is a folder: name a text file with {flag}")
    if not path.exists():
        raise InputError(f"there is no file {path}: name a text file with {flag}")
    if not path.is_file():
        raise InputError(
            f"{path} is a pipe or a device: write what comes out of it to a file, and name that with {flag}"
        )
    return path
