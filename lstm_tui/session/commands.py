"""What the screen can ask of a session: each command foretells its effect on a snapshot, and applies itself.

A command is applied between two training steps. A step can take a second, and a key is to answer at once: until then
the screen shows what the command foretells.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Protocol

from lstm_model.errors import InputError
from lstm_tui.session.probing import Probe
from lstm_tui.session.requests import Request
from lstm_tui.session.shown import Shown
from lstm_tui.session.snapshot import Paused, Snapshot


class Target(Protocol):
    """What a command may reach of a session; only the worker's thread applies commands."""

    paused: Paused | None

    @property
    def sides(self) -> list[Shown]:
        """The run, and the one it is compared with where there is one; empty until the data are read."""

    def load(self, path: Path) -> None:
        """Go on with another checkpoint."""

    def stop(self, *, save: bool, insist: bool) -> None:
        """End the session."""


@dataclass(frozen=True)
class Command(ABC):
    """Something that is asked of a session."""

    def foretold(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot as it will be after the command, as far as that is known before."""
        return snapshot

    @abstractmethod
    def apply(self, target: Target) -> None:
        """Do it. An LSTMError says why it cannot be done."""


# To the session


@dataclass(frozen=True)
class _Pausing(Command):
    """A command that begins or ends a pause."""

    @staticmethod
    @abstractmethod
    def after(paused: Paused | None) -> Paused | None:
        """The pause that follows from the one before."""

    def foretold(self, snapshot: Snapshot) -> Snapshot:
        """Paused or not."""
        return replace(snapshot, paused=self.after(snapshot.paused))

    def apply(self, target: Target) -> None:
        """Step no more, or again."""
        target.paused = self.after(target.paused)


@dataclass(frozen=True)
class Pause(_Pausing):
    """Stop stepping."""

    @staticmethod
    def after(paused: Paused | None) -> Paused | None:  # noqa: ARG004
        """Paused, whatever was before."""
        return Paused.UNTIL_RESUMED


@dataclass(frozen=True)
class Resume(_Pausing):
    """Go on stepping."""

    @staticmethod
    def after(paused: Paused | None) -> Paused | None:  # noqa: ARG004
        """Not paused, whatever was before."""
        return None


@dataclass(frozen=True)
class Leave(_Pausing):
    """Stop stepping while another session is on the screen."""

    @staticmethod
    def after(paused: Paused | None) -> Paused | None:
        """A pause that was there stays what it was."""
        return paused or Paused.WHILE_AWAY


@dataclass(frozen=True)
class Return(_Pausing):
    """Be on the screen again: go on stepping, unless it was paused before it was left."""

    @staticmethod
    def after(paused: Paused | None) -> Paused | None:
        """The pause of `Leave` ends."""
        return None if paused is Paused.WHILE_AWAY else paused


@dataclass(frozen=True)
class Load(Command):
    """Go on with another checkpoint of the same task; the run at hand is saved first."""

    path: Path

    def apply(self, target: Target) -> None:
        """Read it."""
        target.load(self.path)


@dataclass(frozen=True)
class Stop(Command):
    """End the session. insist: end also if it cannot be saved, which loses its newest steps."""

    save: bool = True
    insist: bool = True

    def apply(self, target: Target) -> None:
        """Save and end."""
        target.stop(save=self.save, insist=self.insist)


@dataclass(frozen=True)
class ReadName(Command):
    """Look again what a person calls the run: the list of runs may have changed it."""

    def apply(self, target: Target) -> None:
        """Read the names of what is shown."""
        for shown in target.sides:
            shown.read_name()


# To the run


@dataclass(frozen=True)
class RunCommand(Command):
    """A command to the run; `about_both`: also to the one it is compared with."""

    about_both: ClassVar[bool] = False

    def apply(self, target: Target) -> None:
        """Apply it to the runs it is about."""
        if not target.sides:
            raise InputError("the data are still being read")
        for shown in target.sides if self.about_both else target.sides[:1]:
            self.apply_to(shown)

    @abstractmethod
    def apply_to(self, shown: Shown) -> None:
        """Apply it to one run."""


@dataclass(frozen=True)
class Save(RunCommand):
    """Write a checkpoint that later saves do not replace."""

    def apply_to(self, shown: Shown) -> None:
        """Write it now."""
        if shown.run.folder is None:
            raise InputError("evaluation-only mode writes nothing")
        shown.note(shown.run.save("step"))


@dataclass(frozen=True)
class WatchStep(RunCommand):
    """Pause, and take one step of which all is told. What is measured now is measured to its end before it."""

    def foretold(self, snapshot: Snapshot) -> Snapshot:
        """Paused, and the step awaited."""
        watched = replace(snapshot.watched, awaited=True)
        return replace(snapshot, paused=Paused.UNTIL_RESUMED, watched=watched)

    def apply(self, target: Target) -> None:
        """Ask for the step, and pause."""
        super().apply(target)
        target.paused = Paused.UNTIL_RESUMED

    def apply_to(self, shown: Shown) -> None:
        """It is taken as the next one."""
        if shown.eval_only or shown.run.finished or shown.run.diverged:
            raise InputError("no step was taken: nothing trains any more")
        shown.watched = replace(shown.watched, awaited=True)


@dataclass(frozen=True)
class SetLearningRate(RunCommand):
    """Set the rate that the schedule scales."""

    rate: float

    def foretold(self, snapshot: Snapshot) -> Snapshot:
        """The rate of the schedule changes in the same ratio."""
        figure = snapshot.figure
        if not figure.base_rate:
            return snapshot
        now = figure.learning_rate * self.rate / figure.base_rate
        return replace(snapshot, figure=replace(figure, base_rate=self.rate, learning_rate=now))

    def apply_to(self, shown: Shown) -> None:
        """It holds from the next step on."""
        shown.run.set_rate(self.rate)


@dataclass(frozen=True)
class TakeReferences(RunCommand):
    """Show what the loss is held against, found beside the training. Names and losses."""

    references: tuple[tuple[str, float], ...]

    def apply_to(self, shown: Shown) -> None:
        """Remember them."""
        shown.journal.references = self.references


@dataclass(frozen=True)
class Look(RunCommand):
    """Look at what the model does now, in the task's way: write a sample, predict all days."""

    about_both: ClassVar[bool] = True

    def apply_to(self, shown: Shown) -> None:
        """Queue it; where nothing is trained, ahead of the long measurements."""
        shown.run.look(at_once=shown.eval_only)


@dataclass(frozen=True)
class Evaluate(RunCommand):
    """Measure the whole validation part."""

    about_both: ClassVar[bool] = True

    def apply_to(self, shown: Shown) -> None:
        """Queue it, with what the task looks at then."""
        shown.run.evaluate()


@dataclass(frozen=True)
class Ask(RunCommand):
    """What one task's face asks of its runs."""

    about_both: ClassVar[bool] = True
    request: Request

    def foretold(self, snapshot: Snapshot) -> Snapshot:
        """What will be seen, as far as the request knows."""
        return replace(snapshot, seen=self.request.foretold(snapshot.seen))

    def apply_to(self, shown: Shown) -> None:
        """Hand the request to the run's looks."""
        shown.run.ask(self.request.asked(shown.observer.seen(shown.run)))


@dataclass(frozen=True)
class LookInside(RunCommand):
    """Make what an open view shows, from now on; None: no view is open."""

    about_both: ClassVar[bool] = True
    probe: Probe | None

    def foretold(self, snapshot: Snapshot) -> Snapshot:
        """What was found for another view is none of this one's."""
        rival = snapshot.rival and replace(snapshot.rival, probed=snapshot.rival.probed.asking(self.probe))
        return replace(snapshot, probed=snapshot.probed.asking(self.probe), rival=rival)

    def apply_to(self, shown: Shown) -> None:
        """It is made between the steps to come."""
        shown.prober.ask(self.probe)
