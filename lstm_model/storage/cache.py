"""Results that take seconds and depend on data alone, kept from one start of the program to the next.

One small JSON file each, in the user's cache folder. What is missing, damaged or cannot be written is computed again.
"""

import contextlib
import json
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from lstm_model.storage.files import write_whole
from lstm_model.storage.home import own_folder

MOST_FILES = 50  # files kept, the newest


def cache_folder() -> Path:
    """Where they are: lstm-tui/baselines in the user's cache folder ($XDG_CACHE_HOME, or ~/.cache)."""
    return own_folder(user_cache_path) / "baselines"


def recall(key: str) -> dict[str, Any]:
    """What was kept under a key, a file name without its end; nothing if there is nothing that can be read."""
    try:
        kept = json.loads((cache_folder() / f"{key}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def remember(key: str, values: dict[str, Any]) -> None:
    """Keep values under a key, and of all keys the newest; a folder that cannot be written to loses it, no more."""
    folder = cache_folder()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{key}.json", (json.dumps(values, indent=2) + "\n").encode())
        newest_last = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for old in newest_last[:-MOST_FILES]:
            old.unlink(missing_ok=True)
