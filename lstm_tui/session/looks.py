"""What a session remembers of what its model wrote, predicted and read."""

from collections import deque
from collections.abc import Collection

from lstm_model.events import Event
from lstm_model.runs.events import SaveFailed
from lstm_model.runs.run import Run
from lstm_model.tasks.stock.forecast import Forecast
from lstm_model.tasks.text.looks import PassageRead, TextLooks
from lstm_model.tasks.text.sample import Sample
from lstm_model.tasks.text.surprise import Passage
from lstm_tui.session.seen import Seen


class Looks:
    """Bounded memory of what a run wrote, predicted or read."""

    KEPT_SAMPLES = 50

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque(maxlen=self.KEPT_SAMPLES)
        self._unwritten = 0
        self._forecast: Forecast | None = None
        self._passage: Passage | None = None

    def note(self, events: Collection[Event], run: Run) -> None:
        """Take in what happened."""
        is_written = run.folder is not None and not any(isinstance(event, SaveFailed) for event in events)
        for event in events:
            match event:
                case Sample():
                    self._samples.append(event)
                    self._unwritten = 0 if is_written else min(self._unwritten + 1, self.KEPT_SAMPLES)
                case Forecast():
                    self._forecast = event
                case PassageRead(passage=passage):
                    self._passage = passage
                case _:
                    pass

    def take(self, run: Run) -> Seen:
        """What there is to see now."""
        text = run.looks if isinstance(run.looks, TextLooks) else None
        return Seen(
            temperature=text.choice.temperature if text else Seen.temperature,
            prompt=text.prompt if text else "",
            samples=tuple(self._samples),
            samples_file=text.samples_file if text else None,
            unwritten=self._unwritten,
            forecast=self._forecast,
            passage=self._passage,
        )
