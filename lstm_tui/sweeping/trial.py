"""The screen of one trial: its curves, settings and figures, from what it writes."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import numpy as np
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lstm_model.curves.history import Buckets
from lstm_model.errors import CheckpointError
from lstm_model.runs.events import Figures
from lstm_model.runs.outside.rows import Rows
from lstm_model.runs.saves import BEST, LAST
from lstm_model.runs.story import Story, read_story
from lstm_model.sweeps.standing import Standing, loss_of, reached, why
from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import Picture
from lstm_tui.options.wording import with_flags
from lstm_tui.reports.swept import settings_text
from lstm_tui.sweeping.rows import LETTERS, name_of
from lstm_tui.visible import as_line, pasteable
from lstm_tui.widgets.charts.plot import Plot
from lstm_tui.widgets.dialog import Dialog
from lstm_tui.wording import duration, figure

LOOK_EVERY = 0.5  # seconds
KEYS_LINE = "y log, escape closes"


class TrialScreen(Dialog[None]):
    """Shows a trial as long as it is open. look: how the sweep stands now."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("y", "log_scale", "Log"),
        ("escape,q,enter,question_mark", "dismiss(None)", "Close"),
    ]
    CSS = """
    TrialScreen {
        #trial { width: 100%; max-width: 100%; height: 100%; max-height: 100%; }
        #curves { height: 1fr; }
        #told { height: auto; max-height: 50%; padding-top: 1; }
    }
    """

    def __init__(self, look: Callable[[], Standing], number: int, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._look, self._number, self._ascii, self._log = look, number, ascii_only, False
        self._reader = Rows(look().trials[number].folder)
        self._rows: list[Figures] = []
        self._story = NewestStory(look().trials[number].folder)
        self._told_by_file: Story | None = None

    def compose(self) -> ComposeResult:
        """The curves, and what is known below them."""
        with Vertical(classes="dialog", id="trial") as dialog:
            dialog.border_subtitle = KEYS_LINE
            yield Plot(ascii_only=self._ascii, id="curves")
            yield Static(id="told", markup=False)

    def on_mount(self) -> None:
        """Read now, and again and again while it runs."""
        self._show()
        self._read()
        self.set_interval(LOOK_EVERY, self._read)

    @work(thread=True, exclusive=True, group="trial")
    def _read(self) -> None:
        """In a thread: the folder may lie on a disk that is far away."""
        rows, story = self._reader.new(), self._story.newer()
        self.app.call_from_thread(self._add, rows, story)

    def _add(self, rows: list[Figures], story: Story | None) -> None:
        for row in rows:
            while self._rows and self._rows[-1].step >= row.step:  # it went back, or was begun again
                self._rows.pop()
            self._rows.append(row)
        self._told_by_file = story or self._told_by_file
        if not self.has_ended:
            self._show(with_picture=bool(rows or story))

    def _show(self, *, with_picture: bool = True) -> None:
        standing = self._look()
        self.query_one("#trial").border_title = Content(name_of(standing, standing.trials[self._number]))
        self.query_one("#told", Static).update(Text("\n".join(self._told(standing))))
        if with_picture:
            self.query_one(Plot).show(trial_picture(self._told_by_file, self._rows, log_scale=self._log))

    def action_log_scale(self) -> None:
        """Logarithmic, or plain."""
        self._log = not self._log
        self._show()

    def _told(self, standing: Standing) -> list[str]:
        trial = standing.trials[self._number]
        outcome, row = trial.outcome, self._rows[-1] if self._rows else None
        state = standing.state(trial)
        saved = self._told_by_file.saved.step if self._told_by_file is not None else 0
        step = outcome.step if outcome is not None else max(saved, row.step if row else 0)
        elapsed = outcome.elapsed_s if outcome is not None else row.elapsed_s if row else None
        best = f" at step {outcome.best_step:,}" if outcome is not None and outcome.best_step else ""
        lines = [
            f"{LETTERS[state]}, {reached(trial):.0%}" if outcome is None else LETTERS[state],
            f"settings         {settings_text(standing.design.space, trial.settings)}, seed {trial.seed}",
            f"validation loss  {figure(loss_of(trial))} at its lowest{best}",
            f"step             {step:,}, {duration(elapsed)} of training",
        ]
        if outcome is not None and outcome.test_loss is not None:
            lines.append(f"test loss        {figure(outcome.test_loss)}")
        if row is not None:
            lines.append(f"training loss    {figure(row.loss)}, rate {row.learning_rate:.2e}, {row.speed:,.0f} items/s")
        if reason := why(trial):
            lines.append(f"why              {with_flags(reason)}")
        lines.append(f"look inside      lstm-tui --eval-only --load {pasteable(str(trial.folder))}")
        return [as_line(line) for line in lines]


class NewestStory:
    """The curves in the newest checkpoint of a folder: they have more points than its rows, but end with the save."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._modified = folder, 0.0

    def newer(self) -> Story | None:
        """Those of a checkpoint that is newer than the last one; None if there is none, or it cannot be read."""
        try:
            found = max((file.stat().st_mtime, file) for name in (LAST, BEST) if (file := self._folder / name).exists())
            if found[0] <= self._modified:
                return None
            story = read_story(found[1])
        except (ValueError, OSError, CheckpointError):
            return None
        self._modified = found[0]
        return story


def trial_picture(story: Story | None, rows: list[Figures], *, log_scale: bool) -> Picture:
    """Training and validation loss by step: from a checkpoint, and from the rows after it."""
    saved = story.saved.step if story is not None else 0
    later = [row for row in rows if row.step > saved]
    train = [(float(row.step), row.loss) for row in later]
    val = [(float(row.step), row.val_loss) for row in later if row.val_loss is not None]
    if story is not None:
        train = [*_points(story.train), *train]
        val = [*_points(story.val), *val]
    return Picture(
        series=(_series("training", train, "train"), _series("validation", val, "val")),
        y_log=log_scale,
        x_label="step",
        empty="It has written no figures yet, or lies on another machine until it has ended.",
    )


def _points(curve: Buckets) -> list[tuple[float, float]]:
    return list(zip(curve.step.tolist(), curve.mean.tolist(), strict=True))


def _series(label: str, points: list[tuple[float, float]], role: str) -> Series:
    x, y = np.array(points, np.float64).reshape(-1, 2).T  # (n,) each
    return Series(label, x, y, role, kind="line" if len(points) > 1 else "points")
