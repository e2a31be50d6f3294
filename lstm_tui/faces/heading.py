"""What every report of `eval` begins with."""

import textwrap
from pathlib import Path
from typing import Any

from lstm_model.settings.config import Config
from lstm_model.storage.checkpoint import Checkpoint

Report = dict[str, Any]
WIDTH = 80  # of a report


def heading(file: Path, checkpoint: Checkpoint, config: Config, data: str, part: str) -> Report:
    """The model that is measured, and on what."""
    return {
        "task": config.task,
        "part": part,
        "data": data,
        "checkpoint": str(file),
        "model": f"{config.preset} {config.num_layers}x{config.hidden_size}",
        "step": checkpoint.record["step"],
    }


def wrapped(text: str) -> list[str]:
    """A sentence in lines of at most WIDTH characters."""
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def ahead(horizon: int, row: str) -> str:
    """How far ahead forecasts look: "one day ahead", "5 weeks ahead"."""
    return f"one {row} ahead" if horizon == 1 else f"{horizon} {row}s ahead"
