"""metrics.csv: a row every few seconds, written whole."""

import csv
import io
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

from lstm_model.runs.events import Figures
from lstm_model.storage.files import open_to_append

ROWS = "metrics.csv"
MOST_ROWS, LONGEST_ROW = 10_000, 4096  # kept while they cannot be written; bytes of one
FIGURES = tuple(field.name for field in fields(Figures))  # the columns


def as_csv(rows: list[dict[str, Any]], *, head: bool = False) -> str:
    """Rows as lines of CSV, the names of the figures above them if wished."""
    text = io.StringIO()
    writer = csv.DictWriter(text, FIGURES, extrasaction="ignore")
    if head:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def cut_torn_row(file: io.FileIO) -> int:
    """Cut off a last line that a crash left without its end; gives the size."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - LONGEST_ROW)
    file.seek(start)
    tail = file.read(size - start)
    if tail and not tail.endswith(b"\n"):
        size = start + tail.rfind(b"\n") + 1
        file.truncate(size)
    return size


def cut_lost_rows(path: Path) -> None:
    """Cut off rows that a power cut left as zeros: their place was on the disk, and what they held was not.

    OSError if it fails. Without such rows, or without a plain file, nothing is written.
    """
    if path.is_symlink() or not path.is_file():  # a link may lead out of the folder, a pipe would wait
        return
    first = path.read_bytes().find(b"\0")
    if first >= 0:
        with open_to_append(path) as file:
            file.truncate(first)
