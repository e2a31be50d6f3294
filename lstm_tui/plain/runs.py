"""`lstm-tui runs`: what is saved."""

import time
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from lstm_model.runs.saves import Saved, find_saves, saves_root
from lstm_tui.options.given import Given
from lstm_tui.options.wording import with_flags
from lstm_tui.terminal.output import json_line, message, result
from lstm_tui.visible import as_line, cells, padded, pasteable
from lstm_tui.wording import ago, figure, size


def runs(given: Given) -> int:
    """List the checkpoints there are."""
    found, complaints = find_saves()
    for complaint in complaints:
        message(f"note: {with_flags(complaint)}")
    if "json" in given:
        result(json_line([_as_object(save) for save in found]))
    elif found:
        for line in table([_HEAD, *(_row(save) for save in found)]):
            result(line)
    else:
        message(f"no runs under {saves_root()}: start one with `lstm-tui` or `lstm-tui train --task text --minutes 2`")
    return 0


_HEAD = ["load with", "task", "step", "loss", "val loss", "age", "size", "settings"]
_RIGHT = {2, 3, 4, 5, 6}


def _as_object(save: Saved) -> dict[str, Any]:
    others = {field.name: getattr(save, field.name) for field in fields(save) if field.name != "file"}
    try:
        modified = datetime.fromtimestamp(save.modified, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):  # a file system may hold years that no calendar has
        modified = None
    return {"run": save.run, "file": save.file.name, "path": str(save.file), **others, "modified": modified}


def _row(save: Saved) -> list[str]:
    age = ago(time.time() - save.modified)
    return [pasteable(str(save.file)), save.task, f"{save.step:,}", figure(save.loss), figure(save.val_loss), age,
            size(save.bytes), save.settings]  # fmt: skip


def table(rows: list[list[str]]) -> list[str]:
    """Rows with their columns below each other, numbers to the right."""
    lines = [[as_line(text) for text in row] for row in rows]
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(padded(text, widths[k], right=k in _RIGHT) for k, text in enumerate(line)).rstrip() for line in lines
    ]
