"""The home of the person who runs the program. In a container, or for a user without an account, there may be none."""

import os
from collections.abc import Callable
from pathlib import Path

APP = "lstm-tui"
NOWHERE = Path(os.devnull) / APP


def expanded(path: str | Path) -> Path:
    """A path with ~ at its start replaced by the home; as it is where there is none, so that no such file is found."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - that of pathlib raises an error of its own


def own_folder(find: Callable[..., Path]) -> Path:
    """The program's folder under a place of platformdirs, such as `user_cache_path`.

    Without a home it is one that no system can make: reading and writing fail as they do on a full disk.
    """
    try:
        folder = find(APP, appauthor=False)
    except RuntimeError:
        return NOWHERE
    return folder if folder.is_absolute() else NOWHERE  # of a version that leaves the ~ in it
