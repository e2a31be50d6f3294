"""Which driver reads keys and draws."""

import sys

from textual.driver import Driver

from lstm_tui.terminal.output import in_browser


def driver_class(*, slow: bool) -> type[Driver] | None:
    """The driver for where the app runs; None: Textual's own, on a system without termios. slow: over a thin link."""
    if sys.platform == "win32":
        return None
    if in_browser():
        from lstm_tui.terminal.web_driver import BrowserDriver

        return BrowserDriver
    from lstm_tui.terminal.driver import SlowTerminalDriver, TerminalDriver

    return SlowTerminalDriver if slow else TerminalDriver
