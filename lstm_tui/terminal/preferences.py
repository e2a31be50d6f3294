"""What a person chose once and keeps from run to run: theme and keys. What cannot be read is left out."""

import json
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from lstm_model.storage.files import write_whole
from lstm_model.storage.home import own_folder


def preferences_file() -> Path:
    """Where they are kept: lstm-tui/preferences.json among the user's settings ($XDG_CONFIG_HOME, or ~/.config)."""
    return own_folder(user_config_path) / "preferences.json"


def preference(name: str) -> str | None:
    """What was chosen, None if nothing was or it cannot be read."""
    chosen = _kept(name)
    return chosen if isinstance(chosen, str) else None


def own_keys() -> dict[str, Any]:
    """The keys that a person has written into the file under "keymap", by what they are for."""
    chosen = _kept("keymap")
    return chosen if isinstance(chosen, dict) else {}


def _kept(name: str) -> Any:
    try:
        return json.loads(preferences_file().read_text(encoding="utf-8"))[name]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def prefer(name: str, value: str) -> None:
    """Keep a choice. A home that cannot be written to loses it, and nothing else."""
    file = preferences_file()
    try:
        chosen = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        chosen = {}
    chosen = {**chosen, name: value} if isinstance(chosen, dict) else {name: value}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, (json.dumps(chosen, indent=2) + "\n").encode())
    except OSError:
        return
