"""Looking at what a model does while it trains: a sample of text, a forecast. Each task has its own way.

A look is a job in slices beside the steps, and its result an event of the task. The run queues looks when they are due
or asked for; what they are, and what else can be asked, the task alone knows.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from lstm_model.errors import InputError
from lstm_model.events import Event
from lstm_model.network.model import Network
from lstm_model.tasks.films import Film

Job = Generator[float, None, list[Event]]  # yields the share that is done, returns what happened


@dataclass(frozen=True, eq=False)
class Look:
    """A job to be queued; `kind` is its name."""

    kind: str
    job: Job
    at_once: bool = False  # ahead of all that waits, also of the job in hand, which goes on afterwards
    anew: bool = False  # in the place of those of its kind that are still to come or half done


class Looked(Protocol):
    """The run that is looked at, as far as a task sees it."""

    @property
    def model(self) -> Network:
        """The model that is measured and handed out."""

    @property
    def steps(self) -> int:
        """Steps taken."""

    @property
    def look_length(self) -> int | None:
        """How long a look is to be, in the task's items; None: as long as usual."""

    @property
    def files(self) -> Path | None:
        """The folder with what the run has written; None if there is none, or not yet."""

    def rng(self, count: int) -> np.random.Generator:
        """Random numbers for look `count` of this step. They follow from the seed, and training does not see them."""

    def write(self, action: Callable[[Path], None]) -> list[Event]:
        """Let an action write into the run's folder, if it has one; an event if that fails."""


class Looks:
    """How a run of a task is looked at. This one, for a task without looks, never does."""

    def __init__(self, task: Any, run: Looked) -> None:  # noqa: ARG002 - a task's own looks know their task
        self.run = run
        self.eval_only = False

    def begin(self, *, eval_only: bool) -> list[Look]:
        """What is to be seen at once of a run that was opened. eval_only: it will not train, and may show all."""
        self.eval_only = eval_only
        return self.first()

    def first(self) -> list[Look]:
        """What is to be seen at once: what is looked at anyway, of a model that has learnt something."""
        return self.due() if self.run.steps else []

    def due(self) -> list[Look]:
        """What shows best how far the model is: now and then, and on request."""
        return []

    def after_step(self) -> list[Look]:
        """What belongs to this step, whatever the clock says."""
        return []

    @property
    def film(self) -> Film | None:
        """What the model made of the same symbols as it learnt; None for a task that makes no movie."""
        return None

    def with_evaluation(self) -> list[Look]:
        """What is looked at when the whole validation part is measured."""
        return []

    @staticmethod
    def told(event: Event) -> str | None:  # noqa: ARG004 - a task whose looks are texts knows them
        """The text that a look gave, if that is what it gave."""
        return None

    @staticmethod
    def kept(folder: Path) -> Iterator[tuple[int, str]]:  # noqa: ARG004
        """The texts that a run's folder holds of earlier looks, each with its step, the oldest first."""
        return iter(())

    @staticmethod
    def film_in(folder: Path, up_to: int) -> Film | None:  # noqa: ARG004
        """The film that a run's folder holds, up to a step; None for a task that makes none."""
        return None

    def ask(self, request: object) -> list[Look]:
        """Do what is asked, a request of the task's own, and give the looks that follow from it."""
        raise InputError(f"this task cannot do what was asked: {type(request).__name__}")
