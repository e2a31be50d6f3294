"""The main screen: chart and figures above, samples or prices below, a status line, the keys."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import Footer, Static

from lstm_model.errors import LSTMError
from lstm_tui import commands
from lstm_tui.commands import Command
from lstm_tui.keys import KEYS
from lstm_tui.screens.help import HelpScreen
from lstm_tui.screens.load import LoadScreen
from lstm_tui.screens.prompt import PromptScreen
from lstm_tui.sessions import Sessions
from lstm_tui.snapshot import Snapshot
from lstm_tui.visible import visible
from lstm_tui.widgets.figures import FiguresPane
from lstm_tui.widgets.loss_chart import LossChart
from lstm_tui.widgets.pane import Pane
from lstm_tui.widgets.prices import PricesPane
from lstm_tui.widgets.samples import SamplesPane
from lstm_tui.widgets.status import StatusLine
from lstm_tui.wording import short

FIGURES_EVERY, CHARTS_EVERY = 0.25, 1.0  # seconds between looks; over SSH four times as long
ANSWER_LOOK = 0.01  # seconds between looks while a key waits for its effect

TEXT_ONLY = {"edit_prompt", "temperature"}
TRAINING_ONLY = {"pause", "save", "rate"}


class TrainingScreen(Screen[None]):
    """Shows the current session's snapshots and turns keys into commands."""

    BINDINGS: ClassVar[list[BindingType]] = [binding for key in KEYS for binding in key.bindings]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-narrow"),
        (100, "-wide"),
    ]

    ALLOW_IN_MAXIMIZED_VIEW = ".-textual-system,#bottom"

    def __init__(self, sessions: Sessions, *, ssh: bool = False, ascii_only: bool = False) -> None:
        super().__init__()
        self.sessions = sessions
        self._slower = 4 if ssh else 1
        self._ascii = ascii_only
        self._shown: tuple[str, int] | None = None
        self._title = ""
        self._notices_shown: dict[str, int] = {}
        self._awaited: tuple[str, int] | None = None
        self._charted: tuple[str, int] | None = None
        self._since_chart = CHARTS_EVERY

    def compose(self) -> ComposeResult:
        """Title, panes, status, keys."""
        yield Static(id="title")
        with Horizontal(id="above"):
            yield LossChart(ascii_only=self._ascii, id="loss")
            yield FiguresPane(ascii_only=self._ascii, id="figures")
        yield SamplesPane(id="samples")
        yield PricesPane(ascii_only=self._ascii, id="prices")
        with Vertical(id="bottom"):
            yield StatusLine(id="status")
            yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Start looking at the session."""
        self._show_task()
        self.set_timer(ANSWER_LOOK, self._look)
        self.set_interval(FIGURES_EVERY * self._slower, self._look)

    # Showing

    def _look(self) -> None:
        self._since_chart += FIGURES_EVERY
        snapshot = self.sessions.current.look()
        self._show(snapshot)
        if self._since_chart >= CHARTS_EVERY:
            self._show_chart(snapshot)

    def _show(self, snapshot: Snapshot) -> None:
        """Show all but the loss chart, which is dear and has its own pace."""
        if (snapshot.task, snapshot.number) == self._shown:
            return
        self._shown = snapshot.task, snapshot.number
        try:
            self.query_one(StatusLine).show(snapshot)
            self.query_one(FiguresPane).show(snapshot)
            if snapshot.task == "text":
                self.query_one(SamplesPane).show(snapshot)
            else:
                self.query_one(PricesPane).show(snapshot)
            self._show_title(snapshot)
        except NoMatches:
            return  # the screen is being taken down
        self._tell(snapshot)

    def _show_chart(self, snapshot: Snapshot) -> None:
        if (snapshot.task, snapshot.number) != self._charted and self.is_running:
            self._charted = snapshot.task, snapshot.number
            self._since_chart = 0.0
            self.query_one(LossChart).show(snapshot)

    def _show_title(self, snapshot: Snapshot) -> None:
        parts = ["lstm-tui", snapshot.task, visible(snapshot.data_name), snapshot.model]
        if snapshot.parameters:
            parts.append(f"{short(snapshot.parameters)} parameters")
        if snapshot.V:
            parts.append(f"{snapshot.V} characters")
        title = "  ".join(part for part in parts if part)
        if title != self._title:
            self._title = title
            self.query_one("#title", Static).update(title)

    def _tell(self, snapshot: Snapshot) -> None:
        seen = self._notices_shown.get(snapshot.task, 0)
        for notice in snapshot.notices:
            if notice.number > seen:
                seconds = 4 if notice.severity == "information" else 12
                self.notify(visible(notice.text), severity=notice.severity, timeout=seconds, markup=False)
                self._notices_shown[snapshot.task] = notice.number

    def _show_task(self) -> None:
        self.minimize()  # the pane of the other task would stay hidden behind it
        is_text = self.sessions.current.task == "text"
        self.query_one(SamplesPane).display = is_text
        self.query_one(PricesPane).display = not is_text
        self.refresh_bindings()

    # Asking

    def _request(self, command: Command) -> None:
        session = self.sessions.current
        self._awaited = session.task, session.request(command)
        self._await_effect()

    def _await_effect(self) -> None:
        """Look often until the command took effect, so that a key answers at once and not at the next regular look."""
        session = self.sessions.current
        snapshot = session.look()
        if self._awaited is None or self._awaited[0] != session.task:
            return
        if snapshot.acknowledged >= self._awaited[1]:
            self._awaited = None
            self._show(snapshot)  # the answer first; the chart follows at its time
            self.refresh_bindings()
        elif not session.ended.is_set():
            self.set_timer(ANSWER_LOOK, self._await_effect)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Leave out the keys that mean nothing for the task or the mode on the screen."""
        session = self.sessions.current
        if action in TEXT_ONLY and session.task != "text":
            return False
        return not (action in TRAINING_ONLY and session.eval_only)

    def action_pause(self) -> None:
        """Pause, or go on."""
        session = self.sessions.current
        self._request(commands.Resume() if session.pause_wanted else commands.Pause())

    def action_look(self) -> None:
        """Write a sample, or predict all days."""
        self._request(commands.Look())

    def action_save(self) -> None:
        """Save now."""
        self._request(commands.Save())

    def action_evaluate(self) -> None:
        """Measure the validation part."""
        self._request(commands.Evaluate())

    def action_temperature(self, tenths: int) -> None:
        """Change the temperature of samples."""
        now = self.sessions.current.latest.temperature
        self._request(commands.SetTemperature(round(min(3.0, max(0.0, now + tenths / 10)), 1)))

    def action_rate(self, direction: int) -> None:
        """Change the learning rate: four fifths, or five quarters."""
        figure = self.sessions.current.latest.figure
        if figure.base_rate > 0:
            self._request(commands.SetLearningRate(figure.base_rate * (1.25 if direction > 0 else 0.8)))

    def action_edit_prompt(self) -> None:
        """Edit the prompt in a dialog."""

        def entered(prompt: str | None) -> None:
            if prompt is not None:
                self._request(commands.SetPrompt(prompt))

        self.app.push_screen(PromptScreen(self.sessions.current.latest.prompt), entered)

    def action_switch_task(self) -> None:
        """Go to the other task."""
        try:
            self.sessions.switch()
        except LSTMError as error:
            self.notify(visible(str(error)), severity="error", markup=False)
            return
        self._after_change()

    def action_load(self) -> None:
        """Choose a checkpoint from a list."""

        def chosen(save: object) -> None:
            if save is None:
                return
            try:
                self.sessions.load(save)  # type: ignore[arg-type]
            except LSTMError as error:
                self.notify(visible(str(error)), severity="error", timeout=12, markup=False)
                return
            self._after_change()

        folder = self.sessions.current.latest.folder
        current = Path(folder) if folder else None
        self.app.push_screen(LoadScreen(self.sessions.folders, current, ascii_only=self._ascii), chosen)

    def _after_change(self) -> None:
        self._shown = None
        self._show_task()
        snapshot = self.sessions.current.look()
        self._show(snapshot)
        self._show_chart(snapshot)
        self._since_chart = CHARTS_EVERY  # the newer one that was just asked for is not to wait
        self.set_timer(ANSWER_LOOK, self._look)

    def action_chart_view(self) -> None:
        """All of the curves, or their recent part."""
        self.query_one(LossChart).toggle(recent=True)
        self.query_one(PricesPane).toggle()

    def action_log_scale(self) -> None:
        """Logarithmic, or plain."""
        self.query_one(LossChart).toggle(log_scale=True)

    def action_maximise(self) -> None:
        """Give the focused pane, else the chart, the whole screen; or put it back."""
        if self.maximized is not None:
            self.minimize()
            return
        focused = self.focused
        pane = focused if isinstance(focused, Pane) else self.query_one(LossChart)
        self.maximize(pane, container=False)

    async def action_quit(self) -> None:
        """Save and quit."""
        await self.app.action_quit()

    def action_help(self) -> None:
        """Show the help."""
        self.app.push_screen(HelpScreen())

    @property
    def is_busy(self) -> bool:
        """True while a command waits for its effect."""
        return self._awaited is not None
