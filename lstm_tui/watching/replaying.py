"""A source of snapshots: a run that was recorded, played by a clock at any speed, with pause and seek.

It has no thread: where it stands follows from the clock, and what is shown follows from that.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from lstm_model.runs.remote.standing import Why
from lstm_tui.session.commands import Command, LookInside
from lstm_tui.session.mailbox import Mailbox
from lstm_tui.session.probing import Probe
from lstm_tui.session.seen import Seen, observer_of
from lstm_tui.session.snapshot import Curves, Figure, Files, Paused, Snapshot, Status
from lstm_tui.session.source import Source
from lstm_tui.watching.course import Course
from lstm_tui.watching.following import ENDS, about
from lstm_tui.watching.inside import kept_answer
from lstm_tui.watching.looker import Looker
from lstm_tui.watching.tape import Tape

SEEK = 1 / 20  # of the run
SLOWEST, FASTEST = 1 / 8, 8192.0  # times the speed of the training
NOT_HERE = "this run was recorded: nothing is trained, measured or saved"
RECORDED_ALONE = frozenset(
    {"look", "save", "load", "new_run", "switch_task", "evaluate", "watch_step", "rate", "tell"}
)  # what there is nobody to do


class Replay(Source):
    """Plays a tape. now: a clock in seconds."""

    def __init__(self, tape: Tape, speed: float, now: Callable[[], float] = time.monotonic) -> None:
        task = tape.config.task
        super().__init__(task, Mailbox(Snapshot.waiting(task, eval_only=False)))
        self.tape, self.speed, self._now = tape, speed, now
        self._at = 0.0  # where it stood when something was last changed
        self._since: float | None = None  # when that was; None until somebody looks
        self._paused = False
        self._course, self._taken = Course(), 0  # how many rows the course has taken in
        self._kept = observer_of(task).kept_in(tape.folder)
        self._looker = Looker(tape.folder, task)
        self._probe: Probe | None = None
        self._numbers = 0
        self._ended = threading.Event()
        self._shown: tuple[object, ...] = ()
        self._latest = self.mailbox.latest
        self._tell()

    def start(self) -> None:
        """Find what there is to see of the model at its end, where nothing was kept on the way."""
        threading.Thread(target=self._looker.look, name="looks", daemon=True).start()

    # Where it stands

    @property
    def at(self) -> float:
        """Seconds of training."""
        if self._paused or self._since is None:
            return self._at
        return min(self.tape.length, self._at + (self._now() - self._since) * self.speed)

    @property
    def is_over(self) -> bool:
        """Whether it has come to its end."""
        return self.at >= self.tape.length

    def pause(self, *, paused: bool) -> None:
        """Stand still, or go on: at its end, from the beginning."""
        self._put(0.0 if not paused and self.is_over else self.at)
        self._paused = paused

    def seek(self, by: float) -> None:
        """Go so many twentieths of the run on, or back."""
        self._put(min(self.tape.length, max(0.0, self.at + by * SEEK * self.tape.length)))

    def seek_to(self, share: float) -> None:
        """Go to a share of the run."""
        self._put(share * self.tape.length)

    def change_speed(self, times: float) -> None:
        """Play faster or slower."""
        self._put(self.at)
        self.speed = min(FASTEST, max(SLOWEST, self.speed * times))

    def _put(self, at: float) -> None:
        self._at, self._since = at, self._now()

    # What the screen does

    def why_not(self, action: str, *, asks: bool) -> str:
        """What would need a model, or somebody who trains, is not here."""
        return NOT_HERE if action in RECORDED_ALONE or asks else ""

    def request(self, command: Command) -> int:
        """Do it at once."""
        self._numbers += 1
        before = self.latest.paused
        after = command.foretold(self.latest).paused
        if isinstance(command, LookInside):
            self._probe = command.probe
        elif after is not before or (after is None and self.is_over):
            self.pause(paused=after is not None)
        return self._numbers

    def look(self) -> Snapshot:
        """What there is to see now; it begins with the first look."""
        if self._since is None:
            self._since = self._now()
        return self.latest

    @property
    def ahead(self) -> Snapshot:
        """The same."""
        return self.latest

    @property
    def latest(self) -> Snapshot:
        """The same; the same object while nothing changes."""
        at, step = self.at, self.tape.step(self.at)
        made_of = (step, self.tape.count(at), self._paused, self.speed, self._numbers, self._looker.seen, self.is_over)
        if made_of != self._shown:
            self._shown = made_of
            self._latest = self._snapshot(at, step)
        return self._latest

    def _snapshot(self, at: float, step: int) -> Snapshot:
        tape, number = self.tape, self._latest.number + 1
        self._take_in(at)
        over, curves = self.is_over, self._course.curves(until=step)
        why = Why.LIMIT if tape.standing is None else tape.standing.why
        return Snapshot(
            number=number,
            task=self.task,
            doing=ENDS[why] if over else Status.TRAINING,
            paused=Paused.UNTIL_RESUMED if self._paused else None,
            about=about(tape.config, tape.story, tape.folder),
            figure=self._figure(at, step, curves),
            curves=curves,
            files=Files(str(tape.folder)),
            seen=self._seen(step),
            probed=kept_answer(self._probe, tape.folder, self.task, step),
            shown_as=f"replay x{self.speed:g}",
            acknowledged=self._numbers,
        )

    def _take_in(self, at: float) -> None:
        """Let the course hold the rows there were, those alone."""
        count = self.tape.count(at)
        if count < self._taken:
            self._tell()
        self._course.add(self.tape.rows[self._taken : count])
        self._taken = count

    def _tell(self) -> None:
        self._course, self._taken = Course(), 0
        if self.tape.story is not None:
            self._course.tell(self.tape.story)

    def _figure(self, at: float, step: int, curves: Curves) -> Figure:
        """The figures of the row before, at the step and the time that are shown."""
        figure, length = self._course.figure(None, until=step), self.tape.length
        epoch = figure.epoch * step / figure.step if figure.step else 0.0
        loss = float(curves.train.mean[-1]) if figure.loss is None and curves.train.mean.size else figure.loss
        return replace(
            figure, step=step, loss=loss, epoch=epoch, elapsed=at, eta=length - at, has_limit=True,
            progress=at / length if length else 1.0,
        )  # fmt: skip

    def _seen(self, step: int) -> Seen:
        nothing = observer_of(self.task).nothing
        if self._kept is not None and (seen := self._kept.seen(up_to=step)) is not None:
            return seen
        seen = self._looker.seen
        return seen if seen is not None and self.is_over else nothing

    # How it ends

    def stop(self, *, save: bool = True, insist: bool = True) -> None:  # noqa: ARG002 - there is nothing to save
        """There is nothing to stop."""
        self._looker.stop()
        self._ended.set()

    @property
    def ended(self) -> threading.Event:
        """Set once it was stopped."""
        return self._ended
