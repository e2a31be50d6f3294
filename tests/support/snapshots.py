"""Snapshots with other contents than they were made with."""

from dataclasses import replace
from typing import Any

from lstm_tui.session.snapshot import Snapshot

PARTS = ("about", "figure", "curves", "files", "seen")


def changed(snapshot: Snapshot, **fields: Any) -> Snapshot:
    """A snapshot with some fields changed, its own or those of its parts."""
    for name in PARTS:
        part = getattr(snapshot, name)
        inside = {field: fields.pop(field) for field in list(fields) if field in part.__dataclass_fields__}
        if inside:
            fields[name] = replace(part, **inside)
    return replace(snapshot, **fields)
