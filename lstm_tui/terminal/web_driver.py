"""Textual's driver for a browser; a closed tab is a terminal that has hung up."""

import os
import signal

from textual.drivers.web_driver import WebDriver


class BrowserDriver(WebDriver):
    """Where Textual's would drop the app at once, the process gets SIGHUP, after which the app saves and ends."""

    can_suspend = False  # there is no shell behind it

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Hear that the tab is closed."""
        if packet_type in ("quit", "exit"):
            self._hang_up()
        else:
            super().on_meta(packet_type, payload)

    def run_input_thread(self) -> None:
        """Read until the driver stops; an end before that means that the server is gone."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._hang_up()

    def _hang_up(self) -> None:
        os.kill(os.getpid(), signal.SIGHUP)
