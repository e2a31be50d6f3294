"""The label of a run: a name, a note and a star that a person gives it, in a small file of the run's folder.

No checkpoint knows of it, so a label changes nothing of how a run goes on. The file may have come from anywhere with
its folder: what does not make sense in it is left out.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError, quoted
from lstm_model.storage.files import flush_names, write_whole
from lstm_model.storage.plain_json import read_json

LABEL = "label.json"
MOST_NAME, MOST_NOTE = 60, 1000  # characters
MOST_BYTES = 16_000  # of the file


@dataclass(frozen=True)
class Label:
    """What a person calls a run, what there is to say of it, and whether it is one to find again."""

    name: str = ""
    note: str = ""  # on one line
    star: bool = False


NO_LABEL = Label()


def read_label(folder: Path) -> Label:
    """The label of the run in a folder; an empty one where there is none that can be read."""
    try:
        there = read_json(folder / LABEL, MOST_BYTES)
    except (OSError, ValueError):
        return NO_LABEL
    return _sound(there) if isinstance(there, dict) else NO_LABEL


def write_label(folder: Path, label: Label) -> None:
    """Replace the label of a run, atomically and durably; an empty one is no file. OSError if it fails."""
    if label == NO_LABEL:
        (folder / LABEL).unlink(missing_ok=True)
        flush_names(folder)
        return
    write_whole(folder / LABEL, (json.dumps(asdict(label), indent=2) + "\n").encode())


def right_name(text: str) -> str:
    """A name as somebody typed it, without blanks around it; an InputError for what cannot name a run.

    It is no path, no pattern of a shell's option, and can be shown: whoever sees it can type it behind `load`.
    """
    name = text.strip()
    if not name:
        raise InputError("`name` is empty: say what the run is to be called")
    if len(name) > MOST_NAME:
        raise InputError(f"`name` has {len(name)} characters: choose one of at most {MOST_NAME}")
    if not name.isprintable() or any(mark in name for mark in "/\\") or name[0] in "-.~":
        raise InputError(
            f"`name` {quoted(name)} cannot name a run: leave out / and \\ and what cannot be seen,"
            " and begin with none of - . ~"
        )
    return name


def right_note(text: str) -> str:
    """A note as somebody typed it, on one line; an InputError for one that is too long."""
    note = " ".join(text.split())
    if len(note) > MOST_NOTE:
        raise InputError(f"the note has {len(note):,} characters: write at most {MOST_NOTE:,}")
    return note


def _sound(there: dict[str, Any]) -> Label:
    """Of what a file says, what a label may hold."""
    name, note, star = (there.get(key) for key in ("name", "note", "star"))
    try:
        name = right_name(name) if isinstance(name, str) else ""
    except InputError:
        name = ""
    note = " ".join(note[:MOST_NOTE].split()) if isinstance(note, str) else ""
    return Label(name, note.encode(errors="replace").decode(), star is True)
