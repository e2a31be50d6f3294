"""What a stage says: notes of what it did, and refusals that name the place."""

from dataclasses import dataclass
from pathlib import Path

from lstm_model.errors import InputError


@dataclass(frozen=True)
class Note:
    """What one stage did or saw, as a plain sentence without its full stop."""

    stage: str  # text, table, columns, dates, numbers, rows or sense
    text: str
    row: int | None = None  # a line of the file as an editor counts them, where the note is about one
    column: str | None = None  # a name of the header, likewise


def refusal(path: Path, text: str, row: int | None = None) -> InputError:
    """What is wrong, with the file and, if it is known, the line as an editor counts it."""
    return InputError(f"{path}: {text}" if row is None else f"{path}, row {row}: {text}")


def rows_of(count: int, what: str = "row") -> str:
    """Count in words: "1 row was", "3 rows were"."""
    return f"1 {what} was" if count == 1 else f"{count:,} {what}s were"


def more(count: int, what: str = "more like it") -> str:
    """What follows the first of several: nothing if it is alone."""
    return f" (and {count - 1:,} {what})" if count > 1 else ""
