"""A source of snapshots: a run that another process trains, followed by its folder alone."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lstm_model.costs.memory import parameter_count
from lstm_model.errors import LSTMError
from lstm_model.runs.keeping.labels import read_label
from lstm_model.runs.outside.follower import Follower, Look, State
from lstm_model.runs.remote.standing import Why
from lstm_model.runs.story import Story, read_story
from lstm_model.settings.config import Config
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.session.commands import Command, LookInside
from lstm_tui.session.journal import Notices
from lstm_tui.session.mailbox import Mailbox
from lstm_tui.session.probing import Probe
from lstm_tui.session.seen import Seen, observer_of
from lstm_tui.session.snapshot import STEPPING, About, Files, Paused, Snapshot, Status
from lstm_tui.session.source import Source
from lstm_tui.watching.control import ORDERED, Control
from lstm_tui.watching.course import Course
from lstm_tui.watching.inside import kept_answer
from lstm_tui.watching.looker import Looker, newest_checkpoint

LOOK_EVERY = 0.5  # seconds
ANSWER_LOOK = 0.1  # seconds, while an order waits for its answer
OF_A_TRAINER = frozenset({  # actions that only whoever trains a run can do
    "pause", "resume", "look", "save", "load", "new_run", "switch_task", "evaluate", "watch_step", "rate",
    "tell",
})  # fmt: skip
NOBODY = "nobody trains this run any more"
NOT_HERE = "this run is trained elsewhere and only watched"
ENDS = {Why.LIMIT: Status.FINISHED, Why.STOPPED: Status.ENDED, Why.EXPLODED: Status.DIVERGED, None: Status.ENDED}


class Following(Source):
    """Looks at the folder twice a second, in a thread of its own. It takes no lock.

    controls: some commands become orders to the process that trains; else nothing is written.
    """

    def __init__(
        self,
        folder: Path,
        config: Config,
        follower: Callable[[Path], Follower] = Follower,
        *,
        controls: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(config.task, Mailbox(Snapshot.waiting(config.task, eval_only=False)))
        self.control = Control(folder, now) if controls else None
        self.folder = folder
        self._config = config
        self._follower = follower(folder)
        self.looker = Looker(folder, config.task)
        self._course = Course()
        self._notices = Notices()
        self._ended = threading.Event()
        self._stopping = False
        self._story: Story | None = None
        self._stamp: tuple[int, int] | None = None
        self._applied = 0
        self._probe: Probe | None = None  # what an open view asks for
        self._complained = ""
        self._shown: tuple[object, ...] = ()  # what the newest snapshot was made of
        self._state = State.TRAINING

    # What the screen does

    def why_not(self, action: str, *, asks: bool) -> str:
        """What asks nothing of the run is for every source."""
        if self.control is not None and action in ORDERED:
            return "" if self.latest.doing in STEPPING else NOBODY
        return NOT_HERE if action in OF_A_TRAINER or asks else ""

    @property
    def can_be_ended(self) -> bool:
        """Whether whoever looks may also end the run."""
        return self.control is not None and self.latest.doing in STEPPING

    def start(self) -> None:
        """Begin to look."""
        self.looker.start()
        threading.Thread(target=self._work, name=f"watching-{self.task}", daemon=True).start()

    def stop(self, *, save: bool = True, insist: bool = True) -> None:  # noqa: ARG002 - there is nothing to save
        """Look no more; the run goes on."""
        self._stopping = True
        self.looker.stop()
        self._ended.set()

    @property
    def ended(self) -> threading.Event:
        """Set once nobody looks any more."""
        return self._ended

    # What its thread does

    def _work(self) -> None:
        self.turn()
        while not self._stopping:
            waits = self.control is not None and self.control.waits
            asked = self.mailbox.next_command(wait=True, most=ANSWER_LOOK if waits else LOOK_EVERY)
            if self._stopping:
                return
            self.turn(asked)

    def turn(self, asked: tuple[int, Command] | None = None) -> None:
        """Pass on what was asked for, look, and make a snapshot if there is something new."""
        asked = asked or self.mailbox.next_command(wait=False)
        while asked is not None:
            number, command = asked
            if isinstance(command, LookInside):
                self._probe = command.probe
            if self.control is None or not self.control.order(number, command):
                self._applied = max(self._applied, number)  # nothing else can be done to a run from here
            asked = self.mailbox.next_command(wait=False)
        try:
            look = self._follower.look()
            self._read_story()
        except (LSTMError, OSError):
            return  # something is just being written, or taken away: the next look will tell
        self._course.add(look.rows)
        self._say(look)
        if self.control is not None:
            self._applied = max(self._applied, self.control.answered(look, self._notices))
        seen = self.looker.seen
        made_of = (
            look.state,
            look.standing,
            bool(look.rows),
            self._stamp,
            id(seen),
            self._applied,
            self.looker.why_not,
        )
        if made_of != self._shown or look.rows:
            self._shown = made_of
            self.mailbox.put(self._snapshot(look, seen))

    def _read_story(self) -> None:
        """Read the curves of a checkpoint that is new."""
        found = newest_checkpoint(self.folder)
        if found is not None and found[1] != self._stamp:
            self._stamp = found[1]
            self._story = read_story(found[0])
            self._course.tell(self._story)

    def _say(self, look: Look) -> None:
        """Say once what has become of the run, and why there is nothing to see of what it makes."""
        if (why := self.looker.why_not) and why != self._complained:
            self._complained = why
            self._notices.add(f"what it makes cannot be shown: {why}", "warning")
        if look.state is self._state:
            return
        self._state = look.state
        step = f"step {self._course.last_step:,}"
        saved = "nothing is saved" if look.saved_step is None else f"step {look.saved_step:,} is saved"
        match look.state:
            case State.LOST:
                self._notices.add(f"it was killed at {step}: its process has ended without a word; {saved}", "error")
            case State.STOPPED:
                self._notices.add(f"process {look.process} was stopped: fg in its shell goes on", "warning")
            case State.QUIET:
                self._notices.add("no new figures for 30 s: it is in something long", "warning")
            case State.ABSENT:
                self._notices.add(f"{self.folder} holds no run any more", "error")
            case State.ENDED:
                self._notices.add(f"it ended at {step}; {saved}")
            case _:
                pass

    def _snapshot(self, look: Look, seen: Seen | None) -> Snapshot:
        before, story = self.mailbox.latest, self._story
        return Snapshot(
            number=before.number + 1,
            task=self.task,
            doing=_doing(look),
            paused=Paused.UNTIL_RESUMED if look.state in (State.PAUSED, State.STOPPED) else None,
            about=about(self._config, story, self.folder),
            figure=self._course.figure(look.standing),
            curves=self._course.curves(),
            files=Files(str(self.folder), None if story is None else story.saved.step),
            seen=observer_of(self.task).nothing if seen is None else seen,
            probed=kept_answer(self._probe, self.folder, self.task, self._course.last_step),
            notices=tuple(self._notices),
            shown_as="watched" if self.control is None else "controlled",
            acknowledged=self._applied,
        )


def _doing(look: Look) -> Status:
    if look.state is State.LOST or look.state is State.ABSENT:
        return Status.KILLED
    if look.state is State.ENDED:
        return ENDS[None if look.standing is None else look.standing.why]
    return Status.TRAINING


def about(config: Config, story: Story | None, folder: Path) -> About:
    """Which model learns from which data, as far as a checkpoint, or else the settings alone, tell."""
    made = About(kind_of(config.task).words.unit, model=config.shape, name=read_label(folder).name)
    if story is None:  # how large its network is follows from the data, which only a checkpoint knows
        return made
    made = replace(made, config=config, data_name=story.data_name, memory=story.memory)
    sizes = made.sizes
    return made if sizes is None else replace(made, parameters=parameter_count(config, sizes))
