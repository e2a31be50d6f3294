"""The worker: one thread that owns a run and all arrays under it, and lets nobody else touch them.

A turn applies what was asked for, looks inside where a view is open and may, then does one slice of work: a step, or a
piece of a longer job. The screen never sees the run: a snapshot holds copies and plain numbers.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError, LSTMError
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.remote.orders import EVERY, Word
from lstm_model.runs.run import Run
from lstm_model.runs.saved_model import SavedModel
from lstm_tui.opening.opened import released_on_failure
from lstm_tui.opening.saved import reopen
from lstm_tui.session import commands
from lstm_tui.session.commands import TakeReferences
from lstm_tui.session.journal import Notices
from lstm_tui.session.mailbox import UNASKED, Mailbox
from lstm_tui.session.shown import Shown
from lstm_tui.session.snapshot import Paused, Snapshot, Status

RunMaker = Callable[[], Run]
OF_ORDERS: dict[Word, commands.Command] = {
    Word.PAUSE: commands.Pause(),
    Word.RESUME: commands.Resume(),
    Word.SAMPLE: commands.Look(),
    Word.SAVE: commands.Save(),
    Word.STOP: commands.Stop(insist=False),
}
REFERENCES_AFTER = 3.0  # seconds: first the picture should stand and the training run


class Worker:
    """Moves on what is shown: a run, and in evaluation-only mode perhaps a second one to compare it with.

    makers build the runs, in the worker's thread. settings: of Config, that replace those of a checkpoint that
    is loaded. tell: see `Teller.tell`. Tests call `turn` themselves instead of starting the thread.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        makers: Sequence[RunMaker],
        *,
        eval_only: bool,
        paused: Paused | None = None,
        settings: Mapping[str, Any] | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self.mailbox, self.eval_only, self._settings = mailbox, eval_only, settings
        self.paused, self._tell = paused, tell
        self.sides: list[Shown] = []  # empty until the data are read
        self.refused: str | None = None  # why it did not stop when it was asked to
        self.ended = threading.Event()
        self.ordered_to_end = False  # from outside, while the screen stands
        self._makers = list(makers)
        self._notices = Notices()
        self._applied = 0
        self._dirty = False  # something changed that no snapshot shows yet
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self, name: str) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            while self.turn():
                pass
        except MemoryError:  # a step changes nothing before all of it is computed, so its beginning can be saved
            self.paused = Paused.UNTIL_RESUMED
            for shown in self.sides[:1]:
                shown.note(shown.run.save_unsaved())
            self._notices.add("training stopped, for there is not enough memory: go on with smaller settings", "error")
            self._publish()
        except Exception as error:  # noqa: BLE001 - whatever went wrong belongs on the screen, not in a lost thread
            self.paused = Paused.UNTIL_RESUMED
            self._notices.add(f"training stopped by a bug in lstm-tui: {error!r}", "error")
            self._publish()
        finally:
            self.ended.set()
            for shown in self.sides:
                shown.run.close()
            self.sides = []  # whoever keeps the session for its last snapshot need not keep arrays

    def turn(self) -> bool:
        """One round: apply what was asked for, then one slice of work. False once the session has stopped."""
        if self._makers:
            self._open()
        self._apply_commands()
        self._take_orders()
        if self._stopping:
            return False
        self._look_inside()
        if busy := self._busy:
            shown = min(busy, key=lambda each: each.run.job == "evaluate")  # the longest last
            shown.note(shown.run.work())
            self._dirty = True
        elif self._may_step:
            self.sides[0].step()
            self._dirty = True
            if self.sides[0].run.diverged:
                self.sides[0].run.tell_end()
        if self._dirty and self.mailbox.take_wish():
            self._publish()
        return True

    def _look_inside(self) -> None:
        """Do a slice of what an open view asks for, where that is due."""
        for shown in self._due_inside:
            shown.prober.advance(shown.run, steps=self._may_step)
            self._dirty = True

    @property
    def _due_inside(self) -> list[Shown]:
        return [shown for shown in self.sides if shown.prober.is_due(shown.run, steps=self._may_step)]

    @property
    def _busy(self) -> list[Shown]:
        return [shown for shown in self.sides if shown.run.job]

    @property
    def _may_step(self) -> bool:
        if not self.sides or self.eval_only or (self.paused and not self.sides[0].watched.awaited):
            return False
        run = self.sides[0].run
        return not (run.finished or run.diverged)

    # What is shown

    def _open(self) -> None:
        makers, self._makers = self._makers, []
        try:
            self._adopt(makers[0](), [Shown(make(), self._notices, eval_only=True) for make in makers[1:]])
        except LSTMError as error:
            self._notices.add(str(error), "error")
            self._publish()

    def _adopt(self, run: Run, rivals: list[Shown]) -> None:
        """Take over a run that was just opened or loaded."""
        new = Shown(run, self._notices, eval_only=self.eval_only, tell=self._tell)
        for shown in (new, *rivals):
            if shown not in self.sides:
                shown.run.begin(eval_only=shown.eval_only)
        self.sides = [new, *rivals]
        run.tell_pause(paused=self.paused is not None)
        for note in run.notes:
            self._notices.add(note)
        one_blas_thread()
        if self._thread is not None:
            timer = threading.Timer(REFERENCES_AFTER, self._find_references, [new])
            timer.daemon = True
            timer.start()
        self._publish()

    def _find_references(self, shown: Shown) -> None:
        """Count what the loss is held against, beside the training, which it would hold up for seconds."""
        try:
            found = shown.run.trainer.task.references()
        except (LSTMError, MemoryError):
            return  # a part without data, a text too large to count: the chart does without
        if shown in self.sides[:1]:
            self.mailbox.hand_in(TakeReferences(tuple(found.items())))

    def _publish(self) -> None:
        self._dirty = False
        before, notices = self.mailbox.latest, tuple(self._notices)
        session = Snapshot(
            before.number + 1, before.task, self._doing, self.paused, notices=notices, acknowledged=self._applied
        )
        snapshots = [shown.on(session) for shown in self.sides] or [session]
        if len(snapshots) == 2:
            a, b = (replace(each, side=side) for each, side in zip(snapshots, "AB", strict=True))
            snapshots = [replace(a, rival=b)]
        self.mailbox.put(snapshots[0])

    @property
    def _doing(self) -> Status:
        if self.eval_only:
            return Status.EVAL_ONLY
        if not self.sides:
            return Status.TRAINING
        run = self.sides[0].run
        if run.diverged:
            return Status.DIVERGED
        if run.finished:
            return Status.FINISHED
        return Status.EVALUATING if run.job == "evaluate" else Status.TRAINING

    # Commands

    def _apply_commands(self) -> None:
        """Apply all waiting commands; with nothing else to do, wait for one."""
        idle = not self._may_step and not self._busy and not self._due_inside
        if idle and self._dirty:
            self._publish()  # nobody would make this picture later
        wait, applied = idle and self._thread is not None, False
        hears_orders = any(shown.run.folder for shown in self.sides[:1])
        while asked := self.mailbox.next_command(wait=wait, most=EVERY if hears_orders else None):
            number, command = asked
            wait, applied = False, True
            try:
                command.apply(self)
            except LSTMError as error:
                self._notices.add(str(error), "error")
            if number != UNASKED:
                self._applied = number
        if applied:
            for shown in self.sides[:1]:
                shown.run.tell_pause(paused=self.paused is not None)
            self._publish()

    def _take_orders(self) -> None:
        """Do what is asked from outside through the run's folder, as if it were asked here."""
        for shown in self.sides[:1]:
            for order in shown.run.orders():
                self._notices.add(f"somebody who watches asked for this: {order.word}")
                refused = self._obey(order.word, shown)
                shown.run.tell_pause(paused=self.paused is not None)
                shown.run.answer(order, refused)
                self.ordered_to_end = self._stopping
                self._publish()

    def _obey(self, word: Word, shown: Shown) -> str:
        """Do it; gives why it was not done, if it was not."""
        try:
            OF_ORDERS[word].apply(self)
        except LSTMError as error:
            return str(error)
        if word is Word.STOP:
            return self.refused or ""
        return shown.journal.save_failed or "" if word is Word.SAVE else ""

    def load(self, path: Path) -> None:
        """Go on with another checkpoint of the same task; the run at hand is saved first."""
        saved = SavedModel.read(path)
        if saved.config.task != self.mailbox.latest.task:
            raise InputError(f"{saved.file} is a checkpoint of the task {saved.config.task}")
        folder = None if self.eval_only else RunFolder.going_on(saved.file, saved.record.step)
        opened = reopen(saved, self._settings, folder)  # before its file may be saved anew
        old, rivals = self.sides[:1], self.sides[1:]
        with released_on_failure(folder):
            for shown in old:
                self._save_before_load(shown)
        plan = replace(old[0].run.plan if old else Plan(), steps=None, minutes=None)
        fingerprint = opened.trainer.task.fingerprint
        fitting = [each for each in rivals if each.run.trainer.task.fingerprint == fingerprint]
        self._adopt(opened.run(plan), fitting)
        for shown in old:
            shown.run.close()
        if len(fitting) < len(rivals):
            self._notices.add("the second model uses other data, so it is no longer shown", "warning")
        self._notices.add(f"loaded {saved.file.parent.name}/{saved.file.name}, step {opened.trainer.steps:,}")

    def _save_before_load(self, shown: Shown) -> None:
        if shown.run.unsaved:
            shown.note(shown.run.save_unsaved())
            if failed := shown.journal.save_failed:
                raise InputError(f"not loaded, because the current run could not be saved: {failed}")

    def stop(self, *, save: bool, insist: bool) -> None:
        """Save what is unsaved, and end after this turn; without `insist` only if it could be saved."""
        self.refused = None
        for shown in self.sides[:1]:
            if save and shown.run.unsaved:
                shown.note(shown.run.save_unsaved())
                if shown.journal.save_failed and not insist:
                    self.refused = shown.journal.save_failed
                    return
        self._stopping = True

    def save_in_step(self) -> bool:
        """From another thread, while a step computes: save what it began from. False if no step is in hand.

        For an end that cannot wait for a long step: the worker, which would save, is in it.
        """
        for shown in self.sides[:1]:
            with shown.run.trainer.held_in_step() as computes:
                if computes:
                    shown.note(shown.run.save_unsaved())
                    shown.run.tell_end()
                    self._publish()
                    return True
        return False
