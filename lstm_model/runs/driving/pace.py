"""How fast a run goes, over its last few seconds."""

from collections import deque
from typing import NamedTuple

EVERY, KEPT = 0.25, 20  # seconds between marks, and how many marks are looked back


class Moment(NamedTuple):
    """A moment of a run: all its time, the part of it that went into steps, and the steps taken."""

    elapsed: float
    stepping: float
    steps: int


class Pace:
    """Marks along a run. Times are in seconds, without pauses."""

    def __init__(self, elapsed: float, steps: int) -> None:
        self._now = Moment(elapsed, 0.0, steps)
        self._marks: deque[Moment] = deque([self._now], maxlen=KEPT)

    def step(self, elapsed: float, seconds: float, steps: int) -> bool:
        """Count a step that took some seconds; True if it was time for a mark."""
        self._now = Moment(elapsed, self._now.stepping + seconds, steps)
        if elapsed - self._marks[-1].elapsed < EVERY:
            return False
        self._marks.append(self._now)
        return True

    @property
    def speed(self) -> float:
        """Steps a second of training alone: what the model and the machine can do."""
        first, now = self._marks[0], self._now
        return (now.steps - first.steps) / (now.stepping - first.stepping) if now.stepping > first.stepping else 0.0

    @property
    def progress(self) -> float:
        """Steps a second with all that happens between them: what tells when the run will be done."""
        first, now = self._marks[0], self._now
        return (now.steps - first.steps) / (now.elapsed - first.elapsed) if now.elapsed > first.elapsed else 0.0
