"""Textual's driver for a terminal, with a keyboard that bears torn input and a screen that can be left for a while."""

import os
import selectors
import time
from itertools import chain

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from lstm_tui.terminal.keyboard import Keyboard
from lstm_tui.terminal.output import screen_stream
from lstm_tui.terminal.sequences import ESCAPE_DELAY
from lstm_tui.terminal.suspension import can_come_back

LOOK = 0.1  # seconds between looks whether input is to end
CHUNK = 4096  # bytes


class TerminalDriver(LinuxDriver):
    """Draws on the terminal of standard error, or of standard output where errors go into a file."""

    ESCAPE_DELAY = ESCAPE_DELAY

    def __init__(
        self, app: App[object], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._file = screen_stream()
        self._is_away = False

    @property
    def can_suspend(self) -> bool:
        """Whether somebody could bring the program back."""
        return can_come_back()

    # While the program is away the terminal is the shell's: nothing is written, no mode is set.

    def suspend_application_mode(self) -> None:
        """Leave the terminal to the shell."""
        super().suspend_application_mode()
        self._is_away = True

    def resume_application_mode(self) -> None:
        """Take the terminal up again."""
        self._is_away = False
        super().resume_application_mode()

    def stop_application_mode(self) -> None:
        """Leave the terminal for good."""
        if not self._is_away:
            super().stop_application_mode()

    def disable_input(self) -> None:
        """Read no more."""
        if not self._is_away:
            super().disable_input()

    def close(self) -> None:
        """End what writes to it."""
        if not self._is_away:
            super().close()

    def write(self, data: str) -> None:
        """Send to the terminal."""
        if not self._is_away:
            super().write(data)

    def run_input_thread(self) -> None:
        """Read, and hand on what it means, until the driver stops or the terminal is gone."""
        keyboard = Keyboard(self.ESCAPE_DELAY)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                wait = LOOK if keyboard.due is None else min(LOOK, max(0.0, keyboard.due - time.monotonic()))
                data = b""
                if selector.select(wait):
                    try:
                        data = os.read(self.fileno, CHUNK)
                    except OSError:
                        data = b""
                    if not data:  # a terminal that is gone can be read at once, again and again
                        self.exit_event.wait()
                        return
                now = time.monotonic()
                for event in chain(keyboard.tick(now), keyboard.feed(data, now)):
                    self.process_message(event)


class SlowTerminalDriver(TerminalDriver):
    """The same for a slow link, on which ESC and what follows it may come far apart."""

    ESCAPE_DELAY = 0.35
