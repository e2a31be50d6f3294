"""One side of the screen: a run, what is remembered of it, and what a snapshot shows of both."""

from collections.abc import Callable
from dataclasses import replace

from lstm_model.events import Event
from lstm_model.runs.events import StepWatched
from lstm_model.runs.keeping.labels import read_label
from lstm_model.runs.run import Run
from lstm_tui.session.journal import Journal, Notices
from lstm_tui.session.probing import Prober
from lstm_tui.session.seen import observer_of
from lstm_tui.session.snapshot import About, Curves, Figure, Glimpse, Snapshot
from lstm_tui.session.watched import Watched, batch_of
from lstm_tui.telling.worth import Worth


class Shown:
    """A run with its journal. eval_only: it is looked at, and neither trained nor written. tell: see `Teller.tell`."""

    def __init__(
        self, run: Run, notices: Notices, *, eval_only: bool, tell: Callable[[str], None] | None = None
    ) -> None:
        self.run, self.eval_only = run, eval_only
        self.journal = Journal(notices)
        self.observer = observer_of(run.trainer.config.task)()
        self.prober = Prober()
        self.watched = Watched()
        self.name = ""
        self.read_name()
        self._tell = None if eval_only else tell
        self._worth = Worth(run.folder.path.name if run.folder else run.trainer.config.task)

    def read_name(self) -> None:
        """Look again what a person calls the run."""
        run = self.run
        if run.folder is not None:
            self.name = run.folder.label.name
        elif run.file is not None:
            self.name = read_label(run.file.parent).name

    def step(self) -> None:
        """Take a training step, and tell all of it where one is awaited."""
        awaited = self.watched.awaited
        events = self.run.step(watched=awaited)
        if awaited:
            self.watched = Watched()  # nothing was watched where no step was taken
        self.note(events)

    def note(self, events: list[Event]) -> None:
        """Remember what happened in the run."""
        self.journal.note(events)
        for event in events:
            if isinstance(event, StepWatched):
                self.watched = Watched(False, event.record, batch_of(event.record, self.run.trainer.task))
        self.observer.note(events, self.run)
        if self._tell is not None:
            for line in self._worth.of(events):
                self._tell(line)

    def on(self, snapshot: Snapshot) -> Snapshot:
        """A snapshot of the session, with this run on it. The run must be between two steps."""
        run = self.run
        return replace(
            snapshot,
            job=run.job,
            job_share=run.job_share,
            about=_about(run, self.name),
            figure=_figure(run, self.journal),
            curves=_curves(run, self.journal.references),
            files=self.journal.files(run),
            seen=self.observer.seen(run),
            probed=self.prober.probed,
            watched=self.watched,
        )


def _about(run: Run, name: str) -> About:
    trainer, config = run.trainer, run.trainer.config
    task, words = trainer.task, trainer.task.kind.words
    is_sample = not task.quick_is_full
    return About(
        unit=words.unit,
        data_name=trainer.task.name,
        model=config.shape,
        config=config,
        parameters=trainer.model.parameters.flat.size,
        memory=trainer.task.memory(),
        file=run.file,
        name=name,
        validated_on=f"{task.quick:,} {words.items}" if is_sample else "",
    )


def _figure(run: Run, journal: Journal) -> Figure:
    trainer, last, glimpsed = run.trainer, run.trainer.last, journal.glimpse
    known = trainer.val_loss is not None or journal.full_val_loss is not None
    return Figure(
        step=trainer.steps,
        epoch=trainer.task.epoch,
        loss=last.loss if last else None,
        val_loss=trainer.val_loss,
        full_val_loss=journal.full_val_loss,
        glimpse=None if known or glimpsed is None else Glimpse(glimpsed.step, glimpsed.loss, glimpsed.items),
        best_val_loss=trainer.best_val_loss,
        best_step=trainer.best_step,
        grad_norm=last.grad_norm if last else None,
        learning_rate=trainer.learning_rate,
        base_rate=trainer.base_rate,
        speed=run.speed,
        elapsed=trainer.elapsed,
        eta=run.eta,
        progress=run.progress,
        has_limit=run.has_limit,
        clipped=trainer.clipped,
    )


def _curves(run: Run, references: tuple[tuple[str, float], ...]) -> Curves:
    history = run.trainer.history
    return Curves(history.train.buckets(), history.shown_val(), tuple(history.marks), references)
