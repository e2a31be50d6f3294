"""A run: a trainer, its folder, and all that happens now and then beside the steps.

`step` takes one training step; `work` does one slice of a longer job (a validation, a sample, a forecast). Both return
what happened, as events. Whoever drives a run - the plain command in a loop, the app's worker thread between two
commands - calls them in turn and shows the events; the run itself knows no thread and no screen.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lstm_model.errors import InputError
from lstm_model.network.sampling import Choice, Sampled, sample_continuation
from lstm_model.runs.events import (
    Event,
    Exploded,
    Figures,
    Finished,
    Forecast,
    PassageRead,
    SaveDone,
    SaveFailed,
    Validated,
    WentBack,
)
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.jobs import Job, Jobs
from lstm_model.runs.pace import Pace
from lstm_model.runs.saves import SAMPLES
from lstm_model.settings.words import OnDivergence
from lstm_model.tasks.stock.task import StockTask
from lstm_model.tasks.text.sample import Sample
from lstm_model.tasks.text.surprise import read_passage
from lstm_model.tasks.text.task import TextTask
from lstm_model.training.recovery import LastGood, Watch
from lstm_model.training.trainer import SAMPLE_STREAM, DivergedError, Trainer

RETRY = 10.0  # seconds of training until a save that failed is tried again, if an autosave is not due before
FIRST_LOOK = 0.2  # the first sample comes after this share of the usual time: an empty pane tells nothing


@dataclass(frozen=True)
class Plan:
    """What a run is asked to do beside stepping. Times are in seconds of training, pauses left out."""

    steps: int | None = None  # the step at which the run ends
    minutes: float | None = None  # or the time from now after which it ends
    autosave: float = 60.0
    figures_every: float = 5.0
    look_every: float | None = None  # a sample (text) or a forecast (stock) this often; None: on request alone
    sample_length: int = 500
    on_divergence: OnDivergence = "rollback"


class Run:
    """See the module's docstring. `folder` None writes nothing, as in evaluation-only mode.

    file: the checkpoint the trainer came from, where there is no folder to find the run's earlier samples in.
    notes: what a person should know of how it was opened, beside what the task says of its data.
    """

    def __init__(
        self,
        trainer: Trainer,
        folder: RunFolder | None,
        plan: Plan = Plan(),
        clock: Callable[[], float] = time.monotonic,
        file: Path | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.trainer, self.folder, self.plan, self.clock, self.file = trainer, folder, plan, clock, file
        self.choice = Choice()
        task = trainer.task
        self.notes = (*task.notes, *notes)
        self.prompt = task.corpus.prompt if isinstance(task, TextTask) else ""
        self.finished = self.diverged = False
        self.ends_at = None if plan.minutes is None else trainer.elapsed + 60 * plan.minutes
        trainer.total_steps = plan.steps  # also None: a finished run that goes on must leave its schedule's end behind
        self._good = LastGood()
        self._watch = Watch(trainer.history.train)
        self._jobs = Jobs()
        self._losses: list[float] = []
        self._val_loss: float | None = None
        self._sampled = trainer.steps, 0  # a step, and how many samples it gave
        self._saved_step = trainer.steps if trainer.steps else None
        self._look_due = (
            None if plan.look_every is None else trainer.elapsed + FIRST_LOOK * plan.look_every * task.look_pace
        )
        self._last_figures = trainer.elapsed
        self._save_due = trainer.elapsed + plan.autosave
        self._pace = Pace(trainer.elapsed, trainer.steps)
        self._ending = False
        due = trainer.steps > 0 and trainer.steps % trainer.config.validate_every == 0
        if due and trainer.history.val.last_step != trainer.steps:
            self.validate(quick=True)  # it was ended between a step and the measurement that belongs to it

    # What the run is doing

    @property
    def job(self) -> str | None:
        """The job in hand: "validate" (a quick one), "evaluate", "sample", "forecast", "passage", "finish" or None."""
        return self._jobs.kind

    @property
    def job_share(self) -> float:
        """How much of the job in hand is done."""
        return self._jobs.share

    @property
    def unsaved(self) -> bool:
        """True if steps were taken that `last`, which a resumed run starts from, does not hold."""
        return self.trainer.steps > 0 and self.trainer.steps != self._saved_step

    @property
    def samples_file(self) -> Path | None:
        """Where the run's samples lie; of a model that is only looked at, those that were written in its training."""
        if self.folder is not None:
            return self.folder.samples
        return None if self.file is None else self.file.parent / SAMPLES

    @property
    def has_limit(self) -> bool:
        """True if the run ends at a step or a time."""
        return self.plan.steps is not None or self.ends_at is not None

    @property
    def speed(self) -> float:
        """Items a second of training, over the last few seconds; validations and samples are left out."""
        return self._pace.speed * self.trainer.task.items_per_step

    @property
    def progress(self) -> float:
        """The share that is done: of the limit if there is one, else of the current epoch."""
        trainer = self.trainer
        if self.finished:
            return 1.0
        if self.plan.steps is not None:
            return min(1.0, trainer.steps / max(1, self.plan.steps))
        if self.ends_at is not None and self.plan.minutes:
            return min(1.0, 1 - (self.ends_at - trainer.elapsed) / (60 * self.plan.minutes))
        return trainer.task.epoch % 1

    @property
    def eta(self) -> float | None:
        """Seconds until the limit, or the end of the epoch where there is none; None while the speed is unknown."""
        if self.ends_at is not None:
            return max(0.0, self.ends_at - self.trainer.elapsed)
        rate = self._pace.progress
        if rate <= 0:
            return None
        if self.plan.steps is not None:
            return max(0, self.plan.steps - self.trainer.steps) / rate
        epoch = self.trainer.task.epoch
        done = self.trainer.steps / epoch if epoch else None
        return None if done is None else (1 - epoch % 1) * done / rate

    # Moving on

    def step(self) -> list[Event]:
        """Take one training step; afterwards queue what is due. Nothing is done once the run is finished."""
        if self.finished or self.diverged:
            return []
        if self._limit_reached():
            return self._end()
        if self._good.empty:
            self._good.keep(self.trainer)
        begun = self.clock()
        try:
            report = self.trainer.step()
        except DivergedError as error:
            return self._diverged(str(error), self.trainer.steps + 1)
        self._count_step(begun)
        if self._watch.exploded(report.loss):
            times, first = Watch.EXPLODED, self._watch.start
            return self._diverged(f"the loss was more than {times:g} times its first value, {first:.3g},", report.step)
        self._losses.append(report.loss)
        return self._due()

    def _diverged(self, reason: str, at: int) -> list[Event]:
        """Go back to the last good state, and on from there if that is wished and may help."""
        trainer, stops = self.trainer, self.plan.on_divergence == "stop"
        is_spoilt = at == trainer.steps  # else the step was not taken, and the state before it is the last good one
        helps = False
        if is_spoilt or not stops:
            helps = self._good.go_back(trainer)
            trainer.history.mark(trainer.steps, "back")
        self._watch.calm()
        if stops or not helps:
            self.diverged = True
            return [Exploded(trainer.steps, f"{reason} at step {at:,}: load an earlier save, lower the rate")]
        self._losses, self._val_loss, self._pace = [], None, Pace(trainer.elapsed, trainer.steps)
        return [WentBack(at, trainer.steps, trainer.base_rate, reason)]

    def work(self) -> list[Event]:
        """Do one slice of the job in hand, if there is one."""
        if self.job is None:
            return []
        begun = self.clock()
        events = self._jobs.advance()
        self.trainer.elapsed += self.clock() - begun
        return events

    def _count_step(self, begun: float) -> None:
        trainer, seconds = self.trainer, self.clock() - begun
        trainer.elapsed += seconds
        marked = self._pace.step(trainer.elapsed, seconds, trainer.steps)
        if marked and self.ends_at is not None:  # the schedule's end, from the pace so far
            left = (self.ends_at - trainer.elapsed) * self._pace.progress
            trainer.total_steps = trainer.steps + max(0, int(left))

    def _limit_reached(self) -> bool:
        trainer, steps = self.trainer, self.plan.steps
        by_steps = steps is not None and trainer.steps >= steps
        return by_steps or (self.ends_at is not None and trainer.elapsed >= self.ends_at)

    def _due(self) -> list[Event]:
        trainer, plan = self.trainer, self.plan
        if trainer.steps % trainer.config.validate_every == 0:
            self.validate(quick=True)
        events: list[Event] = []
        if trainer.elapsed - self._last_figures >= plan.figures_every and self.job != "validate":
            events += self._figures()  # else they follow the validation, with its loss
        if plan.look_every is not None and self._look_due is not None and trainer.elapsed >= self._look_due:
            self._look_due = trainer.elapsed + plan.look_every * trainer.task.look_pace
            self.look()
        if trainer.elapsed >= self._save_due:
            events += self.save("last")
        return events

    def _end(self) -> list[Event]:
        if not self._ending:
            self._ending = True
            trainer = self.trainer
            if not trainer.task.quick_is_full and trainer.history.val.last_step != trainer.steps:
                self.validate(quick=True)  # the end may be the best, which is told from quick measurements alone
            self.validate(quick=False)
            self._jobs.add("finish", self._finish())
        return []

    def _finish(self) -> Job:
        yield 1.0
        self.finished = True
        return [*self.save("last"), Finished(self.trainer.steps)]

    # Jobs

    def validate(self, *, quick: bool) -> None:
        """Queue a measurement of the validation part, or of the fixed sample of it that training is judged by."""
        self._jobs.add("validate" if quick else "evaluate", self._validate(quick))

    def look(self, *, at_once: bool = False) -> None:
        """Queue what shows best how far the model is: a sample for text, a forecast for prices.

        at_once: ahead of what waits, also of a measurement in hand, which goes on afterwards.
        """
        task = self.trainer.task
        if isinstance(task, StockTask):
            self._jobs.add("forecast", self._forecast(task), at_once=at_once)
        elif isinstance(task, TextTask):
            self._jobs.add("sample", self._sample(task), at_once=at_once)

    def sample_anew(self) -> None:
        """Queue a sample in the place of those that are still to come or half written."""
        self._jobs.drop("sample")
        self.look(at_once=True)

    def read_passage(self, number: int) -> None:
        """Queue the reading of a passage of the held-out text, in the place of any that is still to come."""
        task = self.trainer.task
        if isinstance(task, TextTask):
            self._jobs.drop("passage")
            self._jobs.add("passage", self._passage(task, number), at_once=True)

    def _validate(self, quick: bool) -> Job:
        trainer = self.trainer
        loss = yield from trainer.task.validation_loss(trainer.judged, quick=quick)
        best = trainer.record_validation(loss, comparable=quick or trainer.task.quick_is_full)
        self._val_loss = loss
        if np.isfinite(loss) and not (self._good.empty or self._watch.worrying):
            self._good.keep(trainer)
        events: list[Event] = [Validated(trainer.steps, loss, best, full=not quick)]
        due = trainer.elapsed - self._last_figures >= self.plan.figures_every and not self._ending
        if self._losses and (due or not quick):
            events += self._figures()
        if best:
            events += self.save("best")
        return events

    def _sample(self, task: TextTask) -> Job:
        trainer, choice, prompt = self.trainer, self.choice, self.prompt
        vocabulary = task.corpus.vocabulary
        step, count = self._sampled
        count = count + 1 if step == trainer.steps else 1  # within the step: a resumed run counts as an unbroken one
        self._sampled = trainer.steps, count
        rng = np.random.default_rng((trainer.config.seed, SAMPLE_STREAM, trainer.steps, count))
        ids, length = vocabulary.encode(prompt), self.plan.sample_length
        sampled: list[Sampled] = []
        for character in sample_continuation(trainer.judged, ids, length, choice, rng):
            sampled.append(character)
            if len(sampled) % 32 == 0:
                yield len(sampled) / length
        text = vocabulary.decode(np.array([character.id for character in sampled], int))
        loss = float(np.mean([character.surprise for character in sampled])) if sampled else None
        sample = Sample(trainer.steps, choice.temperature, prompt, text, loss)
        return [sample, *self._write(lambda folder: folder.add_sample(trainer, sample))]

    def _forecast(self, task: StockTask) -> Job:
        paths = yield from task.paths(self.trainer.judged)
        return [Forecast(self.trainer.steps, paths)]

    def _passage(self, task: TextTask, number: int) -> Job:
        trainer = self.trainer
        return [PassageRead((yield from read_passage(trainer.judged, task, trainer.steps, number)))]

    # Files

    def save(self, kind: str = "last") -> list[Event]:
        """Write a checkpoint now: SaveDone, or SaveFailed with the reason."""
        if self.folder is None:
            return []
        trainer, autosave = self.trainer, self.plan.autosave
        if kind == "last":
            self._save_due = trainer.elapsed + min(autosave, RETRY)  # if this one fails
        if not all(np.isfinite(model.parameters.flat).all() for model in (trainer.model, trainer.judged)):
            return [SaveFailed(trainer.steps, "not saved: the parameters are no finite numbers; load an earlier save")]
        try:
            path = self.folder.save(trainer, kind)
        except (OSError, InputError) as error:
            return [self._failed("save", error)]
        if kind == "last":
            self._saved_step, self._save_due = trainer.steps, trainer.elapsed + autosave
        elif kind == "step":
            trainer.history.mark(trainer.steps, "saved")
        return [SaveDone(trainer.steps, kind, str(path))]

    def save_unsaved(self) -> list[Event]:
        """Write `last` when the run is left, if there is anything that it does not hold."""
        return self.save("last") if self.unsaved else []

    def _figures(self) -> list[Event]:
        trainer = self.trainer
        last = trainer.last
        figures = Figures(
            step=trainer.steps,
            epoch=trainer.task.epoch,
            loss=float(np.mean(self._losses)),
            val_loss=self._val_loss,
            learning_rate=last.learning_rate if last else trainer.learning_rate,
            grad_norm=last.grad_norm if last else 0.0,
            speed=self.speed,
            elapsed_s=trainer.elapsed,
        )
        self._losses, self._val_loss, self._last_figures = [], None, trainer.elapsed
        return [figures, *self._write(lambda folder: folder.add_figures(trainer, figures.row()))]

    def _write(self, action: Callable[[RunFolder], None]) -> list[Event]:
        if self.folder is None:
            return []
        try:
            action(self.folder)
        except (OSError, InputError) as error:
            return [self._failed("write", error)]
        return []

    def _failed(self, what: str, error: OSError | InputError) -> SaveFailed:
        """Say why: the disk refuses, or another process has the folder, which the error itself names."""
        if isinstance(error, InputError):
            return SaveFailed(self.trainer.steps, f"cannot {what}: {error}")
        where = "" if self.folder is None else f" in {self.folder.path}"
        return SaveFailed(self.trainer.steps, f"cannot {what}{where}: {error.strerror or error}")

    def close(self) -> None:
        """End the helper processes and let other processes have the folder."""
        self.trainer.close()
        if self.folder is not None:
            self.folder.release()

    def set_rate(self, rate: float) -> None:
        """Let the schedule scale another rate from the next step on."""
        self.trainer.base_rate = rate
        self.trainer.history.mark(self.trainer.steps, "rate")

    def set_prompt(self, prompt: str) -> None:
        """Start samples from another prompt; an InputError names characters the model does not know."""
        task = self.trainer.task
        if not prompt or not isinstance(task, TextTask):
            raise InputError("the prompt is empty: give at least one character")
        task.corpus.vocabulary.encode(prompt)
        self.prompt = prompt
