"""The sessions of an app, one for each task at a time: which is on the screen, what the others wait with, who ended."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from lstm_model.errors import InputError
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.saved_model import SavedModel, peek
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.opening.chosen import chosen_beside
from lstm_tui.opening.launch import Launch
from lstm_tui.opening.new import new_run
from lstm_tui.opening.opened import Opened
from lstm_tui.opening.saved import reopen
from lstm_tui.options.given import that_may_change
from lstm_tui.session import commands
from lstm_tui.session.session import Session
from lstm_tui.session.source import Sources
from lstm_tui.session.summary import summary
from lstm_tui.session.worker import RunMaker


class Sessions(Sources):
    """Makes, switches and ends sessions. `begin` starts one: its thread, or whatever a test puts in its place."""

    def __init__(self, launch: Launch, begin: Callable[[Session], None] = Session.start) -> None:
        self.launch, self.teller, self._begin_thread = launch, launch.teller, begin
        self.only_looks = launch.eval_only
        task = launch.trainer.config.task
        self._by_task: dict[str, Session] = {}
        self._begun: list[Session] = []  # all there ever were, in this order: each has a word to say at the end
        self._left_at: dict[str, str | None] = {}  # folders of runs that ended before the app did
        self._replaced: list[Session] = []  # those of them that were told to save and end, and may still be at it
        first = Opened(launch.trainer, launch.folder, launch.file, launch.notes)
        self.current: Session = self._new(task, lambda: first.run(launch.plan))

    def start(self, session: Session) -> None:
        """Start a session as those of this app are started."""
        self._begin_thread(session)

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of the launch."""
        return self.launch.settings

    def _new(self, task: str, make_run: RunMaker, *, paused: bool | None = None) -> Session:
        launch = self.launch
        paused = launch.paused if paused is None else paused
        first = not self._begun  # a rival stands beside the model of the launch
        session = Session(
            task,
            make_run,
            paused=paused,
            eval_only=launch.eval_only,
            make_rival=self._rival if first else None,
            settings=self._kept,
            tell=launch.teller.tell,
        )
        self._by_task[task] = session
        self._begun.append(session)
        self.start(session)
        return session

    @property
    def _rival(self) -> RunMaker | None:
        """How the run is made that holds the model to compare with, which is only looked at."""
        rival, plan = self.launch.against, self.launch.plan
        return None if rival is None else lambda: rival.run(plan)

    def switch(self) -> Session:
        """Go to the next task: pause this one as it is, and go on with the next as it was left, or begin it.

        Where nothing is trained, a task without any model is passed by; InputError if no other task has one.
        """
        names = tuple(KINDS)
        here = names.index(self.current.task)
        for other in (*names[here + 1 :], *names[:here]):
            if other in self._by_task:
                return self._change(self._by_task[other])
            folder = self._left_at.pop(other, None)
            begun = self._reopened(Path(folder)) if folder else self._begun_with(other)
            if begun is not None:
                return self._change(self._new(other, begun))
        raise InputError("there is no saved model of another task: train one first")

    def _change(self, to: Session) -> Session:
        leaving = self.current
        if leaving is not to:
            leaving.request(commands.Leave())
            to.request(commands.Return())
            self.current = to
        return to

    @property
    def _kept(self) -> dict[str, Any]:
        """Settings of the launch that hold for a checkpoint that is loaded as well."""
        return that_may_change(self.launch.settings)

    def _begun_with(self, task: str) -> RunMaker | None:
        """How a task begins: anew, with the options that hold for all; to be looked at, with a saved model if any."""
        launch, plan = self.launch, self.plan
        if launch.eval_only:
            chosen = chosen_beside(task)
            return None if chosen is None else self._reopened(chosen.file, chosen.why)
        preset = launch.trainer.config.preset
        config = preset_config(task, preset if preset in kind_of(task).presets else "default", **launch.settings)
        return lambda: new_run(config, RunFolder.new(task), by_hand=launch.settings, plan=plan).run(plan)

    def _reopened(self, path: Path, *said: str) -> RunMaker:
        """How a run goes on from a checkpoint, with what is said of it.

        InputError, before there is a session, if its folder is in use.
        """
        plan, kept = self.plan, self._kept
        saved = peek(path)
        folder = None if self.launch.eval_only else RunFolder.going_on(saved.file, saved.step)
        return lambda: reopen(SavedModel.read(saved.file), kept, folder, said).run(plan)

    @property
    def plan(self) -> Plan:
        """The launch's plan, without limits that were meant for one run."""
        return replace(self.launch.plan, steps=None, minutes=None)

    def begin(self, opened: Opened, plan: Plan | None = None) -> Session:
        """Put a new run in the place of its task's, which saves and ends; show it, and let it train at once.

        plan: its own, else that of the launch. InputError if the run at hand cannot be saved: it would be lost.
        """
        task, plan = opened.trainer.config.task, plan or self.plan
        old = self._by_task.get(task)
        if old is not None and old.latest.files.save_failed:
            raise InputError(f"not started, because the current run could not be saved: {old.latest.files.save_failed}")
        new = self._new(task, lambda: opened.run(plan), paused=False)
        if old is not None:
            old.stop()
            self._replaced.append(old)
        if old is self.current:
            self.current = new
            return new
        return self._change(new)

    def take_failures(self) -> list[str]:
        """Why runs that were replaced could not save their last steps; each is told once."""
        over = [session for session in self._replaced if session.ended.is_set()]
        self._replaced = [session for session in self._replaced if session not in over]
        return [session.latest.files.save_failed for session in over if session.latest.files.save_failed]

    def load(self, path: Path) -> Session:
        """Go on with a checkpoint, in the session of its task. InputError if it cannot be read."""
        saved = peek(path)
        session = self._by_task.get(saved.task)
        if session is None:
            return self._change(self._new(saved.task, self._reopened(saved.file)))
        session.request(commands.Load(saved.file))
        return self._change(session)

    def stop(self, *, save: bool, insist: bool = True) -> None:
        """Ask all sessions to end, saved or not; insist: also those that cannot be saved."""
        for session in self._by_task.values():  # the others were told before
            session.stop(save=save, insist=insist)

    def save_in_step(self) -> bool:
        """Save runs that are in a step which takes too long to wait for; True if no other session is at work."""
        saved = [session.save_in_step() for session in self._begun if not session.ended.is_set()]
        return all(saved)

    @property
    def refused(self) -> str | None:
        """Why a session that was to save and end did not, once all have answered."""
        reasons = [session.refused for session in self._by_task.values() if not session.ended.is_set()]
        return "; ".join(reason for reason in reasons if reason) if reasons and all(reasons) else None

    def go_on(self) -> Session:
        """After a stop that was refused: leave those that did end; the task of one goes on from where it was saved."""
        for task, session in list(self._by_task.items()):
            if session.ended.is_set():
                del self._by_task[task]
                files = session.latest.files
                self._left_at[task] = files.folder if files.saved_step is not None else None
        if self.current.task not in self._by_task:
            self.current = next(iter(self._by_task.values()))
        return self.current

    @property
    def at_hand(self) -> list[Session]:
        """The sessions that go on."""
        return list(self._by_task.values())

    @property
    def folders(self) -> list[Path]:
        """The folders of all runs of this app, which need not lie under the saves root."""
        return [Path(files.folder) for files in (each.latest.files for each in self._begun) if files.folder]

    @property
    def ended(self) -> bool:
        """True once every worker is gone."""
        return all(session.ended.is_set() for session in self._begun)

    def join(self, seconds: float) -> bool:
        """Wait for all workers to end, for so long at most; True if they did."""
        give_up = time.monotonic() + seconds
        return all(session.join(max(0.0, give_up - time.monotonic())) for session in self._begun)

    def farewell(self, *, ascii_only: bool = False) -> list[str]:
        """What to say on the normal screen after the end."""
        return [line for each in self._begun for line in summary(each.latest, ascii_only=ascii_only)]
