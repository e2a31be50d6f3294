"""The last line: the keys that do something now, as many as fit whole."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from lstm_tui.keys.bound import first_of
from lstm_tui.keys.key import Key
from lstm_tui.keys.table import KEYS

APART = 2  # cells between two keys


class KeysLine(Static):
    """One row; what a key does can be clicked. Textual's footer mounts a widget for every key each time one changes."""

    DEFAULT_CSS = """
    KeysLine {
        width: 100%;
        height: 1;
        text-wrap: nowrap;
        padding: 0 1;
        background: $panel;
        link-color: $foreground;
        link-style: none;
        link-background-hover: $surface-lighten-2;
        link-style-hover: none;
        link-color-hover: $foreground;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._keys: tuple[Key, ...] = ()

    def show(self, keys: Sequence[Key]) -> None:
        """Show these keys, the first ones where there is no room for all."""
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self._write()

    def on_resize(self) -> None:
        """Choose again which keys fit."""
        self._write()

    def _write(self) -> None:
        line = Content()
        for key in self._keys:
            shown = first_of(key)
            if line.cell_length + len(f"{shown} {key.label}") > self.content_size.width:
                break
            name, label = (shown, "bold $accent"), (f" {key.label}", f"@click=screen.{_action(key)}")
            line += Content.assemble(name, label) + Content(" " * APART)
        self.update(line.rstrip(), layout=False)


def _action(key: Key) -> str:
    """What a click on it does: keys of the table are named by their place, for some have quotes in their action."""
    return f"do_key({KEYS.index(key)})" if key in KEYS else key.action
