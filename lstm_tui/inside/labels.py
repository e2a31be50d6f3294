"""What a step reads, in one cell or in words."""

from collections.abc import Iterable

from lstm_tui.visible import LINE_END, cells, visible

NAMES = {"\n": "new line", "\t": "tab", " ": "blank"}


def shown_label(label: str, *, ascii_only: bool = False) -> str:
    """A step in one cell: its character; a dot for what is longer, such as a day."""
    if label == "\n":
        return "$" if ascii_only else LINE_END
    if label == "\t":
        return ">" if ascii_only else "→"
    shown = visible(label)
    return shown if len(label) == 1 and cells(shown) == 1 else "·" if len(label) != 1 else "?"


def named_label(label: str) -> str:
    """A step as it is spoken of."""
    if len(label) != 1:
        return visible(label)
    return NAMES.get(label) or f"'{visible(label)}'"


def steps_of(half_life: float) -> str:
    """A half-life, in steps."""
    return "endless" if half_life > 1e4 else f"{half_life:.1f}"


def shown_labels(labels: Iterable[str], *, ascii_only: bool = False) -> str:
    """Steps side by side, a cell each."""
    return "".join(shown_label(label, ascii_only=ascii_only) for label in labels)
