"""A run that was recorded, laid out over its time: which step it was at when, and what was known of it then."""

from bisect import bisect_right
from pathlib import Path

import numpy as np

from lstm_model.errors import CheckpointError, InputError
from lstm_model.runs.events import Figures
from lstm_model.runs.outside.rows import Rows
from lstm_model.runs.outside.settings import read_settings
from lstm_model.runs.remote.standing import Standing, read_standing
from lstm_model.runs.saved_model import peek
from lstm_model.runs.story import Story, read_story
from lstm_model.settings.config import Config
from lstm_model.storage.home import expanded
from lstm_tui.opening.where import folder_meant

ROWS_OF_A_CURVE = 400  # moments that are made of a curve, where the rows of the run are lost


class Tape:
    """All that a folder holds of a run. Times are in seconds of training, and never go back; steps may.

    InputError if it holds neither rows nor a curve.
    """

    def __init__(self, folder: Path, file: Path | None = None) -> None:
        """The run of a folder; file: one of its checkpoints, to play the run as far as that."""
        self.folder = folder
        self.story = _story(folder) if file is None else read_story(file)
        config = read_settings(folder) or (self.story.config if self.story else None)
        rows = Rows(folder).new()
        if file is not None and self.story is not None:
            rows = [row for row in rows if row.elapsed_s <= self.story.elapsed]
        self.rows = rows or ([] if self.story is None else _made_of(self.story))
        if config is None or not self.rows:
            raise InputError(f"{folder} holds no curve to play: it needs metrics.csv, or a checkpoint of a run")
        self.config: Config = config
        self.standing: Standing | None = read_standing(folder)
        self.times: list[float] = []  # of each row
        before = 0.0
        for row in self.rows:  # a run that went on from an earlier checkpoint has an earlier clock
            passed = row.elapsed_s - before
            self.times.append((self.times[-1] if self.times else 0.0) + (passed if passed >= 0 else 0.0))
            before = row.elapsed_s

    @classmethod
    def of(cls, name: str) -> "Tape":
        """The recording of the run that a person means, by its folder, its name or one of its checkpoints."""
        if (file := expanded(name)).is_file():
            return cls(file.parent, file)
        folder = folder_meant(name)
        return cls(folder if folder.is_dir() else peek(Path(name)).file.parent)

    @property
    def length(self) -> float:
        """How long it trained."""
        return self.times[-1]

    def count(self, time: float) -> int:
        """How many rows there were."""
        return bisect_right(self.times, time)

    def step(self, time: float) -> int:
        """The step it was at, evenly between two rows."""
        k = self.count(time)
        if k == 0:
            first = self.times[0]
            return int(self.rows[0].step * time / first) if first > 0 else 0
        here = self.rows[k - 1].step
        if k == len(self.rows) or self.rows[k].step < here:
            return here
        share = (time - self.times[k - 1]) / (self.times[k] - self.times[k - 1])
        return int(here + share * (self.rows[k].step - here))


def _story(folder: Path) -> Story | None:
    try:
        return read_story(peek(folder).file)
    except CheckpointError:
        return None


def _made_of(story: Story) -> list[Figures]:
    """Moments of a run whose rows are lost, along the curve of its checkpoint: as if each step had taken as long."""
    steps = story.train.step
    if not steps.size or steps[-1] <= 0:
        return []
    rows = []
    for k in np.unique(np.linspace(0, len(steps) - 1, ROWS_OF_A_CURVE).astype(int)):
        step = int(steps[k])
        at = np.searchsorted(story.val.step, step, side="right") - 1
        val_loss = float(story.val.mean[at]) if at >= 0 else None
        elapsed = story.elapsed * step / float(steps[-1])
        loss = float(story.train.mean[k])
        rows.append(Figures(step, 0.0, loss, val_loss, story.base_rate, float("nan"), 0.0, elapsed))
    return rows
