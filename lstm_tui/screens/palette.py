"""The command palette: Textual's, which ends once and bears a page key in the moment after a resize."""

from contextlib import suppress
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.events import Mount
from textual.message import Message
from textual.widgets import Input, OptionList

from lstm_tui.widgets.dialog import EndsOnce


class Palette(EndsOnce[None], CommandPalette):
    """Finds what the app can do by its name."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page('down')", "Next page", show=False),
        Binding("pageup", "page('up')", "Previous page", show=False),
    ]

    def on_mount(self, event: Mount) -> None:
        """Look for nothing where the app ends in the moment in which this opens."""
        self._ignore_late(event)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for nothing once it has ended."""
        self._ignore_late(event)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Run what was chosen once."""
        self._ignore_late(event)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """The same for a row that was clicked."""
        self._ignore_late(event)

    def _ignore_late(self, event: Message) -> None:
        """Keep what comes after the end from Textual's own handlers."""
        if self.has_ended:
            event.stop()
            event.prevent_default()

    def action_page(self, direction: str) -> None:
        """Move by a page."""
        commands = self.query_one(OptionList)
        with suppress(LookupError):  # its lines are not counted again yet
            getattr(commands, f"action_page_{direction}")()
