"""What a step reads, in one cell or in words."""

from lstm_tui.visible import cells, visible

NAMES = {"\n": "new line", "\t": "tab", " ": "blank"}


def shown_label(label: str) -> str:
    """A step in one cell: its character; a dot for what is longer, such as a day."""
    if label == "\n":
        return "¶"
    if label == "\t":
        return "→"
    shown = visible(label)
    return shown if len(label) == 1 and cells(shown) == 1 else "·" if len(label) != 1 else "?"


def named_label(label: str) -> str:
    """A step as it is spoken of."""
    if len(label) != 1:
        return visible(label)
    return NAMES.get(label) or f"'{visible(label)}'"
