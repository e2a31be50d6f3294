"""Two saved models beside each other, as evaluation shows them, and what `eval --against` says of the two."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.widgets import Static

from lstm_model.errors import LSTMError, reason_of
from lstm_model.runs.driving.plan import Plan
from lstm_tui.opening.pair import open_pair, read_pair
from lstm_tui.options.wording import with_flags
from lstm_tui.reports import two
from lstm_tui.screens.panes import Panes
from lstm_tui.session import commands
from lstm_tui.session.requests import Request
from lstm_tui.session.session import Session
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.visible import as_line
from lstm_tui.widgets.dialog import Dialog

LOOK = 0.1  # seconds
KEYS_LINE = "tab next pane  v view  b the other first  escape closes"


class _ClosedError(Exception):
    """Nobody waits for the comparison any more."""


class PairScreen(Dialog[None]):
    """Opens two checkpoints, which are only looked at. begin: starts the worker of their session."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next_pane(1)", show=False),
        Binding("shift+tab", "next_pane(-1)", show=False),
        ("v", "chart_view", "View"),
        ("b", "swap", "Swap"),
        ("escape,q,question_mark", "dismiss(None)", "Close"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-one-column"), (72, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual has it
    VERTICAL_BREAKPOINTS = [(0, "-one-pane"), (20, "-high")]  # noqa: RUF012
    CSS = """
    PairScreen {
        align: left top;
        background: $background;
        #names { height: 1; padding: 0 1; background: $surface; color: $text-muted;
                 text-wrap: nowrap; text-overflow: ellipsis; }
        #verdict { height: auto; max-height: 3; padding: 0 1; text-style: bold; }
        #keys { height: 1; padding: 0 1; color: $text-muted; }
    }
    """

    def __init__(self, a: Path, b: Path, begin: Callable[[Session], None], *, ascii_only: bool = False) -> None:
        super().__init__()
        self._given = {"load": str(a), "against": str(b)}
        self._files, self._begin = (a, b), begin
        self.panes = Panes(self._ask, ascii_only=ascii_only, id="panes")
        self._session: Session | None = None
        self._shown: Snapshot | None = None
        self._swapped = False
        self._measured: str | float = 0.0  # what there is to say, or the share that is done

    def compose(self) -> ComposeResult:
        """Which two, the panes, the verdict."""
        a, b = (f"{file.parent.name}/{file.stem}" for file in self._files)
        yield Static(as_line(f"A = {a}   B = {b}"), id="names", markup=False)
        yield self.panes
        with Vertical(id="bottom"):
            yield Static("reading", id="verdict", markup=False)
            yield Static(KEYS_LINE, id="keys", markup=False)

    def on_mount(self) -> None:
        """Read both, then look at them and measure them."""
        self.add_class("-eval-only")
        for pane in self.panes.query("Pane"):
            pane.add_class("-away")
        self.run_worker(self._open())

    async def _open(self) -> None:
        try:
            opened, against = await asyncio.to_thread(open_pair, self._given)
        except (LSTMError, OSError, MemoryError) as error:
            self._say(_why(error))
            return
        plan, task = Plan(), opened.trainer.config.task
        self._session = Session(task, lambda: opened.run(plan), eval_only=True, make_rival=lambda: against.run(plan))
        self._begin(self._session)
        self.panes.lay_out(task, eval_only=True)
        self.set_interval(LOOK, self._look)
        self._say(0.0)
        self._say(await asyncio.to_thread(self._judge))

    def _judge(self) -> str:
        """What `eval --against` says of the two; in a thread."""
        told = time.monotonic()

        def progress(share: float) -> None:
            nonlocal told
            if self.has_ended:
                raise _ClosedError
            if time.monotonic() - told > 1:
                told, self._measured = time.monotonic(), share

        try:
            report, models = two.evaluate(read_pair(self._given), self._given, progress)
        except _ClosedError:
            return ""
        except (LSTMError, OSError, MemoryError) as error:
            return _why(error)
        part = models[0].report["part"]
        return as_line(f"{part} part, {models[0].measured}. {report['verdict']}")

    def _say(self, what: str | float) -> None:
        self._measured = what
        self._show_verdict()

    def _show_verdict(self) -> None:
        what = self._measured
        text = what if isinstance(what, str) else f"comparing both on the held-out part, {100 * what:.0f} %"
        try:
            self.query_one("#verdict", Static).update(text)
        except NoMatches:
            return  # the screen is being taken down

    def _look(self) -> None:
        """Show what is new."""
        if not isinstance(self._measured, str):
            self._show_verdict()
        if self._session is not None:
            self._show(self._session.look())

    def _show(self, snapshot: Snapshot) -> None:
        if snapshot is not self._shown and snapshot.number:
            self._shown = snapshot
            self.panes.show(snapshot.swapped if self._swapped else snapshot)

    def _ask(self, request: Request) -> None:
        if self._session is not None:
            self._session.request(commands.Ask(request))

    def on_unmount(self) -> None:
        """End the session."""
        if self._session is not None:
            self._session.stop(save=False)

    def action_next_pane(self, direction: int) -> None:
        """Move the focus to the next pane."""
        if self._session is not None:
            self.panes.next_pane(direction, one=self.has_class("-one-pane"))

    def action_chart_view(self) -> None:
        """All of a curve, or its recent part."""
        for chart in self.panes.charts:
            chart.next_view()

    def action_swap(self) -> None:
        """Show the other one first."""
        self._swapped, self._shown = not self._swapped, None
        self._look()


def _why(error: Exception) -> str:
    """One line that says why the two cannot be shown or compared."""
    return as_line(with_flags(reason_of(error) if isinstance(error, OSError) else error))
