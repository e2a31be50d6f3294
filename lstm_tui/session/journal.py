"""What a session remembers: notices for the screen, and of each run what its events told."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime

from lstm_model.events import Event
from lstm_model.runs.events import (
    CoachActed,
    Exploded,
    Finished,
    Glimpsed,
    News,
    SaveDone,
    SaveFailed,
    Validated,
    WentBack,
)
from lstm_model.runs.run import Run
from lstm_tui.options.wording import with_flags
from lstm_tui.session.snapshot import Files, Notice, Severity


class Notices:
    """The last things worth saying once, numbered through the whole session."""

    KEPT = 20

    def __init__(self) -> None:
        self._kept: deque[Notice] = deque(maxlen=self.KEPT)
        self._count = 0

    def add(self, text: str, severity: Severity = "information") -> None:
        """Note something; settings in it are called as on the command line."""
        self._count += 1
        self._kept.append(Notice(self._count, with_flags(text), severity))

    def __iter__(self) -> Iterator[Notice]:
        return iter(self._kept)


class Journal:
    """Bounded memory of one run's events, as far as all tasks have them."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self.references: tuple[tuple[str, float], ...] = ()
        self.full_val_loss: tuple[int, float] | None = None
        self.glimpse: Glimpsed | None = None
        self.save_failed: str | None = None
        self._failing_since: datetime | None = None
        self._saved_step: int | None = None

    def note(self, events: list[Event]) -> None:
        """Take in what happened."""
        for event in events:
            match event:
                case Validated(step=step, loss=loss, full=True):
                    self.full_val_loss = step, loss
                case Glimpsed():
                    self.glimpse = event
                case SaveDone():
                    self._saved(event)
                case SaveFailed(reason=reason):
                    self._not_saved(with_flags(reason))
                case News(text=text):
                    self._notices.add(text, "warning")
                case Finished(step=step):
                    self._notices.add(f"finished at step {step:,}")
                case WentBack() | CoachActed():
                    self._notices.add(str(event), "warning")
                case Exploded(reason=reason):
                    self._notices.add(reason, "error")
                case _:
                    pass

    def _saved(self, event: SaveDone) -> None:
        self._saved_step = event.step
        if self.save_failed:
            self._notices.add("saving works again")
            self.save_failed = self._failing_since = None
        if event.kind == "step":
            self._notices.add(f"saved step {event.step:,} as {event.path}")

    def _not_saved(self, reason: str) -> None:
        if self.save_failed != reason:
            self._notices.add(f"{reason}; training goes on", "error")
        self.save_failed = reason
        self._failing_since = self._failing_since or datetime.now().astimezone()

    def files(self, run: Run) -> Files:
        """Where the run is saved, and whether it is."""
        folder = str(run.folder.path) if run.folder else None
        return Files(folder, self._saved_step, self.save_failed, self._failing_since)
