"""Longer pieces of work beside the steps, one after the other and each in slices."""

from collections import deque

from lstm_model.events import Event
from lstm_model.tasks.looks import Job


class Jobs:
    """The jobs that wait, each with its kind; the first is in hand, and `share` of it is done."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, Job]] = deque()
        self.share = 0.0

    @property
    def kind(self) -> str | None:
        """The kind of the job in hand; None if there is none."""
        return self._waiting[0][0] if self._waiting else None

    def add(self, kind: str, job: Job, *, at_once: bool = False) -> None:
        """Queue a job; at_once: ahead of all others, also of the one in hand, which goes on afterwards."""
        (self._waiting.appendleft if at_once else self._waiting.append)((kind, job))

    def drop(self, kind: str) -> None:
        """Forget the jobs of a kind, half done or not."""
        if self.kind == kind:
            self.share = 0.0
        self._waiting = deque(job for job in self._waiting if job[0] != kind)

    def give_up(self) -> str:
        """Forget the job in hand, which cannot go on; its kind."""
        kind, _ = self._waiting.popleft()
        self.share = 0.0
        return kind

    def advance(self) -> list[Event]:
        """Do a slice of the job in hand; what happened, once it is done."""
        try:
            self.share = next(self._waiting[0][1])
        except StopIteration as done:
            self._waiting.popleft()
            self.share = 0.0
            happened: list[Event] = done.value
            return happened
        return []
