"""What a session remembers of its run's events, and the snapshot that is made of run and memory."""

from collections import deque
from dataclasses import replace
from datetime import datetime

from lstm_model.runs.events import (
    Event,
    Exploded,
    Finished,
    Forecast,
    PassageRead,
    SaveDone,
    SaveFailed,
    Validated,
    WentBack,
)
from lstm_model.runs.run import Run
from lstm_model.tasks.stock.judging.walk_forward import judge
from lstm_model.tasks.stock.task import StockTask
from lstm_model.tasks.text.sample import Sample
from lstm_model.tasks.text.surprise import Passage
from lstm_model.tasks.text.task import TextTask
from lstm_tui.session.snapshot import Figure, Notice, Scores, Severity, Snapshot, Status


class Journal:
    """Bounded memory of what happened; `with_test`: whether the test part may be seen, as in evaluation-only mode."""

    KEPT_SAMPLES, KEPT_NOTICES = 50, 20

    def __init__(self, *, with_test: bool) -> None:
        self.with_test = with_test
        self.samples: deque[Sample] = deque(maxlen=self.KEPT_SAMPLES)
        self.unwritten = 0  # how many of the last samples no file holds
        self.notices: deque[Notice] = deque(maxlen=self.KEPT_NOTICES)
        self.forecast: Forecast | None = None
        self.passage: Passage | None = None
        self.scores: tuple[Scores, ...] = ()
        self.references: tuple[tuple[str, float], ...] = ()
        self.full_val_loss: tuple[int, float] | None = None
        self.saved: SaveDone | None = None
        self.save_failed: str | None = None
        self.failing_since: datetime | None = None
        self.begun = False
        self._notice_count = 0

    def start(self, run: Run) -> None:
        """Begin anew with another run; the notices stay."""
        self.begun = True
        self.samples.clear()
        self.unwritten = 0
        self.references, self.passage = (), None
        self.forecast, self.scores, self.full_val_loss, self.saved = None, (), None, None
        for note in run.notes:
            self.notice(note, "information", run)

    def notice(self, text: str, severity: Severity, run: Run | None) -> None:
        """Note something worth saying once."""
        self._notice_count += 1
        self.notices.append(Notice(self._notice_count, run.trainer.steps if run else 0, text, severity))

    def note(self, events: list[Event], run: Run) -> None:
        """Take in what happened."""
        for event in events:
            match event:
                case Sample():
                    self.samples.append(event)
                    failed = any(isinstance(other, SaveFailed) for other in events)
                    is_written = run.folder is not None and not failed
                    self.unwritten = 0 if is_written else min(self.unwritten + 1, self.KEPT_SAMPLES)
                case Forecast():
                    self.forecast, self.scores = event, self._score(event, run)
                case PassageRead(passage=passage):
                    self.passage = passage
                case Validated(step=step, loss=loss, full=True):
                    self.full_val_loss = step, loss
                case SaveDone():
                    self._saved(event, run)
                case SaveFailed(reason=reason):
                    if self.save_failed != reason:
                        self.notice(f"{reason}; training goes on", "error", run)
                    self.save_failed = reason
                    self.failing_since = self.failing_since or datetime.now().astimezone()
                case Finished(step=step):
                    self.notice(f"finished at step {step:,}", "information", run)
                case WentBack():
                    self.notice(str(event), "warning", run)
                case Exploded(reason=reason):
                    self.notice(reason, "error", run)
                case _:
                    pass

    def _saved(self, event: SaveDone, run: Run) -> None:
        self.saved = event
        if self.save_failed:
            self.notice("saving works again", "information", run)
            self.save_failed = self.failing_since = None
        if event.kind == "step":
            self.notice(f"saved step {event.step:,} as {event.path}", "information", run)

    def _score(self, forecast: Forecast, run: Run) -> tuple[Scores, ...]:
        """Errors beside those of "tomorrow = today"; the test part stays unseen while there is training to do."""
        task, paths = run.trainer.task, forecast.paths
        if not isinstance(task, StockTask):
            return ()
        parts = ("val", "test") if self.with_test and paths.parts["test"] else ("val",)
        return tuple(Scores(part, judge(task, paths, part)) for part in parts)


def take(
    before: Snapshot, run: Run | None, status: Status, journal: Journal, acknowledged: tuple[int, int]
) -> Snapshot:
    """The snapshot after `before`: of a run between two steps, or of a session that has none yet."""
    common = replace(
        before,
        number=before.number + 1,
        status=status,
        notices=tuple(journal.notices),
        acknowledged=acknowledged[0],
        acknowledged_at=acknowledged[1],
    )
    if run is None:
        return common
    trainer, task = run.trainer, run.trainer.task
    config = trainer.config
    return replace(
        common,
        unit=task.unit,
        job=run.job,
        job_share=run.job_share,
        data_name=task.name,
        model=config.shape,
        config=config,
        parameters=trainer.model.parameters.flat.size,
        V=len(task.corpus.vocabulary) if isinstance(task, TextTask) else 0,
        figure=_figure(run, journal.full_val_loss),
        temperature=run.choice.temperature,
        prompt=run.prompt,
        train=trainer.history.train.buckets(),
        val=trainer.history.val.buckets(),
        marks=tuple(trainer.history.marks),
        references=journal.references,
        samples=tuple(journal.samples),
        samples_file=run.samples_file,
        unwritten=journal.unwritten,
        forecast=journal.forecast,
        scores=journal.scores,
        passage=journal.passage,
        source=run.source,
        folder=str(run.folder.path) if run.folder else None,
        saved_step=journal.saved.step if journal.saved else None,
        save_failed=journal.save_failed,
        failing_since=journal.failing_since,
    )


def _figure(run: Run, full_val_loss: tuple[int, float] | None) -> Figure:
    trainer, last = run.trainer, run.trainer.last
    return Figure(
        step=trainer.steps,
        epoch=trainer.task.epoch,
        loss=last.loss if last else None,
        val_loss=trainer.val_loss,
        full_val_loss=full_val_loss,
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
