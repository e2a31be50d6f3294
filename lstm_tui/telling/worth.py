"""What is worth telling of a run: it has ended, it has exploded, it has not become better for long."""

from collections.abc import Iterable, Iterator

from lstm_model.events import Event
from lstm_model.runs.events import CoachActed, Exploded, Finished, Validated, WentBack

VALIDATIONS = 10  # without a better one, before that is told
SHARE = 1 / 3  # of all steps so far, that must have passed since the best


class Worth:
    """Reads a run's events. name: what the run is called in what is told."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._best: int | None = None  # the step of the best validation, or of the first one that was heard of
        self._since = 0  # validations after it
        self._told = False

    def of(self, events: Iterable[Event]) -> Iterator[str]:
        """A line for each thing that is worth it."""
        for event in events:
            match event:
                case Finished(step=step):
                    yield f"{self._name}: finished at step {step:,}"
                case WentBack() | CoachActed():
                    yield f"{self._name}: {event}"
                case Exploded(reason=reason, step=step):
                    yield f"{self._name}: stopped at step {step:,}: {reason}"
                case Validated(full=False) if self._is_stuck(event):
                    yield f"{self._name}: no better since step {self._best:,}, at step {event.step:,} now"
                case _:
                    pass

    def _is_stuck(self, event: Validated) -> bool:
        """Whether the run has just been without a better validation for long; said once until there is one."""
        if event.best or self._best is None:
            self._best, self._since, self._told = event.step, 0, False
            return False
        self._since += 1
        if self._told or self._since < VALIDATIONS or event.step - self._best < SHARE * event.step:
            return False
        self._told = True
        return True
