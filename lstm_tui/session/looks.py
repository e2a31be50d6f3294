"""What a session remembers of what its model wrote, predicted and read."""

from collections import deque
from collections.abc import Collection

from lstm_model.runs.events import Event, Forecast, PassageRead, SaveFailed
from lstm_model.runs.run import Run
from lstm_model.tasks.stock.judging.walk_forward import judge
from lstm_model.tasks.stock.task import StockTask
from lstm_model.tasks.text.sample import Sample
from lstm_model.tasks.text.surprise import Passage
from lstm_model.tasks.text.task import TextTask
from lstm_tui.session.seen import Scores, Seen


class Looks:
    """Bounded memory of what a run wrote, predicted or read; with_test: whether the test part may be scored."""

    KEPT_SAMPLES = 50

    def __init__(self, *, with_test: bool) -> None:
        self._with_test = with_test
        self._samples: deque[Sample] = deque(maxlen=self.KEPT_SAMPLES)
        self._unwritten = 0
        self._forecast: Forecast | None = None
        self._scores: tuple[Scores, ...] = ()
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
                    self._forecast, self._scores = event, self._score(event, run)
                case PassageRead(passage=passage):
                    self._passage = passage
                case _:
                    pass

    def _score(self, forecast: Forecast, run: Run) -> tuple[Scores, ...]:
        """Errors beside those of "tomorrow = today"; the test part stays unseen while there is training to do."""
        task, paths = run.trainer.task, forecast.paths
        if not isinstance(task, StockTask):
            return ()
        parts = ("val", "test") if self._with_test and paths.parts["test"] else ("val",)
        return tuple(Scores(part, judge(task, paths, part)) for part in parts)

    def take(self, run: Run) -> Seen:
        """What there is to see now."""
        task = run.trainer.task
        return Seen(
            V=len(task.corpus.vocabulary) if isinstance(task, TextTask) else 0,
            temperature=run.choice.temperature,
            prompt=run.prompt,
            samples=tuple(self._samples),
            samples_file=run.samples_file,
            unwritten=self._unwritten,
            forecast=self._forecast,
            scores=self._scores,
            passage=self._passage,
        )
