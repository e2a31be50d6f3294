"""What keys do on the main screen: each becomes a command to the session, or opens a dialog."""

from collections.abc import Callable
from pathlib import Path

from textual import actions
from textual.screen import Screen

from lstm_model.errors import LSTMError
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_tui.inside.pane import InsidePane
from lstm_tui.keys.bound import first_of
from lstm_tui.keys.key import Key
from lstm_tui.keys.table import KEYS, key_of
from lstm_tui.options.wording import with_flags
from lstm_tui.screens.help import HelpScreen
from lstm_tui.screens.panes import Panes
from lstm_tui.screens.saved.load import LoadScreen
from lstm_tui.screens.saved.pair import PairScreen
from lstm_tui.screens.settings import Ready, SettingsScreen
from lstm_tui.screens.step import StepScreen
from lstm_tui.session import commands
from lstm_tui.session.commands import Command
from lstm_tui.session.requests import Request
from lstm_tui.session.session import Session
from lstm_tui.session.sessions import Sessions
from lstm_tui.session.snapshot import STEPPING, Snapshot, Status
from lstm_tui.session.units import can_be_bits
from lstm_tui.visible import NOTICE, shortened_line
from lstm_tui.widgets.coach_line import CoachLine
from lstm_tui.widgets.dialog import open_dialog

SAID_FOR = 2.5  # seconds that a word on a key stands
ANSWER_LOOK = 0.015  # seconds between looks while a key waits for its effect

OF_PANES = {"of_task", "chart_view", "log_scale", "ghost", "maximise"}  # which the look inside hides
TRAINING_ONLY = {
    "pause",
    "resume",
    "save",
    "rate",
    "watch_step",
    "new_run",
    "tell",
    "ghost",
    "log_scale",
}  # the last two: the chart's


class SteeringScreen(Screen[None]):
    """Turns keys into commands and waits for their effect; `show_snapshot` and `show_session` show it."""

    def __init__(self, sessions: Sessions, *, ascii_only: bool = False) -> None:
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
        if snapshot.acknowledged >= self._awaited[1]:
            self._awaited = None
        elif not session.ended.is_set():
            self.set_timer(ANSWER_LOOK, self._await_effect)

    def ask(self, request: Request) -> None:
        """Ask for what the task of the session alone knows."""
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
        session = self.sessions.current
        if action in OF_PANES and self.inside.is_open:
            return False
        if action == "of_task":
            return self.panes.action_of(str(parameters[0])) is not None
        if action in TRAINING_ONLY and session.eval_only:
            return False
        if action == "swap":
            return session.latest.rival is not None
        if action == "units":
            return can_be_bits(session.task)
        if action == "chart_view":
            return bool(self.panes.charts)
        if action == "watch_step":
            return session.ahead.doing in STEPPING
        if action in ("pause", "resume"):
            status = session.ahead.status
            return status is Status.PAUSED if action == "resume" else status in STEPPING
        return True

    def action_say_why(self, name: str) -> None:
        """Say why a key of the table does nothing now."""
        if why := self._why_not(next(each for each in KEYS if each.id == name)):
            self.notify(why, timeout=SAID_FOR, markup=False)

    def _why_not(self, key: Key) -> str:
        session, shown = self.sessions.current, first_of(key)
        _, action, parameters = actions.parse(key.action)
        if action == "of_task":
            knows = [task for task in KINDS if self.panes.knows(task, str(parameters[0]))]
            if session.task in knows:
                return f"{shown}: {'nothing trains here' if session.eval_only else 'not here'}"
            return (
                f"{shown} is a key of the task {' and '.join(knows)}: {key_of('switch_task')} goes on to the next task"
            )
        if action in ("pause", "resume") or (action == "watch_step" and not session.eval_only):
            return f"{shown}: nothing trains, {session.ahead.status.lower()}"
        if action in TRAINING_ONLY and session.eval_only:
            return f"{shown}: nothing trains here, a saved model is only looked at"
        if action == "units":
            return f"{shown}: the loss of the task {session.task} has one unit"
        if action == "chart_view":
            return f"{shown}: there is no chart here"
        return ""

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
        self._request(commands.Look())

    def action_save(self) -> None:
        """Save now."""
        self._request(commands.Save())

    def action_evaluate(self) -> None:
        """Measure the validation part."""
        self._request(commands.Evaluate())

    def action_of_task(self, action: str, *arguments: int) -> None:
        """Let the pane that knows an action of this task alone do it."""
        if do := self.panes.action_of(action):
            do(*arguments)

    async def action_do_key(self, number: int) -> None:
        """Do what a key of the table does."""
        await self.run_action(KEYS[number].action)

    def action_rate(self, direction: int) -> None:
        """Change the learning rate: four fifths, or five quarters."""
        now = self.sessions.current.look().figure.base_rate
        if now > 0:
            to = now * (1.25 if direction > 0 else 0.8)
            self._request(commands.SetLearningRate(to))
            self.notify(f"learning rate {now:.3g} is {to:.3g} now", timeout=SAID_FOR, markup=False)

    def action_tell(self) -> None:
        """Tell of what becomes of the run, or do not any more."""
        teller = self.sessions.launch.teller
        teller.on = not teller.on
        said = f"you will be told by {teller.ways}" if teller.on else "you will not be told of the run"
        self.notify(said, timeout=SAID_FOR, markup=False)

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
        threads = self.sessions.launch.settings.get("threads")
        open_dialog(self, SettingsScreen(config, runs, self.sessions.plan, threads, self.sessions.folders), ready)

    def _or_say_why_not(self, change: Callable[[], Session]) -> None:
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
