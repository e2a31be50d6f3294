"""The app around the screen of a sweep: how it begins and ends."""

import asyncio
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen

from lstm_tui.sweeping.leaving import Leave, LeaveScreen
from lstm_tui.sweeping.screen import SweepScreen
from lstm_tui.sweeping.source import Source
from lstm_tui.terminal.drivers import driver_class
from lstm_tui.terminal.pacing import Budget
from lstm_tui.terminal.painter import Painter
from lstm_tui.terminal.preferences import preference
from lstm_tui.terminal.themes import DARK, THEMES

LOOK = 0.1  # seconds between looks whether the sweep has ended
HUNG_UP = 1.0  # seconds that a screen whose terminal is gone has to come down, once all is saved


class SweepApp(App[Leave]):
    """Gives how it was left. `signal_number`: of the signal that ended it, if one did."""

    CSS_PATH = Path(__file__).parents[1] / "app.tcss"
    TITLE = "lstm-tui sweep"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "Stop", show=False, priority=True),
        Binding("ctrl+q", "interrupt", "Stop", show=False, priority=True),
    ]

    def __init__(self, source: Source, *, slow: bool = False, ascii_only: bool = False) -> None:
        super().__init__(driver_class=driver_class(slow=slow))
        self.source = source
        for theme in THEMES:
            self.register_theme(theme)
        chosen = preference("theme")
        self.theme = chosen if chosen in self.available_themes else DARK.name
        self.painter = Painter(ascii_only=ascii_only)
        self.signal_number: int | None = None
        self._sweep_screen = SweepScreen(source, self.painter, Budget.of_link(slow=slow), ascii_only=ascii_only)
        self._left: Leave | None = None
        if slow:
            self.animation_level = "none"

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Send an update to the terminal, as little of it as is new."""
        super()._display(screen, self.painter.tighten(renderable))

    def get_default_screen(self) -> Screen[None]:
        """The screen of the sweep."""
        return self._sweep_screen

    def on_mount(self) -> None:
        """Begin to look, and let a polite end of the process save all trials."""
        self.set_interval(LOOK, self._look_for_the_end)
        loop = asyncio.get_running_loop()
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and sys.platform != "win32" and not self.is_headless:
                loop.add_signal_handler(number, self._end_politely, int(number))

    def on_resize(self) -> None:
        """Send all anew."""
        self.painter.forget()

    def _look_for_the_end(self) -> None:
        """Close once all is saved, or where the sweep has failed; one that is over stays to be looked at."""
        has_ended = self.source.is_driven_here and self.source.ended.is_set()
        if has_ended and (self._left is not None or not self.source.look().over):
            self.exit(self._left or Leave.STOP)

    def leave(self, how: Leave) -> None:
        """Leave the sweep, as a person has answered; STAY: there is nothing left to stop."""
        if self.source.is_driven_here and not self.source.ended.is_set():
            self._left = how
            self._sweep_screen.stops = True
            self.source.stop()
            self.notify("saving the trials", markup=False)
            self._sweep_screen.show_again()
        elif not self.source.is_driven_here and how is Leave.STOP:
            self._sweep_screen.stops = self.source.stop()
            if not self._sweep_screen.stops:
                self.notify("its process cannot be reached from here: stop it where it runs", markup=False)
        else:
            self.exit(how)

    def action_interrupt(self) -> None:
        """Ask; asked twice: stop."""
        if isinstance(self.screen, LeaveScreen):
            self.screen.dismiss(Leave.STOP)
        elif not self.source.is_driven_here:
            self.exit(Leave.STAY)
        elif not isinstance(self.screen, SweepScreen):
            self.leave(Leave.STOP)
        else:
            self._sweep_screen.action_leave()

    def _end_politely(self, number: int) -> None:
        """A signal: save and close. With the terminal gone the screen may never come down: then end without it."""
        self.signal_number = number
        threading.Thread(target=self._end_without_screen, args=[number], daemon=True).start()
        self.leave(Leave.STOP if self.source.is_driven_here else Leave.STAY)

    def _end_without_screen(self, number: int) -> None:
        if self.source.is_driven_here:
            self.source.ended.wait()
        time.sleep(HUNG_UP)
        os._exit(128 + number)
