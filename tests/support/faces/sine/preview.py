"""Its last look."""

from pathlib import Path

from rich.text import Text

from support.sine import NOTES


def last_look(folder: Path) -> Text | None:
    """The last point that was written down."""
    path = folder / NOTES
    return Text("last point: " + path.read_text(encoding="utf-8").splitlines()[-1]) if path.exists() else None
