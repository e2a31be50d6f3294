"""Results that take seconds, kept from one start of the program to the next.

One JSON file each, in a room of the user's cache folder. What is missing, damaged or cannot be written is computed
again. The key of a result, or what stands in it, says all that it depends on.

A room that others can write in is not used: they could have kept anything there. Neither is one of another owner, nor
a link, through which files elsewhere would be written and taken away.
"""

import contextlib
import json
import os
import stat
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from lstm_model.storage.files import write_whole
from lstm_model.storage.home import own_folder
from lstm_model.storage.plain_json import read_json

MOST_FILES = 50  # files kept of a room, the newest
MOST_BYTES = 16_000_000  # of one of them: what was read of ten thousand checkpoints
MOST_ENTRIES = 2_000_000  # and of the values in it, with the brackets around them
BASELINES = "baselines"  # the room of what depends on data alone


def cache_folder(room: str = BASELINES) -> Path:
    """Where they are: lstm-tui/ROOM in the user's cache folder ($XDG_CACHE_HOME, or ~/.cache)."""
    return own_folder(user_cache_path) / room


def recall(key: str, room: str = BASELINES) -> dict[str, Any]:
    """What was kept under a key, a file name without its end; nothing if there is nothing that can be read."""
    folder = cache_folder(room)
    file = folder / f"{key}.json"
    try:
        if not (_is_ours(folder.parent) and _is_ours(folder) and _is_ours(file)):
            return {}
        kept = read_json(file, MOST_BYTES, MOST_ENTRIES)
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def remember(key: str, values: dict[str, Any], room: str = BASELINES) -> None:
    """Keep values under a key, and of all keys the newest; a folder that cannot be written to loses it, no more."""
    folder = cache_folder(room)
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        if not (_is_ours(folder.parent) and _is_ours(folder)):
            return
        write_whole(folder / f"{key}.json", (json.dumps(values, indent=2) + "\n").encode())
        newest_last = sorted(folder.glob("*.json"), key=lambda file: file.lstat().st_mtime)
        for old in newest_last[:-MOST_FILES]:
            old.unlink(missing_ok=True)


def _is_ours(path: Path) -> bool:
    """Whether a file or folder is no link, and belongs to the user who runs the program, who alone may write in it.

    The group may as well, where each user has one alone. OSError if there is none.
    """
    if os.name != "posix":
        return True
    status = path.lstat()
    return not stat.S_ISLNK(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & stat.S_IWOTH
