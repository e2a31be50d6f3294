"""A model that was trained, or opened, in a notebook: it shows itself, and answers what it is asked."""

from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.digits import number
from lstm_model.errors import InputError
from lstm_model.inside.html import note
from lstm_model.network.model import Network
from lstm_model.notebook.answers import Evaluation, Written
from lstm_model.notebook.drawing import Line as Curve
from lstm_model.notebook.drawing import Picture
from lstm_model.notebook.driving import drive
from lstm_model.notebook.home import Home, chosen_folder
from lstm_model.notebook.line import Line
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Run
from lstm_model.settings.config import Config
from lstm_model.settings.words import HeldOutPart
from lstm_model.storage.home import expanded
from lstm_model.tasks.base import Task, default_part, finish
from lstm_model.training.trainer import Trainer

SECONDS = 30.0  # of training, where no end is named


class Trained:
    """A model with its data and all that its training needs to go on.

    `trainer`, `task` and `model` are those of the library, for whoever wants more than this door shows.
    """

    def __init__(self, trainer: Trainer, home: Home, notes: tuple[str, ...] = (), *, quiet: bool = False) -> None:
        self.trainer, self.notes, self.quiet = trainer, notes, quiet
        self._home = home

    @property
    def task(self) -> Task:
        """The task, with the data as they were read."""
        return self.trainer.task

    @property
    def model(self) -> Network:
        """The network that is measured and asked."""
        return self.trainer.judged

    @property
    def config(self) -> Config:
        """The settings of the run."""
        return self.trainer.config

    @property
    def steps(self) -> int:
        """Training steps taken."""
        return self.trainer.steps

    @property
    def folder(self) -> Path | None:
        """The run's folder; None while it is not saved."""
        return self._home.path if self._home.stays else None

    # Training

    def train(self, *, seconds: float | None = None, steps: int | None = None) -> "Trained":
        """Train on: for some seconds, or for so many steps more; 30 seconds unless told. Returns the model itself.

        An interrupt ends it after the step in hand. InputError for an end that is none, or if another process is at
        the run's folder.
        """
        plan = plan_of(seconds, steps, self.steps)
        return self._drive(self._home.open(self.steps), plan)

    def _drive(self, folder: RunFolder, plan: Plan) -> "Trained":
        run = Run(self.trainer, folder, plan)
        said = drive(run, Line(quiet=self.quiet))
        self.notes = tuple(dict.fromkeys((*self.notes, *run.notes, *said)))
        return self

    # Looking

    @property
    def curve(self) -> dict[str, tuple[Floats, Floats]]:
        """The losses: "train" and "validation", each a pair of arrays (N,), steps and values in the task's unit.

        Long ones are means over equal numbers of steps.
        """
        history = self.trainer.history
        found: dict[str, tuple[Floats, Floats]] = {}
        for name, curve in (("train", history.train), ("validation", history.val)):
            buckets = curve.buckets()
            found[name] = np.asarray(buckets.step, np.float64), np.asarray(buckets.mean, np.float64)
        return found

    def plot(self) -> Picture:
        """The losses over the steps, as a picture that a notebook shows."""
        lines = [Curve(name, x, y) for name, (x, y) in self.curve.items()]
        return Picture(lines, "steps", self.task.kind.words.loss)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._standing}>"

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        where = "not saved yet" if self.folder is None else f"saved in {self.folder}"
        head = f"<p><b>{escape(self._standing)}</b><br>{escape(f'{self.task.name}: {self.task.summary}; {where}')}</p>"
        return head + self.plot().svg + "".join(map(note, self.notes))

    @property
    def _standing(self) -> str:
        trainer = self.trainer
        val = "" if trainer.val_loss is None else f", validation loss {number(trainer.val_loss)}"
        best = "" if trainer.best_val_loss is None else f" (best {number(trainer.best_val_loss)})"
        return f"{self.config.task} {self.config.size}, step {self.steps:,}{val}{best}"

    # Asking

    def sample(self, length: int = 300, **settings: Any) -> Written:  # noqa: ARG002 - those of the models that write
        """What the model writes. InputError for one that writes no text."""
        raise InputError(f"a model of the task {self.config.task} writes no text{self._instead}")

    def forecast(self) -> Any:
        """What the model foretells. InputError for one that foretells nothing."""
        raise InputError(f"a model of the task {self.config.task} makes no forecast{self._instead}")

    _instead = ": ask it to `evaluate`"  # what to ask in the place of what it has not

    def evaluate(self, part: HeldOutPart | None = None) -> Evaluation:
        """Measure the model as it is now on a held-out part, "val" or "test", beside simple forecasts.

        Without a part it is the test part, or the validation part where there is no other. InputError for a part that
        the split left empty.
        """
        with one_blas_thread():
            return self._evaluated(part or default_part(self.task.parts))

    def _evaluated(self, part: HeldOutPart) -> Evaluation:
        """The loss; of the validation part beside what needs no network."""
        loss = finish(self.task.validation_loss(self.model, part))
        others = self.task.references() if part == "val" else {}
        rows = [["", self.task.kind.words.loss], ["this model", number(loss)]]
        rows += [[name, number(value)] for name, value in others.items()]
        return Evaluation(self._title(part), {"part": part, "loss": loss, "baselines": others}, rows)

    def _title(self, part: str) -> str:
        return f"{self.task.name}, {part} part, step {self.steps:,}"

    # Keeping

    def save(self, folder: str | Path | None = None, *, overwrite: bool = False) -> Path:
        """Save the run in a folder, which `lstm-tui --load` and `load` open; returns its path.

        Without a folder: where it lies already, or one named after task and time under saves/. Data that came from
        memory are written beside it. `overwrite` replaces a run that the folder holds; InputError for one without it,
        OSError if it cannot be written. Training goes on in this folder then.
        """
        home = self._home
        if home.stays and (folder is None or expanded(folder).resolve() == home.path.resolve()):
            chosen = home.open(self.steps)
            try:
                chosen.save(self.trainer)
            finally:
                chosen.release()
            return home.path
        chosen = chosen_folder(self.config.task, folder, overwrite=overwrite)
        try:
            self._home = home.move(self.trainer, chosen)
        finally:
            chosen.release()
        return self._home.path


def plan_of(seconds: float | None, steps: int | None, done: int = 0) -> Plan:
    """How long a run goes on from a step. InputError for an end that is none."""
    if seconds is not None and steps is not None:
        raise InputError("`seconds` and `steps` both name an end: leave one of them out")
    for name, value in (("seconds", seconds), ("steps", steps)):
        if value is not None and not (0 < value < np.inf):
            raise InputError(f"`{name}` must be above 0, not {value}")
    if steps is not None:
        return Plan(steps=done + int(steps))
    return Plan(minutes=(SECONDS if seconds is None else seconds) / 60)
