"""A sweep as it stands: which trial is next, which are given up, when it is over. It starts nothing itself.

Whoever drives it asks for the `next` trial, has it trained somewhere, and tells what was reached and how it ended. All
that it knows is on the disk before it acts on it: what was begun in the journal, how a trial ended in the trial's own
folder and then in the journal. So it may be killed at any moment; the same design on the same folder then goes on, with
the trials that were begun first, and no trial counts twice.
"""

import contextlib
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.settings.config import Config
from lstm_model.storage.claim import Claim
from lstm_model.storage.files import make_folder
from lstm_model.storage.plain_json import read_json
from lstm_model.sweeps.design import Design
from lstm_model.sweeps.journal import Journal
from lstm_model.sweeps.noted import Noted
from lstm_model.sweeps.order import order_of
from lstm_model.sweeps.pruning import RULES
from lstm_model.sweeps.space import Settings, Space, short_text
from lstm_model.sweeps.trial import Order, Outcome, Reached

JOURNAL = "journal.jsonl"
LONGEST = 100  # characters of the settings in a folder's name
LONGEST_NUMBER = 10  # characters of the number there
MOST_DEATHS = 3  # times that the process of a trial may die, until the trial has failed


@dataclass
class Trial:
    """A run of the sweep; a person counts from 1.

    again: it is of the winner, from a fresh seed, and no trial of the search.
    """

    number: int
    group: int
    settings: Settings
    seed: int
    folder: Path
    again: bool = False
    outcome: Outcome | None = None
    curve: list[tuple[float, float]] = field(default_factory=list)  # see pruning.py
    deaths: int = 0
    given_up: str = ""  # why


def folder_name(space: Space, number: int, settings: Settings, seed: int, *, again: bool) -> str:
    """What the folder of a trial is called."""
    words = [f"{name}{short_text(value)}" for name, value in space.named(settings).items()]
    what = "winner" if again else "-".join(words)[:LONGEST]
    return f"{number + 1:04d}-{what}-seed{seed}"


def whole_losses(trials: Iterable[Trial], seeds: int) -> dict[int, list[float]]:
    """The losses of groups whose trials, one for each seed, have all run to their ends, in the order of the groups."""
    done: dict[int, list[float]] = {}
    for trial in sorted(trials, key=lambda trial: trial.number):
        ended = trial.outcome if not trial.again else None
        if ended is not None and ended.state == "done" and ended.val_loss is not None:
            done.setdefault(trial.group, []).append(ended.val_loss)
    return {group: losses for group, losses in done.items() if len(losses) == seeds}


class Sweep:
    """See the module's docstring. InputError if the folder is in use, or holds another sweep."""

    def __init__(self, design: Design, folder: Path) -> None:
        self.design, self.folder = design, folder
        make_folder(folder)
        self._claim = Claim(folder)
        try:
            design.keep(folder)
            self._order = order_of(design.sampler, design.space, design.base.seed, folder)
            self._journal = Journal(folder / JOURNAL)
            self.trials: dict[int, Trial] = {}
            self.searched: dict[int, Trial] = {}  # those of them that are not of the winner
            self._running: set[int] = set()  # that have not ended
            self._groups: dict[int, list[Trial]] = {}  # of the search
            self._told: dict[int, float | None] = {}  # of each group that has ended the mean loss, None if it failed
            self.notes = [*([self._claim.unlocked] if self._claim.unlocked else []), *self._read()]
            self._waiting = deque(sorted(self._running))  # that were begun by a process that is gone
            self._fresh = deque(k for k in range(design.trials) if k not in self.trials)
        except BaseException:
            self._claim.release()
            raise

    # What is next

    @property
    def over(self) -> bool:
        """Whether every trial has ended, those of the winner as well."""
        if self._fresh or self._running:
            return False
        return len(self.trials) == self.design.trials + self.design.again or self.winner is None

    def next(self) -> Trial | None:
        """The next trial to train: one that was begun, else a new one. None while there is none to be had."""
        if self._waiting:
            return self.trials[self._waiting.popleft()]
        if self._fresh:
            number = self._fresh.popleft()
            group, seed = divmod(number, self.design.seeds)
            return self._begin(number, group, self._settings(group), seed)
        design = self.design
        again = [k for k in range(design.trials, design.trials + design.again) if k not in self.trials]
        if not again or any(not self.trials[number].again for number in self._running):
            return None
        winner = self.winner
        if winner is None:
            return None
        fresh = again[0] - design.trials + design.seeds
        return self._begin(again[0], winner, self._settings(winner), fresh, again=True)

    def order(self, trial: Trial, threads: int) -> Order:
        """What a worker needs to know of a trial."""
        design = self.design
        config = self.config(trial).changed(threads=threads)
        return Order(
            config.as_dict(),
            str(trial.folder.absolute()),
            design.sha256,
            design.steps,
            design.minutes,
            test=trial.again,
        )

    def sample(self, threads: int) -> Order:
        """An order like those of the trials, for whoever wants to know what data and version they need."""
        config = self.design.base.changed(threads=threads)
        return Order(config.as_dict(), str(self.folder.absolute()), self.design.sha256)

    def config(self, trial: Trial) -> Config:
        """The settings of a trial. InputError if they make no sense together."""
        return self.design.base.changed(**trial.settings, seed=trial.seed)

    # What is told

    def reached(self, trial: Trial, reached: Reached) -> str:
        """Take in a validation; why the trial is to be given up, "" if it is not."""
        while trial.curve and trial.curve[-1][0] >= reached.share:  # it was begun again from an earlier checkpoint
            trial.curve.pop()
        trial.curve.append((reached.share, reached.best))
        if trial.again:
            return ""
        others = [other.curve for other in self.searched.values() if other is not trial and other.curve]
        trial.given_up = trial.given_up or RULES[self.design.pruner](trial.curve, others)
        return trial.given_up

    def ended(self, trial: Trial, outcome: Outcome) -> None:
        """Take in how a trial ended. OSError if the journal cannot be written: the trial's folder says it as well."""
        if trial.outcome is None:
            if outcome.state == "pruned":
                outcome = replace(outcome, why=trial.given_up)
            self._journal.add(
                {"ended": trial.number, **self._about(trial), "outcome": asdict(outcome), "curve": trial.curve}
            )
            self._end(trial, outcome)

    def died(self, trial: Trial, why: str) -> bool:
        """Take in that a trial's process died without an outcome; True if it is to be tried again.

        In the end the trial has failed, but for this time only: the same command, on a better day, tries it again.
        """
        left = Outcome.read(trial.folder)
        if left is not None:
            self.ended(trial, left)
            return False
        trial.deaths += 1
        if trial.deaths >= MOST_DEATHS:
            failed = Outcome("failed", why=f"its process {why}, as the last of {trial.deaths}")
            self._journal.add({"stuck": trial.number, **self._about(trial), "why": failed.why})
            self._end(trial, failed)
            return False
        self._waiting.append(trial.number)
        return True

    def left(self, trial: Trial) -> None:
        """Take in that a trial was left: it is the first to go on with, and its curve so far is kept for that."""
        self._waiting.append(trial.number)
        with contextlib.suppress(OSError):  # the disk may be full, which is why it was left; only a picture is poorer
            self._journal.add({"left": trial.number, **self._about(trial), "curve": trial.curve})

    def close(self) -> None:
        """Let other processes have the folder."""
        self._claim.release()

    # How it stands

    @property
    def losses(self) -> dict[int, list[float]]:
        """The losses of groups whose trials have all run to their ends, in the order of the groups."""
        return whole_losses(self.searched.values(), self.design.seeds)

    @property
    def winner(self) -> int | None:
        """The group with the lowest mean loss; the first of equal ones. None while no group is whole."""
        means = {group: sum(losses) / len(losses) for group, losses in self.losses.items()}
        return min(means, key=lambda group: (means[group], group)) if means else None

    # Inside

    def _settings(self, group: int) -> Settings:
        if group in self._groups:
            return self._groups[group][0].settings
        asked = {group: trials[0].settings for group, trials in self._groups.items()} if self._order.learns else {}
        return self._order.settings(group, asked, self._told)

    def _add(self, trial: Trial) -> None:
        self.trials[trial.number] = trial
        self._running.add(trial.number)
        if not trial.again:
            self.searched[trial.number] = trial
            self._groups.setdefault(trial.group, []).append(trial)

    def _end(self, trial: Trial, outcome: Outcome) -> None:
        """Note an outcome, and what a group came to with it: of trials that were given up the lowest they came to."""
        trial.outcome = outcome
        self._running.discard(trial.number)
        outcomes = [each.outcome for each in self._groups.get(trial.group, [])]
        if trial.again or None in outcomes or len(outcomes) < self.design.seeds:
            return
        losses = [each.val_loss for each in outcomes if each is not None and each.val_loss is not None]
        self._told[trial.group] = sum(losses) / len(losses) if len(losses) == len(outcomes) else None

    def _begin(self, number: int, group: int, settings: Settings, seed: int, *, again: bool = False) -> Trial:
        trial = self._trial(number, group, settings, self.design.base.seed + seed, again=again)
        self._journal.add({"begun": number, **self._about(trial)})
        self._add(trial)
        return trial

    def _trial(self, number: int, group: int, settings: Settings, seed: int, *, again: bool) -> Trial:
        name = folder_name(self.design.space, number, settings, seed, again=again)
        return Trial(number, group, settings, seed, self.folder / name, again)

    @staticmethod
    def _about(trial: Trial) -> dict[str, object]:
        return {"group": trial.group, "settings": trial.settings, "seed": trial.seed, "again": trial.again}

    def _read(self) -> list[str]:
        """Take up what the folder says; a line for each thing that a person should know."""
        entries, notes = self._journal.read()
        strange = 0
        for entry in entries:
            try:
                told = Noted.of(entry, self.design)
            except ValueError:
                strange += 1
                continue
            if told.number not in self.trials:
                self._add(self._trial(told.number, told.group, told.settings, told.seed, again=told.again))
            if told.outcome is not None:
                self._end(self.trials[told.number], told.outcome)
            if told.curve is not None:
                self.trials[told.number].curve = told.curve
        if strange and not notes:
            notes = [self._journal.complaint(f"{strange} lines fit no trial of this sweep")]
        self._take_from_folders()
        return notes

    def _take_from_folders(self) -> None:
        """Take up what trials left in their folders, whatever the journal knows of it."""
        for folder in sorted(self.folder.glob("[0-9]" * 4 + "*-seed*")):
            digits = folder.name.partition("-")[0]
            number = int(digits) - 1 if digits.isdecimal() and len(digits) < LONGEST_NUMBER else -1
            if number < 0 or folder.is_symlink():  # which no sweep makes
                continue
            if number not in self.trials and number < self.design.trials:
                self._adopt(number, folder)
            trial = self.trials.get(number)
            if trial is not None and trial.outcome is None and trial.folder == folder:
                left = Outcome.read(folder)
                if left is not None:
                    self.ended(trial, left)

    def _adopt(self, number: int, folder: Path) -> None:
        """A trial that the journal has lost: its settings stand in its folder."""
        try:
            there = read_json(folder / "config.json")
            config = Config.from_dict(there if isinstance(there, dict) else {})
        except (OSError, ValueError, InputError):
            return
        settings = self.design.space.of({d.field: config.value(d.field) for d in self.design.space.dimensions})
        trial = self._trial(number, number // self.design.seeds, settings, config.seed, again=False)
        if trial.folder == folder:
            self._journal.add({"begun": number, **self._about(trial)})
            self._add(trial)
