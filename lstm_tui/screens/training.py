"""The main screen: the panes, a status line, the keys.

In evaluation-only mode there is no training to watch: what the task's face shows of a saved model takes the place of
chart and figures.

What gives way on a small terminal, in this order: what stands at the side narrows (below 100 columns), then hides
(below 72; the status line has the dearest); below 20 rows the coach's line goes, one pane is shown at a time, and tab
goes on to the next; below the smallest size one line says so.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.events import Resize
from textual.timer import Timer
from textual.widgets import Static

from lstm_model.errors import CheckpointError
from lstm_model.runs.saves import previous_run, saves_root
from lstm_model.runs.story import Story, read_story
from lstm_tui.keys.table import KEYS
from lstm_tui.options.wording import with_flags
from lstm_tui.screens.steering import SteeringScreen
from lstm_tui.session.snapshot import Snapshot, Status
from lstm_tui.session.source import Source, Sources
from lstm_tui.session.units import in_bits
from lstm_tui.terminal.output import can_take
from lstm_tui.terminal.pacing import Budget
from lstm_tui.terminal.painter import Painter
from lstm_tui.terminal.preferences import prefer, preference
from lstm_tui.visible import NOTICE, shortened_line
from lstm_tui.widgets.coach_line import CoachLine
from lstm_tui.widgets.keys_line import KeysLine
from lstm_tui.widgets.pane import Pane
from lstm_tui.widgets.status import StatusLine
from lstm_tui.widgets.title import TitleLine

SMALLEST = 40, 10  # columns and rows; as in the breakpoints below
FIRST_LOOK = 0.01  # seconds
LOOKS_A_CHART = 3  # the figures are looked at so often for each time that the chart is drawn anew
LINK_LOOK = 0.25  # seconds between looks whether a terminal that hangs reads again


EVERY_KEY = dict.fromkeys((name, key.id) for key in KEYS for name in key.keys.split(","))


class TrainingScreen(SteeringScreen):
    """Shows the current session's snapshots."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for key in KEYS for binding in key.bindings),
        *(
            Binding(key, f"say_why({name!r})", show=False, id=name) for key, name in EVERY_KEY
        ),  # where none of these does anything
        Binding("tab", "next_pane(1)", "Next pane", show=False),
        Binding("shift+tab", "next_pane(-1)", "Previous pane", show=False),
        Binding("escape", "close_inside", "Close", show=False),
        *(Binding(str(number), f"inside_view({number})", show=False) for number in range(1, 10)),
    ]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-too-narrow"),
        (SMALLEST[0], "-one-column"),
        (72, "-narrow"),
        (100, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-too-low"),
        (SMALLEST[1], "-one-pane"),
        (20, "-high"),
    ]
    ALLOW_IN_MAXIMIZED_VIEW = ".-textual-system,#bottom"

    def __init__(
        self,
        sessions: Sources,
        painter: Painter,
        budget: Budget,
        *,
        host: str = "",
        ascii_only: bool = False,
        large: bool = False,
    ) -> None:
        super().__init__(sessions, ascii_only=ascii_only)
        self._painter, self._budget, self._host, self._large = painter, budget, host, large
        self._shown: Snapshot | None = None
        self._charted: Snapshot | None = None
        self._notices_shown: dict[Source, int] = {}
        self._looks = 0
        self._timer: Timer | None = None
        self._bits = preference("unit") == "bits"  # else nats, where the task has these
        self._swapped = False  # whether the model that is compared with comes first

    def compose(self) -> ComposeResult:
        """Title, panes, coach, status, keys."""
        yield TitleLine(self._host, id="title")
        yield self.panes
        yield self.inside
        yield Static(id="too-small")
        with Vertical(id="bottom"):
            yield CoachLine(id="coach")
            yield StatusLine(id="status")
            yield KeysLine(id="keys")

    @property
    def shown(self) -> Snapshot | None:
        """The snapshot that is on the screen."""
        return self._shown

    def on_mount(self) -> None:
        """Start looking at the session."""
        self.look_large(large=self._large)
        self.show_session()

    def on_resize(self, event: Resize) -> None:
        """Keep the line for a terminal that is too small ready."""
        least = "x".join(map(str, SMALLEST))
        text = f"too small: {event.size.width}x{event.size.height}, needs {least}"
        self.query_one("#too-small", Static).update(text, layout=False)

    # Showing

    def _look(self) -> None:
        """Show what is new, the chart at every third look, and rest until that is paid for."""
        if not can_take():  # whatever is drawn now would wait for the link, and the keys behind it
            self._timer = self.set_timer(LINK_LOOK, self._look)
            return
        for failure in self.sessions.take_failures():
            text = shortened_line(f"the run before is NOT saved: {failure}", NOTICE)
            self.notify(text, severity="error", timeout=12, markup=False)
        if self.sessions.current.ordered_to_end and self.sessions.current.ended.is_set():
            self.app.call_later(self.app.action_quit)
        snapshot = self.sessions.current.look()
        self.show_snapshot(snapshot)
        self._looks += 1
        if self._charted is None or self._looks >= LOOKS_A_CHART:
            self._looks = 0
            self._show_chart(snapshot)
        self._timer = self.set_timer(self._budget.rest(self._painter.sent), self._look)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show all but the loss chart, which is dear and has its own pace."""
        if snapshot is self._shown:
            return
        before = self._shown
        changed = before is None or before.status is not snapshot.status or bool(before.rival) != bool(snapshot.rival)
        self.set_class(snapshot.status is Status.EVAL_ONLY, "-eval-only")
        self._shown = snapshot
        if self._swapped:
            snapshot = snapshot.swapped
        snapshot = self._in_unit(snapshot)
        if self._steps is not None:
            self._steps.show(snapshot)
        try:
            self.query_one(StatusLine).show(snapshot)
            self.query_one(TitleLine).show(snapshot)
            if not self.inside.is_open:
                self.panes.show(snapshot)
            self.inside.show(snapshot)
        except NoMatches:
            return  # the screen is being taken down
        self.look_inside()
        self._tell(snapshot)
        if changed:
            self.refresh_bindings()

    def _show_chart(self, snapshot: Snapshot) -> None:
        if snapshot is not self._charted and self.is_running and not self.inside.is_open:
            self._charted = snapshot
            if snapshot.status is not Status.EVAL_ONLY:
                self.panes.loss.show(self._in_unit(snapshot))
                self.query_one(CoachLine).show(snapshot)

    def _tell(self, snapshot: Snapshot) -> None:
        session = self.sessions.current
        for notice in snapshot.notices:
            if notice.number > self._notices_shown.get(session, 0):
                seconds = 4 if notice.severity == "information" else 12
                self.notify(
                    shortened_line(notice.text, NOTICE), severity=notice.severity, timeout=seconds, markup=False
                )
                self._notices_shown[session] = notice.number

    def show_now(self) -> None:
        """Show what is there now, the chart as well."""
        snapshot = self.sessions.current.look()
        self.show_snapshot(snapshot)
        self._show_chart(snapshot)

    def show_session(self) -> None:
        """Show the current session's task, what is known of it, and look again at once."""
        self.minimize()  # the pane of the other task would stay hidden behind it
        self._swapped = False
        now, covered = self.sessions.current, self.inside.is_open
        self.panes.lay_out(now.task, eval_only=now.eval_only, covered=covered)
        self._shown = self._charted = None
        snapshot = self.sessions.current.look()
        self.show_snapshot(snapshot)
        self._show_chart(snapshot)
        if snapshot.number:  # else nothing is known yet, and what charts need is not imported
            self._looks, self._charted = LOOKS_A_CHART, None  # the newer one that was just asked for is not to wait
        if self.inside.is_open:
            self.call_after_refresh(self.inside.focus)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(FIRST_LOOK, self._look)

    def refresh_bindings(self) -> None:
        """Show the keys that do something now."""
        super().refresh_bindings()
        for line in self.query(KeysLine):
            line.show([key for key in KEYS if self.offers(key)])

    # Panes

    def action_next_pane(self, direction: int) -> None:
        """Move the focus to the next pane, which comes to the front where there is room for one."""
        self.minimize()
        self.panes.next_pane(direction, one=self.has_class("-one-pane"))

    def on_descendant_focus(self) -> None:
        """Let the pane that has the focus be the one that a low terminal would show."""
        if isinstance(self.focused, Pane) and self.focused is not self.inside:
            self.panes.bring_to_front(self.focused)

    # Inside

    def action_inside(self) -> None:
        """Open the look inside, or close it."""
        if self.inside.is_open:
            self.action_close_inside()
            return
        self.minimize()
        self.add_class("-inside")
        self.inside.open()
        self._shown = None
        self.show_snapshot(self.sessions.current.look())
        self.call_after_refresh(self.inside.focus)
        self.refresh_bindings()

    def action_inside_view(self, number: int) -> None:
        """Choose a view: a number may follow x before the look inside has the focus."""
        if self.inside.is_open:
            self.inside.action_choose(number)

    def action_close_inside(self) -> None:
        """Show the panes again."""
        if self.inside.is_open:
            self.inside.close()
            self.remove_class("-inside")
            self._shown = self._charted = None
            self.show_snapshot(self.sessions.current.look())
            front = self.panes.front or self.panes.loss
            self.call_after_refresh(front.focus)
            self.refresh_bindings()

    def action_swap(self) -> None:
        """Show the other one of two models first."""
        self._swapped = not self._swapped
        self._shown = None
        self.show_snapshot(self.sessions.current.look())

    def action_chart_view(self) -> None:
        """All of the curves, or their recent part."""
        for chart in self.panes.charts:
            chart.next_view()

    def action_units(self) -> None:
        """Losses in nats, or in bits, everywhere."""
        self._bits = not self._bits
        prefer("unit", "bits" if self._bits else "nats")
        snapshot = self.sessions.current.look()
        self._shown = self._charted = None
        self.show_snapshot(snapshot)
        self._show_chart(snapshot)

    def _in_unit(self, snapshot: Snapshot) -> Snapshot:
        return in_bits(snapshot) if self._bits else snapshot

    def action_log_scale(self) -> None:
        """Logarithmic, or plain."""
        self.panes.loss.toggle_log()

    def action_ghost(self) -> None:
        """Show the curve of the run before this one beneath it, or take it away."""
        chart, task = self.panes.loss, self.sessions.current.task
        if chart.look.ghost is not None:
            chart.show_ghost(None)
            return

        def read() -> None:
            path = previous_run(task, self.sessions.folders)
            try:
                story = read_story(path) if path else None
            except CheckpointError as error:
                self.app.call_from_thread(self._complain, with_flags(error))
            else:
                self.app.call_from_thread(self._show_ghost, task, story)

        self.run_worker(read, thread=True, exclusive=True, group="ghost")

    def _show_ghost(self, task: str, story: Story | None) -> None:
        if story is None:
            self._complain(f"there is no other {task} run to compare with under {saves_root()}")
        elif task == self.sessions.current.task:
            self.panes.loss.show_ghost(story.train, story.saved.run)

    async def action_big(self) -> None:
        """The look for a projector, or the usual one."""
        self.minimize()
        await self.app.run_action("big")

    def look_large(self, *, large: bool) -> None:
        """Few figures, large, and thick curves; or all of them."""
        self.set_class(large, "-big")
        self.panes.thicken(large)
        if self._shown is not None:
            self._shown = None
            self.show_snapshot(self.sessions.current.look())

    def _complain(self, text: str) -> None:
        self.notify(shortened_line(text, NOTICE), severity="warning", markup=False)

    def action_maximise(self) -> None:
        """Give the focused pane, else the one in front, the whole screen; or put it back."""
        if self.maximized is not None:
            self.minimize()
            return
        focused = self.focused
        pane = focused if isinstance(focused, Pane) else self.panes.front or self.panes.loss
        self.maximize(pane, container=False)
