"""JSON that somebody else may have written: read no further than it was asked for, and never waited for."""

import json
import stat
from pathlib import Path
from typing import Any

MOST_BYTES = 1_000_000  # of a file
MOST_ENTRIES = 100_000  # commas and brackets: each costs memory, whatever stands between them


def read_json(path: Path, most: int = MOST_BYTES, entries: int = MOST_ENTRIES) -> Any:
    """What a file holds, as plain values.

    OSError if there is none, or no plain file; ValueError for one that is too large, too deep or no JSON.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # a pipe would wait for whoever writes; a link may be a person's own
        raise OSError(f"{path.name} is no plain file")
    if status.st_size > most:
        raise ValueError(f"{path.name} has {status.st_size:,} bytes, more than the {most:,} that are read")
    with path.open("rb") as file:
        return parsed(file.read(most + 1), entries)


def parsed(text: str | bytes, entries: int = MOST_ENTRIES) -> Any:
    """The plain values of a JSON text; ValueError for one that is too large, too deep or no JSON."""
    whole = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    if sum(whole.count(mark) for mark in b",[{") > entries:
        raise ValueError(f"more than {entries:,} entries")
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("brackets stand too deep in each other") from None
