"""The Textual app: opens the main screen, offers all keys in the command palette, ends sessions whole."""

import asyncio
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from textual.actions import ActionParseResult
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.events import Event, InputEvent, Key
from textual.screen import Screen
from textual.theme import ThemeProvider
from textual.widgets import Input

from lstm_tui.charts.picture import preload
from lstm_tui.keys.bound import show_as, shown_of
from lstm_tui.keys.table import KEYS
from lstm_tui.opening.launch import Launch, Surface
from lstm_tui.screens.palette import Palette
from lstm_tui.screens.replay import ReplayScreen
from lstm_tui.screens.stop import StopChoice, StopScreen
from lstm_tui.screens.stop_elsewhere import ElsewhereChoice, StopElsewhereScreen
from lstm_tui.screens.training import TrainingScreen
from lstm_tui.session import commands
from lstm_tui.session.session import Session
from lstm_tui.session.sessions import Sessions
from lstm_tui.session.snapshot import STEPPING
from lstm_tui.session.source import Sources
from lstm_tui.telling.teller import escapes_of
from lstm_tui.terminal.drivers import driver_class
from lstm_tui.terminal.look import LookingApp
from lstm_tui.terminal.output import abandon_stdout, can_take, in_browser, result
from lstm_tui.terminal.pacing import Budget
from lstm_tui.terminal.painter import Painter
from lstm_tui.terminal.signals import STEP_MOST
from lstm_tui.terminal.suspension import in_foreground, stop_job
from lstm_tui.widgets.dialog import EndsOnce

SAVING_MOST = 4.0  # seconds that a signal leaves the workers to save
AWAY_LOOK = 0.05  # seconds between looks, after a `fg` or `bg`, which it was
GONE = 4.5  # seconds after a signal when the process ends, whatever the screen does
HUNG_UP = 1.0  # seconds that a screen whose terminal is gone has to come down
SETTLED_AFTER = 0.3  # seconds
TAKE_TURNS = 0.001  # seconds, see run_app
INTERRUPTED = 128 + signal.SIGINT
SAVED_LOOK = 0.02  # seconds between looks whether they are done


class SourceApp(LookingApp):
    """The app over whatever it shows: runs of its own, one that another process trains, one that was recorded."""

    CSS_PATH = Path("app.tcss")
    TITLE = "lstm-tui"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [  # these two hold in every dialog as well
        Binding("ctrl+c", "stop", "Stop", show=False, priority=True, id="stop"),
        Binding("ctrl+z", "suspend", "To shell", show=False, priority=True, id="to_shell"),
    ]

    def __init__(self, surface: Surface, sources: Sources) -> None:
        super().__init__(driver_class=driver_class(slow=surface.ssh))
        self.launch: Surface = surface
        self.sessions: Sources = sources
        self.begin_look(big=surface.big)
        self.set_keymap(dict(surface.keymap.bound))
        show_as(surface.keymap.shown)
        self.painter = Painter(ascii_only=surface.ascii_only)
        self.budget = Budget.of_link(slow=surface.ssh)
        if surface.ssh:
            self.animation_level = "none"
        self._quitting = False
        self._is_closing = False
        self._is_away = False  # at the shell, after Ctrl+Z
        self._need_not_wait = False  # all is saved, although steps are still computed

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Send an update to the terminal, as little of it as is new."""
        super()._display(screen, self.painter.tighten(renderable))

    def get_default_screen(self) -> Screen[None]:
        """The main screen."""
        launch = self.launch
        host = socket.gethostname() if launch.ssh else ""
        kind = ReplayScreen if self.sessions.plays else TrainingScreen
        return kind(self.sessions, self.painter, self.budget, host=host, ascii_only=launch.ascii_only, large=launch.big)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every key of the table, then Textual's own commands."""
        main = self.main_screen
        for key in KEYS:
            if main.offers(key):
                yield SystemCommand(key.meaning, f"key {shown_of(key)}", self._action(main, key.action))
        yield SystemCommand("Light look", "dark letters on a light ground", lambda: self.choose_look(dark=False))
        yield SystemCommand("Dark look", "light letters on a dark ground", lambda: self.choose_look(dark=True))
        for command in super().get_system_commands(screen):
            if command.title not in ("Quit", "Keys"):
                yield command

    def action_big(self) -> None:
        """The look for a projector, or the one before it."""
        self.toggle_big()
        self.main_screen.look_large(large=self.is_big)

    def action_command_palette(self) -> None:
        """Find what there is by its name."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())  # without Textual's name for it: one may lie below, or be on its way out

    def search_themes(self) -> None:
        """Choose how the app looks."""
        self.push_screen(Palette(providers=[ThemeProvider], placeholder="Search for themes…"))

    def _action(self, main: "TrainingScreen", action: str) -> Callable[[], object]:
        return lambda: self.run_action(action, main)

    @property
    def main_screen(self) -> TrainingScreen:
        """The main screen, also while a dialog lies over it."""
        return next(screen for screen in self.screen_stack if isinstance(screen, TrainingScreen))

    def on_mount(self) -> None:
        """Let a polite end of the process save as q does."""
        self.keep_looks()
        self.set_timer(SETTLED_AFTER, self._settle)
        teller = self.launch.teller
        teller.ring, teller.complain = self._ring_later, self._complain_later
        loop = asyncio.get_running_loop()
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and sys.platform != "win32":
                loop.add_signal_handler(number, self._end_politely, int(number))
        if sys.platform != "win32" and not self.is_headless:
            loop.add_signal_handler(signal.SIGTSTP, self.call_later, self.action_suspend)
            loop.add_signal_handler(signal.SIGCONT, self._come_back)

    def _ring_later(self, line: str) -> None:
        self.call_later(self._ring, line)

    def _complain_later(self, line: str) -> None:
        self.call_later(self.notify, line, severity="warning", markup=False)

    def _ring(self, line: str) -> None:
        """Ring on the terminal, unless it hangs or is none."""
        if self._driver is not None and not self._driver.is_headless and not self._is_away and can_take():
            self._driver.write(escapes_of(line))

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

    def action_stop(self) -> None:
        """Ask how to stop; where text is selected, Ctrl+C copies it instead. Asked twice: save and stop."""
        if isinstance(self.screen, StopScreen):
            self.screen.dismiss(StopChoice.SAVE)
        elif isinstance(self.screen, StopElsewhereScreen):
            self.screen.dismiss(ElsewhereChoice.LEAVE)
        elif isinstance(self.focused, Input) and self.focused.selected_text:
            self.focused.action_copy()
        elif selected := self.screen.get_selected_text():
            self.copy_to_clipboard(selected)
            self.screen.clear_selection()
        elif self.sessions.current.can_be_ended:
            self._ask_whether_to_end()
        elif self.sessions.only_looks:
            self._leave(INTERRUPTED)
        else:
            self._ask_how_to_stop()

    def _ask_whether_to_end(self) -> None:
        """Ask whether the run, which goes on when the screen goes, is to end too."""

        def answered(choice: ElsewhereChoice | None) -> None:
            if choice is ElsewhereChoice.END:
                self.sessions.current.request(commands.Stop())
            elif choice is ElsewhereChoice.LEAVE:
                self._leave(0)

        self.push_screen(StopElsewhereScreen(self.sessions.current.latest), answered)

    def _ask_how_to_stop(self, failed: str | None = None) -> None:
        def answered(choice: StopChoice | None) -> None:
            if choice in (StopChoice.SAVE, StopChoice.DISCARD):
                self._leave(INTERRUPTED, save=choice is StopChoice.SAVE)

        self.push_screen(StopScreen(self.sessions.snapshots, failed), answered)

    async def action_suspend(self) -> None:
        """Stop the whole process, as Ctrl+Z does elsewhere, between two steps; `fg` goes on with both."""
        session, driver = self.sessions.current, self._driver
        if self._is_away or driver is None or driver.is_headless or sys.platform == "win32":
            return
        if not driver.can_suspend:
            self.notify("not stopped, for no shell waits that could bring it back with fg", severity="warning")
            return
        trains = session.ahead.status in STEPPING and not self.sessions.only_looks
        if trains:  # else the step in hand would seem to have taken as long as the process was away
            number = session.request(commands.Pause())
            give_up = time.monotonic() + SAVING_MOST
            # The worker is a thread and sets no event of this loop.
            while session.look().acknowledged < number and time.monotonic() < give_up and not session.ended.is_set():  # noqa: ASYNC110
                await asyncio.sleep(SAVED_LOOK)
        await self._go_away(driver)
        if trains and not self._quitting:
            session.request(commands.Resume())

    async def _go_away(self, driver: Driver) -> None:
        """Leave the terminal, and stop until `fg`, or until a signal ends what is stopped: it goes on to hear of it."""
        self._is_away = True
        driver.suspend_application_mode()
        while not self._quitting:
            stop_job()
            await asyncio.sleep(AWAY_LOOK)  # a signal that came meanwhile is heard now
            if in_foreground():
                break
        if not self._quitting:
            self._is_away = False
            driver.resume_application_mode()
            self._draw_anew()

    def _come_back(self) -> None:
        """After a SIGSTOP, which nobody hears: the shell has set the terminal to what it needs itself."""
        driver = self._driver
        if self._is_away or self._quitting or driver is None or not in_foreground():
            return
        driver.suspend_application_mode()
        driver.resume_application_mode()
        self._draw_anew()

    def _draw_anew(self) -> None:
        self.painter.forget()
        self.refresh(layout=True)

    def _leave(self, status: int, *, save: bool = True, insist: bool = False) -> None:
        """Let the workers save and end, then close; with `insist` after SAVING_MOST seconds at the latest.

        If a run cannot be saved, ask what to do; insist: close all the same, for whoever ends the process will.
        """
        insist = insist or not save
        if self._quitting and not insist:
            return
        self._quitting = True
        self.sessions.stop(save=save, insist=insist)
        if save and not self.sessions.only_looks:
            self.notify("saving", timeout=SAVING_MOST)
        give_up = time.monotonic() + SAVING_MOST

        def close_when_saved() -> None:
            if self.sessions.ended or self._need_not_wait or (insist and time.monotonic() > give_up):
                self._close(status)
            elif refused := self.sessions.refused:
                looks.stop()
                self._quitting = False
                self.sessions.go_on()
                self.main_screen.show_session()
                self._ask_how_to_stop(refused)

        looks = self.set_interval(SAVED_LOOK, close_when_saved)

    def _close(self, status: int) -> None:
        """End the screen; nothing that still comes is to act on what is being taken down."""
        self._is_closing = True
        for screen in self.screen_stack:
            if isinstance(screen, EndsOnce):
                screen.abandon()
        self.exit(status)

    async def on_event(self, event: Event) -> None:
        """Hear no keys any more once the screens are being taken down; take a key for the one that it stands for."""
        if isinstance(event, Key) and (meant := self.launch.keymap.also.get(event.key)):
            typed = self.focused is not None and self.focused.check_consume_key(event.key, event.character)
            event = event if typed else Key(meant, None)
        if not isinstance(event, InputEvent) or (self.screen_stack and not self._is_closing):
            await super().on_event(event)

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key asks for, as long as there is a screen."""
        return not self._is_closing and await super().run_action(action, default_namespace, namespaces)

    def _end_politely(self, number: int) -> None:
        """A signal: save and close. With the terminal gone the screen may never come down: then end without it."""
        status = 128 + number
        end = threading.Thread(target=self._end_without_screen, args=[number, time.monotonic()], daemon=True)
        end.start()
        self._leave(status, insist=True)

    def _end_without_screen(self, number: int, begun: float) -> None:
        """The last resort: once all is saved the screen has some time to come down, and no more."""
        if not self.sessions.join(STEP_MOST):
            self._need_not_wait = self.sessions.save_in_step()
        if not self._need_not_wait:
            self.sessions.join(SAVING_MOST - STEP_MOST)
        left = begun + GONE - time.monotonic()
        time.sleep(max(0.0, min(left, HUNG_UP) if signal.Signals(number).name == "SIGHUP" else left))
        os._exit(128 + number)


class LstmApp(SourceApp):
    """The app over a launch; `begin` starts a session's worker, so that tests can put a stepped one in its place."""

    launch: Launch
    sessions: Sessions

    def __init__(self, launch: Launch, begin: Callable[[Session], None] = Session.start) -> None:
        super().__init__(launch, Sessions(launch, begin))


def run_app(launch: Launch) -> int:
    """Open the app over runs of its own. Gives the exit status."""
    return run(lambda: LstmApp(launch))


def run(made: Callable[[], SourceApp]) -> int:
    """Open an app; afterwards say on the normal screen where the work is and how to go on. Gives the exit status."""
    sys.setswitchinterval(TAKE_TURNS)
    app = made()
    status = app.run(mouse=not app.launch.ssh)
    if app.return_code and not app.sessions.ended:  # the screen has failed: what was learned is not to go with it
        app.sessions.stop(save=True)
        app.sessions.join(SAVING_MOST)
    try:
        for line in [] if in_browser() else app.sessions.farewell(ascii_only=app.launch.ascii_only):
            result(line)
    except OSError:  # the terminal is gone, and with it whoever would read this
        abandon_stdout()
    return app.return_code or status or 0
