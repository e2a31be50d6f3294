"""A run: a trainer, its folder, and all that happens now and then beside the steps.

`step` takes one training step; `work` does one slice of a longer job (a validation, or a look of the task). Both return
what happened, as events. Whoever drives a run - the plain command in a loop, the app's worker thread between two
commands - calls them in turn and shows the events; the run itself knows no thread, no screen and no task.
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from lstm_model.events import Event
from lstm_model.runs.driving.glimpse import glimpse_of
from lstm_model.runs.driving.jobs import Jobs
from lstm_model.runs.driving.limit import Limit
from lstm_model.runs.driving.pace import Pace
from lstm_model.runs.driving.plan import NO_PLAN, Plan
from lstm_model.runs.driving.saving import Saving
from lstm_model.runs.driving.tally import Tally
from lstm_model.runs.driving.view import RunView
from lstm_model.runs.events import CoachActed, Exploded, Finished, News, StepWatched, Validated, WentBack
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.remote.orders import Order, Orders
from lstm_model.runs.remote.standing import Answer, Doing, Standing, Why
from lstm_model.tasks.looks import Job, Look, Looks
from lstm_model.tasks.registry import open_looks
from lstm_model.training.coached import act_on
from lstm_model.training.observed import observed_step
from lstm_model.training.recovery import LastGood, Watch
from lstm_model.training.trainer import DivergedError, Trainer


class Run:
    """See the module's docstring. `folder` None writes nothing, as in evaluation-only mode.

    file: the checkpoint the trainer came from, where there is no folder to find the run's earlier files in.
    notes: what a person should know of how it was opened, beside what the task says of its data.
    """

    def __init__(
        self,
        trainer: Trainer,
        folder: RunFolder | None,
        plan: Plan = NO_PLAN,
        clock: Callable[[], float] = time.monotonic,
        file: Path | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.trainer, self.folder, self.plan, self.clock, self.file = trainer, folder, plan, clock, file
        self.notes = (*trainer.task.notes, *notes, *(folder.news() if folder is not None else ()))
        self.finished = self.diverged = False
        self._limit = Limit(trainer, plan.steps, plan.minutes)
        if self._limit.jump and folder is not None:  # a model that is only looked at takes no step at this rate
            self.notes += (self._limit.jump,)
            trainer.history.mark(trainer.steps, "rate")
        self._saving = Saving(trainer, folder, plan.autosave)
        self._good = LastGood()
        self._watch = Watch(trainer.history.train)
        self._jobs = Jobs()
        self._tally = Tally(trainer)
        self._look_due = plan.next_look(trainer.elapsed, trainer.task.look_pace)
        self._pace = Pace(trainer.elapsed, trainer.steps)
        self._ending = self._enough = self._paused = False
        self._tell(Doing.TRAINING)
        self._orders = None if folder is None else Orders(lambda: folder.path)
        self.looks: Looks = open_looks(trainer.task, RunView(trainer, folder, self._saving, file, plan.look_length))
        due = trainer.steps > 0 and trainer.steps % trainer.config.validate_every == 0
        if due and trainer.history.val.last_step != trainer.steps:
            self.validate(quick=True)  # it was ended between a step and the measurement that belongs to it

    # What the run is doing

    @property
    def job(self) -> str | None:
        """The job in hand: "validate" (a quick one), "evaluate", "finish", the kind of a look, or None."""
        return self._jobs.kind

    @property
    def job_share(self) -> float:
        """How much of the job in hand is done."""
        return self._jobs.share

    @property
    def unsaved(self) -> bool:
        """True if steps were taken that `last`, which a resumed run starts from, does not hold."""
        return self._saving.unsaved

    @property
    def has_limit(self) -> bool:
        """True if the run ends at a step or a time."""
        return self._limit.exists

    @property
    def speed(self) -> float:
        """Items a second of training, over the last few seconds; validations and looks are left out."""
        return self._pace.speed * self.trainer.task.items_per_step

    @property
    def progress(self) -> float:
        """The share that is done: of the limit if there is one, else of the current epoch."""
        return 1.0 if self.finished else self._limit.progress

    @property
    def eta(self) -> float | None:
        """Seconds until the limit, or the end of the epoch where there is none; None while the speed is unknown."""
        return self._limit.eta(self._pace)

    # Moving on

    def step(self, *, watched: bool = False) -> list[Event]:
        """Take one training step; afterwards queue what is due. Nothing is done once the run is finished.

        watched: tell what the step did, with a StepWatched. It is the same step to the last bit.
        """
        if self.finished or self.diverged:
            return []
        if self._limit.reached or self._enough:
            return self._end()
        if self._good.empty:
            self._good.keep(self.trainer)
        begun = self.clock()
        try:
            record = observed_step(self.trainer) if watched else None
            report = record.report if record else self.trainer.step()
        except DivergedError as error:
            return self._diverged(str(error), self.trainer.steps + 1)
        self._count_step(begun)
        if self._watch.exploded(report.loss):
            times, first = Watch.EXPLODED, self._watch.start
            return self._diverged(f"the loss was more than {times:g} times its first value, {first:.3g},", report.step)
        self._tally.step(report.loss)
        return ([StepWatched(record)] if record else []) + self._due()

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
        self._tally.forget()
        self._pace = Pace(trainer.elapsed, trainer.steps)
        return [WentBack(at, trainer.steps, trainer.base_rate, reason)]

    def work(self) -> list[Event]:
        """Do one slice of the job in hand, if there is one."""
        if self.job is None:
            return []
        begun = self.clock()
        try:
            events = self._jobs.advance()
        except MemoryError:  # what was measured has changed nothing
            if self.job == "finish":
                raise
            events = [News(f"not enough memory ({self._jobs.give_up()}): that is left out, the run goes on")]
        self.trainer.elapsed += self.clock() - begun
        return events

    def _count_step(self, begun: float) -> None:
        trainer, seconds = self.trainer, self.clock() - begun
        trainer.elapsed += seconds
        if self._pace.step(trainer.elapsed, seconds, trainer.steps):
            self._limit.follow(self._pace)

    def _due(self) -> list[Event]:
        trainer, plan = self.trainer, self.plan
        if trainer.steps % trainer.config.validate_every == 0:
            self.validate(quick=True)
        events: list[Event] = []
        if self._tally.is_due(plan.figures_every) and self.job != "validate":
            events += self._figures()  # else they follow the validation, with its loss
        if trainer.elapsed >= self._look_due:
            self._look_due = plan.next_look(trainer.elapsed, trainer.task.look_pace)
            self._glimpse()
            self.look()
        self._queue(self.looks.after_step())
        if self._saving.is_due:
            events += self.save("last")
        return events

    def _end(self) -> list[Event]:
        if not self._ending:
            self._ending = True
            trainer = self.trainer
            if not trainer.task.quick_is_full and trainer.val_step != trainer.steps:
                self.validate(quick=True)  # the end may be the best, which is told from quick measurements alone
            self.validate(quick=False)
            self._jobs.add("finish", self._finish())
        return []

    def _finish(self) -> Job:
        yield 1.0
        self.finished = True
        events = self.save("last")
        self.tell_end()
        return [*events, Finished(self.trainer.steps)]

    # Jobs

    def begin(self, *, eval_only: bool) -> None:
        """Queue what is to be seen at once of a run that was just opened; eval_only: it is only looked at."""
        self._queue(self.looks.begin(eval_only=eval_only))
        if eval_only:
            self.validate(quick=False)

    def look(self, *, at_once: bool = False) -> None:
        """Queue what shows best how far the model is; at_once: ahead of what waits, also of a measurement in hand."""
        self._queue(self.looks.due(), at_once=at_once)

    def ask(self, request: object) -> None:
        """Do what is asked in the task's own way. InputError if that cannot be done."""
        self._queue(self.looks.ask(request))

    def evaluate(self) -> None:
        """Queue a measurement of the whole validation part, with what the task looks at then."""
        self.validate(quick=False)
        self._queue(self.looks.with_evaluation())

    def validate(self, *, quick: bool) -> None:
        """Queue a measurement of the validation part, or of the fixed sample of it that training is judged by."""
        self._jobs.add("validate" if quick else "evaluate", self._validate(quick))

    def _glimpse(self) -> None:
        """Queue a short look at the validation part, as long as it was not measured."""
        job = glimpse_of(self.trainer)
        if job is not None:
            self._jobs.add("glimpse", job)

    def _queue(self, looks: Iterable[Look], *, at_once: bool = False) -> None:
        for look in looks:
            if look.anew:
                self._jobs.drop(look.kind)
            self._jobs.add(look.kind, look.job, at_once=at_once or look.at_once)

    def _validate(self, quick: bool) -> Job:
        trainer = self.trainer
        loss = yield from trainer.task.validation_loss(trainer.judged, quick=quick)
        best = False
        if quick or trainer.task.quick_is_full:  # else it is another measure, and its event alone tells it
            best = trainer.record_validation(loss)
            self._tally.validated(loss)
        if np.isfinite(loss) and not (self._good.empty or self._watch.worrying):
            self._good.keep(trainer)
        events: list[Event] = [Validated(trainer.steps, loss, best, full=not quick)]
        due = self._tally.is_due(self.plan.figures_every) and not self._ending
        if not self._tally.is_empty and (due or not quick):
            events += self._figures()
        if best:
            events += self.save("best")
        if quick and self.plan.auto and not self._ending:
            events += self._act()
        return events

    def _act(self) -> list[Event]:
        """Let the coach do what its word is, where it has one."""
        deed = act_on(self.trainer)
        if deed is None:
            return []
        self._enough = deed.dropout is None
        return [CoachActed(self.trainer.steps, deed.why)]

    # Files

    def save(self, kind: str = "last") -> list[Event]:
        """Write a checkpoint now: SaveDone, or SaveFailed with the reason."""
        return self._saving.save(kind)

    def save_unsaved(self) -> list[Event]:
        """Write `last` when the run is left, if there is anything that it does not hold."""
        return self.save("last") if self.unsaved else []

    def _figures(self) -> list[Event]:
        trainer, figures = self.trainer, self._tally.figures(self.speed)
        return [figures, *self._saving.write(lambda folder: folder.add_figures(trainer, figures.row()))]

    def close(self) -> None:
        """End the helper processes, tell that the run has ended, and let other processes have the folder."""
        self.trainer.close()
        if self.folder is not None:
            self.tell_end()
            self.folder.release()

    # What those are told who watch from outside

    def orders(self) -> list[Order]:
        """What those ask who may, since the last time; whoever drives the run obeys, and answers."""
        return [] if self._orders is None else self._orders.due()

    def tell_pause(self, *, paused: bool) -> None:
        """Tell that no steps are taken for now, or that they are again."""
        if paused != self._paused and not (self.finished or self.diverged):
            self._paused = paused
            self._tell(Doing.PAUSED if paused else Doing.TRAINING)

    def tell_end(self) -> None:
        """Tell that no step will be taken any more, and why."""
        self._tell(Doing.ENDED, Why.LIMIT if self.finished else Why.EXPLODED if self.diverged else Why.STOPPED)

    def answer(self, order: Order, refused: str = "") -> None:
        """Tell whoever gave an order that it was done, or why not."""
        if self.folder is not None:
            self.folder.answer(Answer(order.id, order.word, self.trainer.steps, refused))

    def _tell(self, doing: Doing, why: Why | None = None) -> None:
        if self.folder is not None:
            limit = self._limit
            self.folder.tell(Standing(doing, why, self.trainer.steps, limit.steps, limit.ends_at))

    def set_rate(self, rate: float) -> None:
        """Let the schedule scale another rate from the next step on."""
        self.trainer.base_rate = rate
        self.trainer.history.mark(self.trainer.steps, "rate")
