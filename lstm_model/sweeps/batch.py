"""A batch: runs that are trained for their own sake, each with settings and data of its own.

It takes the same roads as the trials of a sweep, and ranks nothing, gives nothing up and trains nothing again. What is
known of it stands in the folders of its runs, so it may be killed at any moment: the same batch on the same folder goes
on with what is missing.
"""

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError, reason_of
from lstm_model.runs.saves import SWEEP
from lstm_model.settings.config import Config
from lstm_model.storage.claim import Claim
from lstm_model.storage.files import write_whole
from lstm_model.sweeps.sweep import MOST_DEATHS, Trial
from lstm_model.sweeps.trial import Order, Outcome, Reached
from lstm_model.tasks.registry import open_task


@dataclass(frozen=True)
class Wanted:
    """A run that is wanted. name: of its folder, in that of the batch; each has another."""

    name: str
    config: Config


class Batch:
    """See the module's docstring. InputError if the folder is in use, or holds something else.

    asked: what it is, as plain values: another batch is refused on its folder. schedule: see `Order`.
    """

    def __init__(
        self,
        wanted: Sequence[Wanted],
        folder: Path,
        *,
        steps: int | None = None,
        minutes: float | None = None,
        schedule: int | None = None,
        asked: dict[str, Any] | None = None,
    ) -> None:
        self.wanted, self.folder, self.steps, self.minutes, self.schedule = wanted, folder, steps, minutes, schedule
        folder.mkdir(parents=True, exist_ok=True)
        self._claim = Claim(folder)
        try:
            _keep({"batch": asked or {}}, folder)
            self.trials = {k: Trial(k, k, {}, each.config.seed, folder / each.name) for k, each in enumerate(wanted)}
            self._fingerprints: dict[tuple[str | None, ...], str] = {}
            self._take_from_folders()
            self._waiting = deque(number for number, trial in self.trials.items() if trial.outcome is None)
        except BaseException:
            self._claim.release()
            raise

    @property
    def over(self) -> bool:
        """Whether every run has ended."""
        return all(trial.outcome is not None for trial in self.trials.values())

    def next(self) -> Trial | None:
        """The next run to train; None while there is none."""
        return self.trials[self._waiting.popleft()] if self._waiting else None

    def order(self, trial: Trial, threads: int) -> Order:
        """What a worker needs to know of a run. InputError if its data cannot be read.

        threads: for a run whose settings do not say how many it has.
        """
        config = self.wanted[trial.number].config
        config = config if config.threads else config.changed(threads=threads)
        return Order(
            config.as_dict(), str(trial.folder.absolute()), self._fingerprint(config), self.steps, self.minutes,
            schedule=self.schedule,
        )  # fmt: skip

    def sample(self, threads: int) -> Order:
        """The order of the first run whose data can be read, for whoever wants to know what its runs need."""
        first: InputError | None = None
        for trial in self.trials.values():
            try:
                return self.order(trial, threads)
            except InputError as error:
                first = first or error
        raise first or InputError("there is nothing to train")

    def reached(self, trial: Trial, reached: Reached) -> str:
        """Take in a validation; nothing is given up."""
        while trial.curve and trial.curve[-1][0] >= reached.share:
            trial.curve.pop()
        trial.curve.append((reached.share, reached.best))
        return ""

    def ended(self, trial: Trial, outcome: Outcome) -> None:
        """Take in how a run ended."""
        trial.outcome = outcome

    def died(self, trial: Trial, why: str) -> bool:
        """Take in that a run's process died without an outcome; True if it is to be tried again."""
        trial.deaths += 1
        if trial.deaths >= MOST_DEATHS:
            trial.outcome = Outcome("failed", why=f"its process {why}, as the last of {trial.deaths}")
            return False
        self._waiting.append(trial.number)
        return True

    def left(self, trial: Trial) -> None:
        """Take in that a run was left."""
        self._waiting.append(trial.number)

    def close(self) -> None:
        """Let other processes have the folder."""
        self._claim.release()

    def _take_from_folders(self) -> None:
        for trial in self.trials.values():
            outcome = Outcome.read(trial.folder)
            if outcome is None or outcome.state == "failed":
                continue
            try:
                same = self.order(trial, 1).began(trial.folder)
            except InputError:  # it is told when the run's turn comes
                continue
            trial.outcome = outcome if same else None

    def _fingerprint(self, config: Config) -> str:
        files = config.data, *config.more_data
        if files not in self._fingerprints:
            try:
                self._fingerprints[files] = open_task(config).fingerprint
            except OSError as error:
                raise InputError(f"{error.filename or config.data}: {reason_of(error)}") from None
        return self._fingerprints[files]


def _keep(mine: dict[str, Any], folder: Path) -> None:
    """Write what it is into the folder, or hold it against what is there."""
    try:
        there = json.loads((folder / SWEEP).read_text(encoding="utf-8"))
    except FileNotFoundError:
        write_whole(folder / SWEEP, (json.dumps(mine, indent=2) + "\n").encode())
        return
    except ValueError:
        raise InputError(f"{folder / SWEEP} is damaged: name another folder with `save`") from None
    if there != json.loads(json.dumps(mine)):
        raise InputError(f"{folder} holds another sweep: name another with `save`")
