"""The settings of a run, before there is a checkpoint that holds them."""

import json
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.settings.config import Config
from lstm_model.storage.files import read_small

MOST_BYTES = 1_000_000  # of the file: its data may be many files


def read_settings(folder: Path) -> Config | None:
    """What config.json says; None if there is none that makes sense."""
    try:
        there = json.loads(read_small(folder / "config.json", MOST_BYTES))
        return Config.from_dict(there) if isinstance(there, dict) else None
    except (OSError, ValueError, RecursionError, InputError):
        return None
