"""The panes of the main screen: which there are, where they stand, and which is in front where there is room for one.

Those of all tasks are there from the start, so that a switch only hides some and shows others.
"""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from lstm_model.settings.known_tasks import KINDS
from lstm_tui.session.requests import Request
from lstm_tui.session.snapshot import Snapshot, Status
from lstm_tui.task_faces import part_of
from lstm_tui.widgets.big_figures import BigFigures
from lstm_tui.widgets.charts.chart_pane import ChartPane
from lstm_tui.widgets.charts.loss_chart import LossChart
from lstm_tui.widgets.charts.plot import Plot
from lstm_tui.widgets.figures import FiguresPane
from lstm_tui.widgets.pane import Pane
from lstm_tui.widgets.task_pane import Place, TaskPane


class Panes(Vertical):
    """Loss chart and figures, as all tasks have them while they train, and what each task's face has beside or below.

    ask: brings what a pane asks for to the session.
    """

    def __init__(self, ask: Callable[[Request], None], *, ascii_only: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._loss = LossChart(ascii_only=ascii_only, id="loss")
        self._loss.add_class("above")
        self._large = BigFigures(id="large")
        self._figures = FiguresPane(ascii_only=ascii_only, id="figures")
        self._figures.add_class("side")
        self._of_tasks: dict[str, list[TaskPane]] = {
            task: [kind(ask, ascii_only=ascii_only) for kind in part_of(task, "panes").PANES] for task in KINDS
        }
        self._laid_out = "", False  # the task and whether a saved model is looked at
        self._here: list[TaskPane] = []  # those of the task and mode that are shown
        self.front: Pane | None = None  # what is shown where there is room for one pane

    def compose(self) -> ComposeResult:
        """Two rows, of which a task can do without the one above."""
        yield self._large
        with Horizontal(id="above"):
            yield self._loss
            yield from self._placed("above")
            yield self._figures
            yield from self._placed("side")
        yield from self._placed("below")

    def _placed(self, place: Place) -> list[TaskPane]:
        return [pane for panes in self._of_tasks.values() for pane in panes if place == pane.PLACE]

    # What is shown

    def lay_out(self, task: str, *, eval_only: bool, covered: bool = False) -> None:
        """Show the panes of a task and a mode; the first of them has the focus if the pane that had it is away.

        covered: something else lies over them all and has the focus.
        """
        self._here = [pane for pane in self._of_tasks[task] if (pane.IN_EVALUATION if eval_only else pane.IN_TRAINING)]
        covering = [pane for pane in self._here if pane.STANDS_FOR and pane.is_instead]
        hidden = {pane.STANDS_FOR for pane in covering}
        seen = [pane for pane in self._here if pane in covering or not (pane.STANDS_FOR or pane.NAME in hidden)]
        shown = {*seen, *([] if eval_only else [self._loss, self._figures])}
        self._laid_out = task, eval_only
        for pane in self.query(Pane):
            pane.set_class(pane not in shown, "-away")
        above = self._above
        above.set_class(shown.isdisjoint(above.query(Pane)), "-away")
        if self.front not in shown:
            first = self.present[0]
            self.bring_to_front(first)
            if eval_only and not covered:
                self.call_after_refresh(first.focus)

    def on_task_pane_exchanged(self, message: TaskPane.Exchanged) -> None:
        """Show a pane in the place of another, with the focus; or the other one again."""
        pane, (task, eval_only) = message.pane, self._laid_out
        had_it = pane.has_focus or pane.has_focus_within
        self.lay_out(task, eval_only=eval_only)
        other = next(each for each in self._of_tasks[task] if pane.STANDS_FOR == each.NAME)
        if pane.is_instead or had_it:
            now = pane if pane.is_instead else other
            self.bring_to_front(now)
            self.call_after_refresh(now.focus)

    def show(self, snapshot: Snapshot) -> None:
        """Show all but the loss chart, which is dear and has its own pace."""
        for pane in self._here:
            pane.show(snapshot)
        if self.screen.has_class("-big"):
            self._large.show(snapshot)
        if snapshot.status is not Status.EVAL_ONLY:
            self._figures.show(snapshot)

    def thicken(self, thick: bool) -> None:
        """Draw thick curves in all charts, or fine ones again."""
        for plot in self.query(Plot):
            plot.thicken(thick)

    @property
    def loss(self) -> LossChart:
        """The loss chart."""
        return self._loss

    @property
    def present(self) -> list[Pane]:
        """The panes of the task and mode, in their order, whether there is room for them or not."""
        return [pane for pane in self.query(Pane) if not pane.has_class("-away")]

    @property
    def charts(self) -> list[ChartPane]:
        """Those of them that are charts."""
        return [pane for pane in self.present if isinstance(pane, ChartPane)]

    def action_of(self, name: str) -> Callable[..., None] | None:
        """What an action of the task's own does; None if its face has no such action."""
        found = (getattr(pane, f"action_{name}", None) for pane in self._here)
        return next((action for action in found if action is not None), None)

    def knows(self, task: str, name: str) -> bool:
        """Whether a task's face has an action of this name."""
        return any(hasattr(pane, f"action_{name}") for pane in self._of_tasks[task])

    # Front

    def bring_to_front(self, pane: Pane) -> None:
        """Show a pane where there is room for one alone."""
        self.front = pane
        self._mark_front()

    def on_resize(self) -> None:
        """Mark the one in front where there is room for one now."""
        self._mark_front()

    def _mark_front(self) -> None:
        """Elsewhere a mark would change nothing, and finding the styles anew takes as long as drawing."""
        if not self.screen.has_class("-one-pane"):
            return
        for each in self.query(Pane):
            each.set_class(each is self.front, "-front")
        self._above.set_class(self.front is not None and self.front in self._above.query(Pane), "-front")

    def next_pane(self, direction: int, *, one: bool) -> None:
        """Move the focus to the next pane, which comes to the front; one: where there is room for one."""
        panes = [pane for pane in self.present if one or pane.display]
        now = panes.index(self.front) if self.front in panes else -1
        pane = panes[(now + direction) % len(panes)]
        self.bring_to_front(pane)
        self.call_after_refresh(pane.focus)

    @property
    def _above(self) -> Widget:
        return self.query_one("#above")
