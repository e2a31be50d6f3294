"""What keys do on the main screen: each becomes a command to the session, or opens a dialog."""

from collections.abc import Callable
from pathlib import Path

from textual import actions
from textual.screen import Screen

from lstm_model.errors import LSTMError
from lstm_model.settings.presets import preset_config
from lstm_tui.inside.pane import InsidePane
from lstm_tui.keys.key import Key
from lstm_tui.keys.table import KEYS
from lstm_tui.options.wording import with_flags
from lstm_tui.screens.help import HelpScreen
from lstm_tui.screens.panes import Panes
from lstm_tui.screens.reasons import acts, is_being_read, why_not
from lstm_tui.screens.saved.load import LoadScreen
from lstm_tui.screens.saved.pair import PairScreen
from lstm_tui.screens.settings import Ready, SettingsScreen
from lstm_tui.screens.step import StepScreen
from lstm_tui.session import commands
from lstm_tui.session.commands import Command
from lstm_tui.session.requests import Request
from lstm_tui.session.snapshot import STEPPING, Snapshot
from lstm_tui.session.source import Source, Sources
from lstm_tui.visible import NOTICE, shortened_line
from lstm_tui.widgets.coach_line import CoachLine
from lstm_tui.widgets.dialog import open_dialog
from lstm_tui.widgets.pane import Pane

SAID_FOR = 2.5  # seconds that a word on a key stands
ANSWER_LOOK = 0.015  # seconds between looks while a key waits for its effect


class SteeringScreen(Screen[None]):
    """Turns keys into commands and waits for their effect; `show_snapshot` and `show_session` show it."""

    def __init__(self, sessions: Sources, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.sessions, self._ascii = sessions, ascii_only
        self.panes = Panes(self.ask, ascii_only=ascii_only, id="panes")
        self.inside = InsidePane(self.look_inside, ascii_only=ascii_only, id="inside")
        self._awaited: tuple[str, int] | None = None
        self._steps: StepScreen | None = None  # the dialog of steps, while it is open

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what changed."""

    def show_session(self) -> None:
        """Show another session than before."""

    @property
    def is_busy(self) -> bool:
        """True while a command waits for its effect."""
        return self._awaited is not None

    def _request(self, command: Command) -> None:
        session = self.sessions.current
        self._awaited = session.task, session.request(command)
        self._await_effect()

    def _await_effect(self) -> None:
        """Look often until the command took effect, so that a key answers at once and not at the next regular look."""
        session = self.sessions.current
        if self._awaited is None or self._awaited[0] != session.task:
            return
        snapshot = session.look()
        self.show_snapshot(snapshot)
        if self._awaited is None:  # an open view has asked for more, and was answered at once
            return
        if snapshot.acknowledged >= self._awaited[1]:
            self._awaited = None
        elif not session.ended.is_set():
            self.set_timer(ANSWER_LOOK, self._await_effect)

    def ask(self, request: Request) -> None:
        """Ask for what the task of the session alone knows. Panes ask also where a source is not to be asked."""
        if not self.sessions.current.why_not("of_task", asks=True):
            self._request(commands.Ask(request))

    def look_inside(self) -> None:
        """Ask for what the open view needs, if that is not what is being made; with none open, for nothing."""
        probe = self.inside.probe
        if probe != self.sessions.current.ahead.probed.asked:
            self._request(commands.LookInside(probe))

    def offers(self, key: Key) -> bool:
        """Whether a key does something now."""
        _, action, parameters = actions.parse(key.action)
        return self.check_action(action, parameters) is not False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out the keys that mean nothing for the task, the mode or the moment."""
        return acts(action, parameters, self.sessions.current, self.panes, self.inside)

    def action_say_why(self, name: str) -> None:
        """Say why a key of the table does nothing now."""
        key = next(each for each in KEYS if each.id == name)
        self._say(why_not(key, self.sessions.current, self.panes, self.inside))

    def _say(self, word: str) -> None:
        self.notify(word, timeout=SAID_FOR, markup=False)

    def _ask_of_run(self, command: Command, what: str) -> None:
        """Ask a run for something; while its data are read, say that it comes after that."""
        if is_being_read(self.sessions.current):
            self._say(f"{what} as soon as the data are read")
        self._request(command)

    def action_pause(self) -> None:
        """Pause the training."""
        self._request(commands.Pause())
        self.refresh_bindings()

    def action_resume(self) -> None:
        """Go on."""
        self._request(commands.Resume())
        self.refresh_bindings()

    def action_watch_step(self) -> None:
        """Pause, take one step, and show what it did; the dialog takes more of them."""

        def closed(goes_on: bool | None) -> None:
            self._steps = None
            if goes_on:
                self.action_resume()

        dialog = StepScreen(self._watch_step, ascii_only=self._ascii)
        if self.is_active:
            self._steps = dialog
            self._watch_step()
        open_dialog(self, dialog, closed)

    def _watch_step(self) -> None:
        """Ask for a step, unless one is awaited already: a key that is held down asks often."""
        if not self.sessions.current.ahead.watched.awaited:
            self._request(commands.WatchStep())
            self.refresh_bindings()

    def action_look(self) -> None:
        """Look at what the model does now."""
        self._ask_of_run(commands.Look(), "a look")

    def action_save(self) -> None:
        """Save now."""
        self._ask_of_run(commands.Save(), "saved")

    def action_evaluate(self) -> None:
        """Measure the validation part."""
        self._ask_of_run(commands.Evaluate(), "measured")

    def action_of_task(self, action: str, *arguments: int) -> None:
        """Let the pane that knows an action of this task alone do it."""
        if do := self.panes.action_of(action):
            do(*arguments)

    async def action_do_key(self, number: int) -> None:
        """Do what a key of the table does."""
        await self.run_action(KEYS[number].action)

    def action_rate(self, direction: int) -> None:
        """Change the learning rate: four fifths, or five quarters."""
        session = self.sessions.current
        now = session.look().figure.base_rate
        if now <= 0:
            self._say("there is no learning rate to change yet: the data are still being read")
            return
        to = now * (1.25 if direction > 0 else 0.8)
        self._request(commands.SetLearningRate(to))
        doing = session.ahead.doing
        idle = "" if doing in STEPPING else f", but nothing trains: {doing.lower()}"
        self._say(f"learning rate {now:.3g} is {to:.3g} now{idle}")

    def action_tell(self) -> None:
        """Tell of what becomes of the run, or do not any more."""
        teller = self.sessions.teller
        teller.on = not teller.on
        said = f"you will be told by {teller.ways}" if teller.on else "you will not be told of the run"
        self._say(said)

    def action_switch_task(self) -> None:
        """Go to the next task."""
        self._or_say_why_not(self.sessions.switch)

    def action_load(self) -> None:
        """Choose a checkpoint and go on with it."""

        def chosen(path: Path | None) -> None:
            for session in self.sessions.at_hand:
                session.request(commands.ReadName())
            if path is not None:
                self._or_say_why_not(lambda: self.sessions.load(path))

        folder = self.sessions.current.latest.files.folder
        current = Path(folder) if folder else None
        dialog = LoadScreen(self.sessions.folders, current, beside=self._open_beside, ascii_only=self._ascii)
        open_dialog(self, dialog, chosen)

    def _open_beside(self, a: Path, b: Path) -> None:
        """Look at two saved models over the list of runs; the run at hand waits meanwhile."""
        session = self.sessions.current
        session.request(commands.Leave())

        def closed(_: None) -> None:
            session.request(commands.Return())

        open_dialog(self.app.screen, PairScreen(a, b, self.sessions.start, ascii_only=self._ascii), closed)

    def action_new_run(self) -> None:
        """Fill in a form of settings, and start a run with them."""

        def ready(answer: Ready | None) -> None:
            if answer is not None:
                self._or_say_why_not(lambda: self.sessions.begin(answer.opened, answer.plan))

        now = self.sessions.current
        config = now.latest.about.config or preset_config(now.task)
        runs = sorted(self.sessions.snapshots, key=lambda run: run.task != now.task)
        threads = self.sessions.settings.get("threads")
        open_dialog(self, SettingsScreen(config, runs, self.sessions.plan, threads, self.sessions.folders), ready)

    def _or_say_why_not(self, change: Callable[[], Source]) -> None:
        try:
            change()
        except LSTMError as error:
            self.notify(shortened_line(with_flags(error), NOTICE), severity="error", timeout=12, markup=False)
        else:
            self._awaited = None  # what was asked of the session that was there before
            self.show_session()

    async def action_quit(self) -> None:
        """Save and quit."""
        await self.app.action_quit()

    async def action_stop(self) -> None:
        """Ask how to stop."""
        await self.app.run_action("stop")

    async def action_suspend(self) -> None:
        """Go to the shell that started the program."""
        await self.app.run_action("suspend")

    def action_help(self) -> None:
        """Show the help."""
        open_dialog(self, HelpScreen(self.query_one(CoachLine).advice))

    def action_explain(self) -> None:
        """Say what the words mean that stand in the pane that has the focus, else in the one in front."""
        pane = self.focused if isinstance(self.focused, Pane) else self.panes.front
        place = self.inside if self.inside.is_open else pane or self.panes.loss
        open_dialog(self, HelpScreen(self.query_one(CoachLine).advice, "words", place.id or ""))
