"""The screen of a sweep: its trials, the best of them, which settings matter, and how long it goes on."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from lstm_model.sweeps.standing import Standing, why
from lstm_tui.options.wording import with_flags
from lstm_tui.sweeping.best import best_picture, best_titles
from lstm_tui.sweeping.leaving import Leave, LeaveScreen
from lstm_tui.sweeping.matters import matters_text, title_of
from lstm_tui.sweeping.rows import best_of, ordered, table
from lstm_tui.sweeping.source import Source
from lstm_tui.sweeping.trial import TrialScreen
from lstm_tui.sweeping.trials import TrialsList
from lstm_tui.terminal.pacing import Budget
from lstm_tui.terminal.painter import Painter
from lstm_tui.visible import shortened_line
from lstm_tui.widgets.charts.plot import Plot
from lstm_tui.widgets.dialog import open_dialog
from lstm_tui.widgets.pane import Pane
from lstm_tui.wording import duration, figure

KEYS = (("p", "Pause"), ("enter", "Open trial"), ("o", "Order"), ("q", "Leave"), ("tab", "Next pane"))
SMALLEST = 40, 12  # width and height below which the lower half is left out


class SweepScreen(Screen[None]):
    """Shows what a source says, as often as the terminal can take it."""

    AUTO_FOCUS = "TrialsList"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("p,space", "pause", "Pause"),
        ("o", "order", "Order"),
        ("q", "leave", "Leave"),
    ]
    DEFAULT_CSS = """
    SweepScreen {
        layout: vertical;
        overflow: hidden;
        #title, #state, #keys { width: 100%; height: 1; text-wrap: nowrap; text-overflow: ellipsis; padding: 0 1; }
        #title { background: $surface; color: $text-muted; }
        #state { background: $surface; padding: 0; }
        #keys { background: $panel; }
        #head { height: 1; color: $text-muted; text-wrap: nowrap; }
        #trials { height: 1fr; min-height: 5; }
        #below { height: 45%; }
        #best { width: 1fr; height: 100%; }
        #matters { width: 42; height: 100%; }
        #matters VerticalScroll { scrollbar-size-vertical: 1; }
        #matters Static { height: auto; }
        &.-wide #matters { width: 56; }
        &.-small #below { display: none; }
    }
    """

    def __init__(self, source: Source, painter: Painter, budget: Budget, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.source, self._painter, self._budget, self._ascii = source, painter, budget, ascii_only
        self._by_number = False
        self._shown: Standing | None = None
        self._drawn: object = None  # what the picture was drawn of
        self.stops = False  # it was asked to stop

    def compose(self) -> ComposeResult:
        """A title, the trials, below them the best and what matters, and two lines at the bottom."""
        yield Static(id="title", markup=False)
        with Pane(id="trials") as trials:
            trials.can_focus = False
            yield Static(id="head", markup=False)
            yield TrialsList()
        with Horizontal(id="below"):
            with Pane(id="best"):
                yield Plot(ascii_only=self._ascii)
            with Pane(id="matters") as matters, VerticalScroll(can_focus=True):
                matters.can_focus = False
                yield Static(id="effects", markup=False)
        yield Static(id="state")
        yield Static(id="keys")

    def on_mount(self) -> None:
        """Look now, and again and again."""
        self.query_one("#best", Pane).can_focus = False
        line = Content("  ").join(Content.assemble((key, "bold $accent"), f" {label}") for key, label in KEYS)
        self.query_one("#keys", Static).update(line)
        self._look()

    def _look(self) -> None:
        """Show what is new; then rest for as long as that was dear."""
        standing = self.source.look()
        while self.source.said:
            self.notify(with_flags(self.source.said.popleft()), severity="warning", markup=False)
        if standing is not self._shown:
            self._shown = standing
            if self.is_current or self.app.screen.is_modal:
                self._show(standing)
        self.set_timer(self._budget.rest(self._painter.sent), self._look)

    def on_resize(self) -> None:
        """As many columns as there is room for."""
        self.set_class(self.size.height < SMALLEST[1] or self.size.width < SMALLEST[0], "-small")
        self.set_class(self.size.width >= 120, "-wide")
        self._drawn = None
        self.call_after_refresh(self.show_again)

    def show_again(self) -> None:
        """Draw anew what is known."""
        self._show(self.source.look())

    def _show(self, standing: Standing) -> None:
        design, rows = standing.design, self.query_one(TrialsList)
        tried = ", ".join(dimension.name for dimension in design.space.dimensions)
        words = ["lstm-tui sweep", design.base.task, f"tries {tried}", design.sampler, f"given up by: {design.pruner}"]
        self.query_one("#title", Static).update("  ".join([*words, shortened_line(str(standing.folder))]))
        head, lines = table(
            standing, ordered(standing, by_number=self._by_number), rows.size.width, ascii_only=self._ascii
        )
        self.query_one("#head", Static).update(head)
        rows.show(lines)
        self._entitle(standing)
        self._show_best(standing)
        matters = self.query_one("#matters", Pane)
        matters.entitle(*title_of(standing))
        effects = self.query_one("#effects", Static)
        effects.update(matters_text(standing, max(20, effects.size.width), ascii_only=self._ascii))
        self.query_one("#state", Static).update(self._state(standing), layout=False)

    def _show_best(self, standing: Standing) -> None:
        self.query_one("#best", Pane).entitle(*best_titles(standing))
        drawn = (
            best_of(standing),
            [(n, len(trial.curve), standing.state(trial)) for n, trial in standing.trials.items()],
        )
        if drawn != self._drawn:
            self._drawn = drawn
            self.query_one(Plot).show(best_picture(standing))

    def _entitle(self, standing: Standing) -> None:
        """Above the trials their order, below them why the one at the cursor was given up or failed."""
        number = self.query_one(TrialsList).number
        reason = why(standing.trials[number]) if number is not None and number in standing.trials else ""
        told = f"{number + 1}: {with_flags(reason)}" if reason and number is not None else ""
        order = "newest first" if self._by_number else "running, then best first"
        self.query_one("#trials", Pane).entitle(f"Trials, {order}", shortened_line(told, max(10, self.size.width - 8)))

    def _state(self, standing: Standing) -> Content:
        word, colour = self._word(standing)
        line = Content.styled(f" {word} ", f"bold $background on {colour}")
        for part in state_parts(standing):
            if line.cell_length + len(part) + 2 > self.size.width:
                break
            line += Content(f"  {part}")
        return line

    def _word(self, standing: Standing) -> tuple[str, str]:
        if standing.over:
            return "ENDED", "$primary"
        if not self.source.is_driven_here and standing.process is None:
            return "NOT RUNNING", "$warning"
        if self.stops:
            return "STOPPING", "$warning"
        if standing.paused:
            return "PAUSED", "$warning"
        return "SWEEPING", "$success"

    # Keys

    def on_trials_list_moved(self) -> None:
        """Say why the trial at the cursor was given up."""
        if self._shown is not None:
            self._entitle(self._shown)

    def on_trials_list_opened(self, event: TrialsList.Opened) -> None:
        """Open a trial's own screen."""
        open_dialog(self, TrialScreen(self.source.look, event.number, ascii_only=self._ascii))

    def action_pause(self) -> None:
        """Let all trials wait, or go on."""
        standing = self.source.look()
        if standing.over:
            self.notify("the sweep has ended", markup=False)
        elif not self.source.pause(not standing.paused):
            self.notify("it can be paused only where it runs: q there, or stop it", markup=False)

    def action_order(self) -> None:
        """By what they came to, or by number."""
        self._by_number = not self._by_number
        self.show_again()

    def action_leave(self) -> None:
        """Close if nothing runs, else ask."""
        standing = self.source.look()
        runs = not standing.over and (self.source.is_driven_here or standing.process is not None)
        if not runs or self.stops:
            self.app.call_later(self.app.leave, Leave.STAY)  # type: ignore[attr-defined]
            return
        open_dialog(
            self,
            LeaveScreen("  ".join(state_parts(standing)), driven_here=self.source.is_driven_here),
            lambda answer: self.app.leave(answer) if answer not in (None, Leave.STAY) else None,  # type: ignore[attr-defined]
        )


def state_parts(standing: Standing) -> list[str]:
    """How far a sweep is, the dearest first."""
    ended = sum(trial.outcome is not None for trial in standing.searched.values())
    again = sum(trial.again and trial.outcome is not None for trial in standing.trials.values())
    now = {"paused" if standing.paused else "running": len(standing.running), "waiting": standing.count("waiting")}
    past = {"given up": standing.count("pruned"), "failed": standing.count("failed")}
    parts = [f"{ended}/{standing.design.trials} trials", *(f"{n} {word}" for word, n in now.items() if n)]
    parts += [] if standing.over else [f"left about {duration(standing.seconds_left)}"]
    parts += [f"{n} {word}" for word, n in past.items() if n]
    parts += [f"winner again {again}/{standing.design.again}"] if ended == standing.design.trials else []
    losses = [min(each) for each in standing.losses.values()]
    return [*parts, f"lowest {figure(min(losses))}"] if losses else parts
