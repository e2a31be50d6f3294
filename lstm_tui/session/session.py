"""The worker: one thread that owns one Run. Commands go in through a queue, snapshots out through a mailbox of one.

    key -> action -> Session.request(command) -> applied between two steps -> acknowledged in the next Snapshot
    Run -> events -> Snapshot, made when the screen asked for one or something changed -> Session.latest

The screen never touches the run's arrays: a snapshot holds copies and plain numbers. The worker never waits for the
screen: whoever does not look gets no new snapshot, and nothing piles up.
"""

import queue
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError, LSTMError
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.events import Event
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Plan, Run
from lstm_model.runs.saved_model import SavedModel
from lstm_model.settings.words import TaskName
from lstm_model.tasks.stock.task import StockTask
from lstm_model.tasks.text.task import TextTask
from lstm_tui.opening.saved import open_saved
from lstm_tui.session import commands
from lstm_tui.session.commands import Command
from lstm_tui.session.journal import Journal, take
from lstm_tui.session.snapshot import Snapshot, Status

RunMaker = Callable[[], Run]
UNASKED = 0  # number of a command that no key asked for
REFERENCES_AFTER = 3.0  # seconds: first the picture should stand and the training run


class Session:
    """Owns a run from `start` to `stop`.

    make_run builds it, in the worker thread, so that the screen stays alive while data are read. In evaluation-only
    mode nothing is trained or written, and a second model can be looked at beside the first (`make_rival`): what is
    asked of the one is asked of the other. settings: of Config, that take the place of those of a checkpoint that is
    loaded. Tests drive `turn` themselves instead of starting the thread.
    """

    def __init__(
        self,
        task: TaskName,
        make_run: RunMaker,
        *,
        paused: bool = False,
        eval_only: bool = False,
        make_rival: RunMaker | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.task, self.eval_only = task, eval_only
        self._settings = settings
        self.paused = paused  # as the worker has it
        self.pause_wanted = paused  # as the keys left it, which the worker will follow
        self.latest = Snapshot.waiting(task, eval_only=eval_only)
        self._asked: deque[tuple[int, Command]] = deque()  # what no snapshot has acknowledged yet
        self._shown_ahead = 0, 0, self.latest
        self.ended = threading.Event()
        self._make_run: RunMaker | None = make_run
        self._run: Run | None = None
        self._commands: queue.SimpleQueue[tuple[int, Command]] = queue.SimpleQueue()
        self._requested = self._applied = self._applied_at = 0
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None
        self._single_steps = 0
        self._stopping = False
        self.refused: str | None = None  # why it did not stop when it was asked to
        self._dirty = False  # something changed that no snapshot shows yet
        self._journal = Journal(with_test=eval_only)
        self._rival: Run | None = None if make_rival is None else make_rival()
        self._rival_journal = Journal(with_test=eval_only)

    # The screen's side

    def start(self) -> None:
        """Start the worker thread."""
        self._thread = threading.Thread(target=self._work, name=f"training-{self.task}", daemon=True)
        self._thread.start()

    def request(self, command: Command) -> int:
        """Hand in a command; returns its number, which a snapshot's `acknowledged` reaches once it took effect."""
        if isinstance(command, commands.Pause | commands.Resume):
            self.pause_wanted = isinstance(command, commands.Pause)
        self._requested += 1
        self._asked.append((self._requested, command))
        self._commands.put((self._requested, command))
        return self._requested

    def look(self) -> Snapshot:
        """The newest snapshot; asks for a newer one, which the worker makes between two steps."""
        self._wanted.set()
        latest = self.latest
        while self._asked and self._asked[0][0] <= latest.acknowledged:
            self._asked.popleft()
        if not self._asked:
            return latest
        if self._shown_ahead[:2] != (latest.number, self._requested):  # the same object while nothing changes
            self._shown_ahead = latest.number, self._requested, self._ahead(latest)
        return self._shown_ahead[2]

    def _ahead(self, latest: Snapshot) -> Snapshot:
        """What will hold once the step in hand is done: a step can take a second, and a key is to answer at once."""
        for _, command in self._asked:
            match command:
                case commands.Pause() if latest.status in (Status.TRAINING, Status.EVALUATING):
                    latest = replace(latest, status=Status.PAUSED)
                case commands.Resume() if latest.status is Status.PAUSED:
                    latest = replace(latest, status=Status.TRAINING)
                case commands.SetTemperature(temperature=temperature):
                    latest = replace(latest, temperature=temperature)
                case commands.SetLearningRate(rate=rate) if latest.figure.base_rate:
                    now = latest.figure.learning_rate * rate / latest.figure.base_rate
                    latest = replace(latest, figure=replace(latest.figure, base_rate=rate, learning_rate=now))
        return latest

    def join(self, seconds: float) -> bool:
        """Wait for the worker to end; True if it did."""
        return self.ended.wait(seconds)

    # The worker's side

    def _work(self) -> None:
        try:
            while self.turn():
                pass
        except Exception as error:  # noqa: BLE001 - whatever went wrong belongs on the screen, not in a lost thread
            self.paused = self.pause_wanted = True
            self._journal.notice(f"training stopped by a fault of the program: {error!r}", "error", self._run)
            self._publish()
        finally:
            self.ended.set()
            if self._run is not None:
                self._run.close()
                self._run = self._rival = None  # whoever keeps the session for its last snapshot need not keep arrays

    def turn(self) -> bool:
        """One round: apply what was asked for, then one slice of work. False once the session has stopped."""
        if self._make_run is not None:
            self._open(self._make_run)
            self._make_run = None
        self._apply_commands()
        if self._stopping:
            return False
        run = self._run
        if busy := [each for each in (run, self._rival) if each is not None and each.job]:
            self._work_on(min(busy, key=lambda each: each.job == "evaluate"))  # the longest last
        elif run is not None and self._may_step:
            self._single_steps = max(0, self._single_steps - 1)
            self._note(run.step())
        if self._dirty and self._wanted.is_set():
            self._wanted.clear()
            self._publish()
        return True

    @property
    def _may_step(self) -> bool:
        run = self._run
        if run is None or self.eval_only or run.finished or run.diverged:
            return False
        return not self.paused or self._single_steps > 0

    @property
    def _idle(self) -> bool:
        return not self._may_step and not any(each is not None and each.job for each in (self._run, self._rival))

    def _open(self, make_run: RunMaker) -> None:
        try:
            self._adopt(make_run())
        except LSTMError as error:
            self._journal.notice(str(error), "error", None)
            self._publish()

    def _adopt(self, run: Run) -> None:
        """Take over a run that was just opened or loaded."""
        self._run = run
        self._journal.start(run)
        one_blas_thread()
        if self._thread is not None:
            timer = threading.Timer(REFERENCES_AFTER, self._find_references, [run])
            timer.daemon = True
            timer.start()
        self._first_looks(run)
        if self._rival is not None and not self._rival_journal.begun:
            self._rival_journal.start(self._rival)
            self._first_looks(self._rival)
        self._publish()

    def _first_looks(self, run: Run) -> None:
        """Queue what is to be seen at once; in evaluation-only mode the quickest first."""
        if run.trainer.steps or isinstance(run.trainer.task, StockTask):
            run.look()
        if self.eval_only:
            run.validate(quick=False)
            run.read_passage(0)

    def _find_references(self, run: Run) -> None:
        """Count what the loss is held against, beside the training, which it would hold up for seconds."""
        try:
            found = run.trainer.task.references()
        except (LSTMError, MemoryError):
            return  # a part without data, a text too large to count: the chart does without
        if self._run is run:
            self._commands.put((UNASKED, commands.TakeReferences(tuple(found.items()))))

    def _work_on(self, run: Run) -> None:
        if run is self._run:
            self._note(run.work())
        else:
            self._dirty = True
            self._rival_journal.note(run.work(), run)

    def _note(self, events: list[Event]) -> None:
        self._dirty = True
        if self._run is not None:
            self._journal.note(events, self._run)

    def _apply_commands(self) -> None:
        """Apply all waiting commands; with nothing else to do, wait for one."""
        if self._idle and self._dirty:
            self._publish()  # nobody would make this picture later
        block = self._idle and self._thread is not None
        applied = False
        while block or not self._commands.empty():
            number, command = self._commands.get()
            block = False
            try:
                self._apply(command)
            except LSTMError as error:
                self._journal.notice(str(error), "error", self._run)
            if number != UNASKED:
                self._applied, self._applied_at = number, self._run.trainer.steps if self._run else 0
            applied = True
        if applied:
            self._publish()

    def _apply(self, command: Command) -> None:
        self._apply_to(self._run, command)
        if self._rival is not None and isinstance(command, commands.ABOUT_BOTH):
            self._apply_to(self._rival, command)

    def _apply_to(self, run: Run | None, command: Command) -> None:
        match command:
            case commands.Pause():
                self.paused = True
            case commands.Resume():
                self.paused = False
            case commands.StepOnce(count=count):
                self._single_steps += count
            case commands.Stop(save=save, insist=insist):
                self._stop(save=save, insist=insist)
            case commands.Load(path=path):
                self._load(path)
            case _ if run is None:
                raise InputError("the data are still being read")
            case commands.TakeReferences(found=found):
                self._journal.references = found
            case commands.Look():
                run.look(at_once=self.eval_only)
            case commands.ReadPassage(number=number):
                run.read_passage(number)
            case commands.Save():
                self._save(run)
            case commands.Evaluate():
                run.validate(quick=False)
                if isinstance(run.trainer.task, StockTask):
                    run.look()
            case commands.SetLearningRate(rate=rate):
                run.set_rate(rate)
            case commands.SetTemperature(temperature=temperature):
                self._set_temperature(run, temperature)
            case commands.SetPrompt(prompt=prompt):
                run.set_prompt(prompt)
                run.look()

    def _set_temperature(self, run: Run, temperature: float) -> None:
        """Set it for the samples to come; where there is no training to hold up, write one at once."""
        run.choice = replace(run.choice, temperature=temperature)
        if self.eval_only and isinstance(run.trainer.task, TextTask):
            run.sample_anew()

    def _save(self, run: Run) -> None:
        if run.folder is None:
            raise InputError("evaluation-only mode writes nothing")
        self._note(run.save("step"))

    def _load(self, path: Path) -> None:
        saved, old = SavedModel.read(path), self._run
        if saved.config.task != self.task:
            raise InputError(f"{saved.file} is a checkpoint of the task {saved.config.task}")
        folder = None if self.eval_only else RunFolder.going_on(saved.file, saved.record.step)
        opened = open_saved(saved, self._settings, folder)  # before its file may be saved anew
        run = opened.run(replace(old.plan if old else Plan(), steps=None, minutes=None))
        if old is not None and old.unsaved:
            self._note(old.save_unsaved())
            if self._journal.save_failed:
                run.close()
                raise InputError(f"not loaded, for the run at hand is not saved: {self._journal.save_failed}")
        self._adopt(run)
        if old is not None:
            old.close()
        if self._rival is not None and self._rival.trainer.task.fingerprint != run.trainer.task.fingerprint:
            self._rival = None
            self._journal.notice("the model beside it is of other data: it is no longer shown", "warning", self._run)
        name = f"{saved.file.parent.name}/{saved.file.name}"
        self._journal.notice(f"loaded {name}, step {run.trainer.steps:,}", "information", self._run)

    def _stop(self, *, save: bool, insist: bool) -> None:
        self.refused = None
        if save and self._run is not None and self._run.unsaved:
            self._note(self._run.save_unsaved())
            if self._journal.save_failed and not insist:
                self.refused = self._journal.save_failed
                return
        self._stopping = True

    @property
    def _status(self) -> Status:
        run = self._run
        if self.eval_only:
            return Status.EVAL_ONLY
        if run is not None and run.diverged:
            return Status.DIVERGED
        if run is not None and run.finished:
            return Status.FINISHED
        if self.paused:  # also while something is measured: a pause shows at once
            return Status.PAUSED
        return Status.EVALUATING if run is not None and run.job == "evaluate" else Status.TRAINING

    def _publish(self) -> None:
        self._dirty = False
        now = take(self.latest, self._run, self._status, self._journal, (self._applied, self._applied_at))
        if self._rival is not None:
            before = replace(now.rival or Snapshot.waiting(self.task, eval_only=True), side="B")
            rival = take(before, self._rival, self._status, self._rival_journal, (0, 0))
            now = replace(now, side="A", rival=rival)
        elif now.rival is not None:
            now = replace(now, side="", rival=None)
        self.latest = now
