"""A sweep seen from outside: how it stands by what its folder tells, while another process drives it or nobody does.

Nothing is locked and nothing is written. The curves of trials that run are only in that process, so they are taken from
the rows that each trial writes: those of trials on machines that do not see the folder are not known here.
"""

import math
from pathlib import Path

from lstm_model.runs.outside.rows import Rows
from lstm_model.storage.files import read_small
from lstm_model.storage.holder import holder_of
from lstm_model.sweeps.design import Design
from lstm_model.sweeps.journal import MOST_BYTES, whole_entries
from lstm_model.sweeps.noted import Noted
from lstm_model.sweeps.standing import Standing
from lstm_model.sweeps.sweep import JOURNAL, Trial, folder_name


class Outside:
    """Looks at the folder of a sweep as often as it is asked. InputError if it holds none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.design = Design.read(folder)
        self._trials: dict[int, Trial] = {}
        self._rows: dict[int, Rows] = {}
        self._read = (0, 0.0)  # size and time of the journal, as it was read

    def look(self) -> Standing:
        """How it stands now."""
        process = holder_of(self.folder)  # before the rest: a process lets go when all is written
        self._read_journal()
        for number, trial in list(self._trials.items()):
            if trial.outcome is None:
                self._follow(number, trial)
        running = {number for number, trial in self._trials.items() if trial.outcome is None and process is not None}
        found = Standing(self.design, self.folder, dict(self._trials), frozenset(running), process=process)
        ended = all(trial.outcome is not None for trial in self._trials.values())
        whole = len(self._trials) == self.design.trials + self.design.again
        over = ended and (whole or (len(found.searched) == self.design.trials and not found.losses))
        return Standing(self.design, self.folder, found.trials, found.running, over=over, process=process)

    def _read_journal(self) -> None:
        try:
            status = (self.folder / JOURNAL).stat()
            if (status.st_size, status.st_mtime) == self._read:
                return
            entries, _ = whole_entries(read_small(self.folder / JOURNAL, MOST_BYTES))
        except OSError:
            return
        self._read = status.st_size, status.st_mtime
        for entry in entries:
            try:
                told = Noted.of(entry, self.design)
            except ValueError:  # no line of this sweep
                continue
            if "stuck" in entry or ("begun" in entry and told.number in self._trials):
                continue
            name = folder_name(self.design.space, told.number, told.settings, told.seed, again=told.again)
            trial = Trial(told.number, told.group, told.settings, told.seed, self.folder / name, told.again)
            trial.outcome, trial.curve = told.outcome, told.curve or []
            self._trials[told.number] = trial

    def _follow(self, number: int, trial: Trial) -> None:
        """Take up what a trial that has not ended has written meanwhile, as another trial: the one before was shown."""
        rows = self._rows.setdefault(number, Rows(trial.folder))
        curve = list(trial.curve)
        for row in rows.new():
            if row.val_loss is None or not math.isfinite(row.val_loss):
                continue
            share = self._share(row.step, row.elapsed_s)
            curve = [point for point in curve if point[0] < share]  # it went back, or was begun again
            curve.append((share, min(row.val_loss, curve[-1][1] if curve else math.inf)))
        if len(curve) != len(trial.curve):
            followed = Trial(trial.number, trial.group, trial.settings, trial.seed, trial.folder, trial.again)
            followed.curve = curve
            self._trials[number] = followed

    def _share(self, step: int, elapsed: float) -> float:
        design = self.design
        if design.steps is not None:
            return min(1.0, step / design.steps)
        return min(1.0, elapsed / (60 * design.minutes)) if design.minutes else 0.0
