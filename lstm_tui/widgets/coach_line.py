"""The coach's line: what is going on, in plain words, and the key that helps."""

import re

from textual import actions
from textual.content import Content
from textual.widgets import Static

from lstm_model.coach.course import Course
from lstm_model.coach.rules import Advice, Coach
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.keys.table import key_of
from lstm_tui.session.snapshot import Snapshot, Status


def course_of(snapshot: Snapshot) -> Course | None:
    """What the coach judges by; None before anything is known, and where nothing is trained."""
    config, sizes = snapshot.about.config, snapshot.about.sizes
    if config is None or sizes is None or snapshot.status is Status.EVAL_ONLY:
        return None
    figure, curves = snapshot.figure, snapshot.curves
    return Course(
        config=config,
        step=figure.step,
        train=curves.train,
        val=curves.val,
        guess=kind_of(config.task).guess(sizes),
        best_val_loss=figure.best_val_loss,
        best_step=figure.best_step,
        marks=curves.marks,
        references=curves.references,
        clipped=figure.clipped,
        ended=snapshot.status is Status.FINISHED,
        diverged=snapshot.status is Status.DIVERGED,
    )


A_WORD_ALONE = re.compile(r"(?<=\.) \w+\.$")  # what a key would do, said by one word


class CoachLine(Static):
    """One row, a strip while there is something to say, else empty. Its key is set off, and can be clicked."""

    DEFAULT_CSS = """
    CoachLine {
        width: 100%;
        height: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        padding: 0 1;
        &.-says { background: $panel; border-left: outer $accent; padding: 0 1 0 0; }
        link-color: $accent;
        link-style: bold;
        link-background-hover: $surface-lighten-2;
        link-style-hover: bold;
        link-color-hover: $accent;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._coach = Coach()
        self._run: tuple[object, ...] | None = None
        self._written: Advice | None = None

    @property
    def advice(self) -> Advice | None:
        """What stands in the line."""
        return self._written

    def show(self, snapshot: Snapshot) -> None:
        """Say what there is to say of a snapshot's run."""
        if snapshot.run != self._run:
            self._run, self._coach = snapshot.run, Coach()
        course = course_of(snapshot)
        advice = self._coach.look(course) if course else None
        if advice != self._written:
            self._written = advice
            self.set_class(advice is not None, "-says")
            line = Content() if advice is None else line_of(advice, has_key=self._has_key(advice))
            self.update(line, layout=False)

    def _has_key(self, advice: Advice) -> bool:
        """Whether the key that would help does something here; it does not where a run is only watched."""
        _, action, parameters = actions.parse(advice.action)
        return self.screen.check_action(action, parameters) is not False


def line_of(advice: Advice, *, has_key: bool = True) -> Content:
    """An advice with its key as a link to what the key does; without a key, what it says is for whoever trains."""
    if not has_key:
        return Content(A_WORD_ALONE.sub("", advice.text.replace(" (*)", "")))
    before, _, after = advice.text.partition("(*)")
    key = key_of(advice.action)
    return Content(f"{before}(") + Content.styled(key, f"@click=screen.{advice.action}") + Content(f"){after}")
