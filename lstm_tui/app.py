"""The Textual app: opens the main screen, offers all keys in the command palette, ends sessions whole."""

import asyncio
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from rich.console import RenderableType
from textual.app import App, SystemCommand
from textual.screen import Screen

from lstm_tui.charts.picture import preload
from lstm_tui.keys import KEYS
from lstm_tui.launch import Launch
from lstm_tui.output import abandon_stdout, result
from lstm_tui.pacing import Budget
from lstm_tui.painter import Painter
from lstm_tui.preferences import prefer, preference
from lstm_tui.screens.training import TrainingScreen
from lstm_tui.session import Session
from lstm_tui.sessions import Sessions
from lstm_tui.themes import DARK, THEMES
from lstm_tui.visible import NOTICE, shortened

SAVING_MOST = 3.0  # seconds that quitting waits for the workers
SETTLED_AFTER = 0.3  # seconds
TAKE_TURNS = 0.001  # seconds, see run_app
SAVED_LOOK = 0.02  # seconds between looks whether they are done


class LstmApp(App[int]):
    """The app over a launch; `begin` starts a session's worker, so that tests can put a stepped one in its place."""

    CSS_PATH = Path("app.tcss")
    TITLE = "lstm-tui"
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, launch: Launch, begin: Callable[[Session], None] = Session.start) -> None:
        super().__init__()
        self.launch = launch
        self.sessions = Sessions(launch, begin)
        for theme in THEMES:
            self.register_theme(theme)
        chosen = preference("theme")
        self.theme = chosen if chosen in self.available_themes else DARK.name
        self.painter = Painter(ascii_only=launch.ascii_only)
        self.budget = Budget.of_link(slow=launch.ssh)
        if launch.ssh:
            self.animation_level = "none"
        self._quitting = False

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Send an update to the terminal, as little of it as is new."""
        super()._display(screen, self.painter.tighten(renderable))

    def get_default_screen(self) -> Screen[None]:
        """The main screen."""
        launch = self.launch
        host = socket.gethostname() if launch.ssh else ""
        return TrainingScreen(self.sessions, self.painter, self.budget, host=host, ascii_only=launch.ascii_only)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every key of the table, then Textual's own commands."""
        main = self.main_screen
        for key in KEYS:
            if main.check_action(key.action.split("(")[0], ()) is not False:
                yield SystemCommand(key.meaning, f"key {key.shown}", self._action(main, key.action))
        for command in super().get_system_commands(screen):
            if command.title not in ("Quit", "Keys"):
                yield command

    def _action(self, main: "TrainingScreen", action: str) -> Callable[[], object]:
        return lambda: self.run_action(action, main)

    @property
    def main_screen(self) -> TrainingScreen:
        """The main screen, also while a dialog lies over it."""
        return next(screen for screen in self.screen_stack if isinstance(screen, TrainingScreen))

    def on_mount(self) -> None:
        """Let a polite end of the process save as q does."""
        for note in self.launch.notes:
            if note not in self.launch.trainer.task.notes:  # the session tells those itself
                self.notify(shortened(note, NOTICE), markup=False)
        self.theme_changed_signal.subscribe(self, lambda theme: prefer("theme", theme.name))
        self.app_resume_signal.subscribe(self, lambda _: self.painter.forget())
        self.set_timer(SETTLED_AFTER, self._settle)
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and sys.platform != "win32":
                loop.add_signal_handler(number, self._end_politely, int(number))

    def _settle(self) -> None:
        """Import what charts need, once all of the first picture stands; then keep what there is from the collector.

        Python looks through all its objects now and then, which holds up training and keys alike: 60 ms with what was
        imported, next to nothing without it, for modules and widgets do not become garbage.
        """
        preload()
        gc.collect()
        gc.freeze()

    def on_resize(self) -> None:
        """Send all anew: what a terminal does to its text on a resize is its own affair."""
        self.painter.forget()

    async def action_quit(self) -> None:
        """Save and quit."""
        self._leave(0)

    def _leave(self, status: int) -> None:
        """Let the workers save and end, for SAVING_MOST seconds at most, then close."""
        if self._quitting:
            return
        self._quitting = True
        self.sessions.stop(save=True)
        if not self.launch.eval_only:
            self.notify("saving", timeout=SAVING_MOST)
        give_up = time.monotonic() + SAVING_MOST

        def close_when_saved() -> None:
            if self.sessions.ended or time.monotonic() > give_up:
                self.exit(status)

        self.set_interval(SAVED_LOOK, close_when_saved)

    def _end_politely(self, number: int) -> None:
        """A signal: save and close. With the terminal gone the screen may never come down: then end without it."""
        status = 128 + number
        last_resort = threading.Timer(SAVING_MOST, self._end_without_screen, [status])
        last_resort.daemon = True
        last_resort.start()
        self._leave(status)

    def _end_without_screen(self, status: int) -> None:
        self.sessions.join(SAVING_MOST)
        os._exit(status)


def run_app(launch: Launch) -> int:
    """Open the app; afterwards say on the normal screen where the work is and how to go on. Gives the exit status."""
    sys.setswitchinterval(TAKE_TURNS)
    app = LstmApp(launch)
    status = app.run(mouse=not launch.ssh)
    try:
        for line in app.sessions.farewell(ascii_only=launch.ascii_only):
            result(line)
    except OSError:  # the terminal is gone, and with it whoever would read this
        abandon_stdout()
    return app.return_code or status or 0
