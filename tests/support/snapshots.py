"""Snapshots with other contents than they were made with, and what a snapshot of each task shows."""

from dataclasses import replace
from typing import Any

from lstm_tui.faces.stock.seen import StockSeen
from lstm_tui.faces.text.seen import TextSeen
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


def text_seen(snapshot: Snapshot | None) -> TextSeen:
    """What is seen of a run of text."""
    assert snapshot is not None
    assert isinstance(snapshot.seen, TextSeen)
    return snapshot.seen


def stock_seen(snapshot: Snapshot | None) -> StockSeen:
    """What is seen of a run of prices."""
    assert snapshot is not None
    assert isinstance(snapshot.seen, StockSeen)
    return snapshot.seen
