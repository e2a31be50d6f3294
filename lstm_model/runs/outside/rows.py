"""The rows of metrics.csv, as they are written: each once, and none before it is whole."""

import csv
import io
import math
import os
from pathlib import Path

from lstm_model.runs.events import Figures
from lstm_model.runs.metrics import FIGURES, ROWS
from lstm_model.storage.files import open_to_read

MOST_AT_ONCE = 1 << 20  # bytes


class Rows:
    """Reads on from where it stopped; from the beginning if the file is replaced or cut."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ROWS
        self._inode, self._read = 0, 0  # bytes, up to the end of a line

    def new(self) -> list[Figures]:
        """The rows since the last time, those left out that make no sense; none if the file cannot be read."""
        found: list[Figures] = []
        try:
            with open_to_read(self._path) as file:
                status = os.fstat(file.fileno())
                if status.st_ino != self._inode or status.st_size < self._read:
                    self._inode, self._read = status.st_ino, 0
                file.seek(self._read)
                while lines := self._whole_lines(file.read(MOST_AT_ONCE)):
                    found += _figures(lines)
                    file.seek(self._read)
        except OSError:
            pass
        return found

    def _whole_lines(self, data: bytes) -> str:
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        return whole.decode("utf-8", "replace")


def _figures(lines: str) -> list[Figures]:
    """What rows say; those of another shape, as a power cut or another version leaves them, say nothing."""
    found = []
    for line in lines.splitlines():
        try:
            (cells,) = csv.reader(io.StringIO(line))
            values = dict(zip(FIGURES, cells, strict=True))
            val_loss = values.pop("val_loss")
            step = int(values.pop("step"))
            numbers = {name: float(value) for name, value in values.items()}
            row = Figures(step=step, val_loss=float(val_loss) if val_loss else None, **numbers)
        except (ValueError, csv.Error):
            continue
        if math.isfinite(row.elapsed_s):
            found.append(row)
    return found
