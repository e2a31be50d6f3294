"""Results that take seconds, kept from one start of the program to the next.

One JSON file each, in a room of the user's cache folder. What is missing, damaged or cannot be written is computed
again. The key of a result, or what stands in it, says all that it depends on.
"""

import contextlib
import json
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from lstm_model.storage.files import write_whole
from lstm_model.storage.home import own_folder

MOST_FILES = 50  # files kept of a room, the newest
BASELINES = "baselines"  # the room of what depends on data alone


def cache_folder(room: str = BASELINES) -> Path:
    """Where they are: lstm-tui/ROOM in the user's cache folder ($XDG_CACHE_HOME, or ~/.cache)."""
    return own_folder(user_cache_path) / room


def recall(key: str, room: str = BASELINES) -> dict[str, Any]:
    """What was kept under a key, a file name without its end; nothing if there is nothing that can be read."""
    file = cache_folder(room) / f"{key}.json"
    try:
        if not file.is_file():  # a pipe would wait for whoever writes
            return {}
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def remember(key: str, values: dict[str, Any], room: str = BASELINES) -> None:
    """Keep values under a key, and of all keys the newest; a folder that cannot be written to loses it, no more."""
    folder = cache_folder(room)
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{key}.json", (json.dumps(values, indent=2) + "\n").encode())
        newest_last = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for old in newest_last[:-MOST_FILES]:
            old.unlink(missing_ok=True)
