"""The curves and figures of a run as its files tell them: rows every few seconds, and a checkpoint's curves.

A checkpoint has the loss of every step, and is a minute old at most; rows tell what came after it.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from lstm_model.curves.history import Buckets, Curve, Mark
from lstm_model.runs.baselines import known
from lstm_model.runs.events import Figures
from lstm_model.runs.remote.standing import Standing
from lstm_model.runs.story import Story
from lstm_tui.session.snapshot import NO_CURVE, Curves, Figure

PACE = 6  # rows that tell how fast the run goes on


class Course:
    """Takes in rows as they come, and stories as checkpoints are written."""

    def __init__(self) -> None:
        self.rows: list[Figures] = []
        self._story: Story | None = None
        self._back: list[tuple[int, float]] = []  # where it went back to, and when: steps, seconds of training
        self._known: dict[str, float] = {}

    def add(self, rows: Iterable[Figures]) -> None:
        """Take in new rows; where steps go down the run went back, and what it left is no part of its curve."""
        for row in rows:
            if self.rows and row.step < self.rows[-1].step:
                self._back.append((row.step, row.elapsed_s))
                self.rows = [before for before in self.rows if before.step < row.step]
            self.rows.append(row)

    def tell(self, story: Story) -> None:
        """Take in what a newer checkpoint holds."""
        self._story = story
        self._known = dict(known(story.saved.baselines))

    @property
    def last_step(self) -> int:
        """The newest step that is known of."""
        story, last = self._story, self.rows[-1] if self.rows else None
        if story is not None and (last is None or story.elapsed > last.elapsed_s):
            return story.saved.step
        return last.step if last else 0

    @property
    def _cut(self) -> float:
        """The step from which on the checkpoint's curves are of what the run has left again; inf: none is."""
        story = self._story
        if story is None:
            return np.inf
        return min((step for step, elapsed in self._back if elapsed > story.elapsed), default=np.inf)

    def curves(self, until: int | None = None) -> Curves:
        """Both curves, up to a step if one is given."""
        story = self._story
        marks = () if story is None else story.marks
        marks = (*marks, *(Mark(step, "back") for step, _ in self._back if Mark(step, "back") not in marks))
        train, val = (NO_CURVE, NO_CURVE) if story is None else (story.train, story.val)
        end = np.inf if until is None else until
        return Curves(
            self._curve(train, [(row.step, row.loss) for row in self.rows], end),
            self._curve(val, [(row.step, row.val_loss) for row in self.rows if row.val_loss is not None], end),
            tuple(mark for mark in marks if mark.step <= end),
            tuple(self._known.items()),
        )

    def _curve(self, told: Buckets, rows: list[tuple[int, float]], end: float) -> Buckets:
        """What the checkpoint tells, and rows of steps beyond it."""
        kept = (told.step < self._cut) & (told.step <= end)
        head = Buckets(*(values[kept] for values in told))
        last = told.step[told.step < self._cut][-1] if (told.step < self._cut).any() else -1
        tail = Curve()
        for step, value in rows:
            if last < step <= end:
                tail.add(step, value)
        more = tail.buckets()
        return Buckets(*(np.concatenate(both) for both in zip(head, more, strict=True)))

    def figure(self, standing: Standing | None, until: int | None = None) -> Figure:
        """The figures of the newest row, or of the newest up to a step."""
        rows = self.rows if until is None else [row for row in self.rows if row.step <= until]
        story = self._story
        measured = [(row.val_loss, row.step) for row in rows if row.val_loss is not None]
        if story is not None and story.saved.best_val_loss is not None and (until is None or story.best_step <= until):
            measured.append((story.saved.best_val_loss, story.best_step))
        best = min(measured, default=(None, 0))
        if not rows:
            return self._without_rows(standing if until is None else None)
        last = rows[-1]
        val = next((row.val_loss for row in reversed(rows) if row.val_loss is not None), None)
        figure = Figure(
            step=last.step,
            epoch=last.epoch,
            loss=last.loss,
            val_loss=val,
            best_val_loss=best[0],
            best_step=best[1],
            grad_norm=last.grad_norm,
            learning_rate=last.learning_rate,
            base_rate=last.learning_rate if story is None else story.base_rate,
            speed=last.speed,
            elapsed=last.elapsed_s,
        )
        if until is None and story is not None and story.elapsed > last.elapsed_s:  # as at the end of a run
            saved = story.saved
            loss = figure.loss if saved.loss is None else saved.loss
            val = val if saved.val_loss is None else saved.val_loss
            figure = replace(figure, step=saved.step, loss=loss, val_loss=val, elapsed=story.elapsed)
        return _with_end(figure, rows, standing)

    def _without_rows(self, standing: Standing | None) -> Figure:
        """What is known before the first row."""
        story = self._story
        step = 0 if standing is None else standing.step
        if story is None:
            return Figure(step=step)
        return Figure(step=max(step, story.saved.step if standing else 0), base_rate=story.base_rate)


def _with_end(figure: Figure, rows: list[Figures], standing: Standing | None) -> Figure:
    """How far the run is, and when it ends: by its limit, or by the epoch where it has none."""
    first, last = rows[-PACE:][0], rows[-1]
    seconds = last.elapsed_s - first.elapsed_s
    pace = (last.step - first.step) / seconds if seconds > 0 else 0.0  # steps a second
    ends_at, ends_after = (None, None) if standing is None else (standing.last_step, standing.last_s)
    if ends_at:
        eta = max(0, ends_at - last.step) / pace if pace else None
        return replace(figure, progress=min(1.0, last.step / ends_at), eta=eta, has_limit=True)
    if ends_after:
        left = max(0.0, ends_after - last.elapsed_s)
        return replace(figure, progress=min(1.0, last.elapsed_s / ends_after), eta=left, has_limit=True)
    done = last.step / last.epoch if last.epoch else None  # steps of an epoch
    eta = (1 - last.epoch % 1) * done / pace if pace and done else None
    return replace(figure, progress=last.epoch % 1, eta=eta)
