"""Looking at a model of prices: it says every day's close, and is judged by it."""

from lstm_model.errors import WorkError
from lstm_model.tasks.looks import Job, Look, Looked, Looks
from lstm_model.tasks.stock.forecast import Forecast, Scores
from lstm_model.tasks.stock.judging.walk_forward import judge
from lstm_model.tasks.stock.paths import PricePaths
from lstm_model.tasks.stock.task import StockTask


class StockLooks(Looks):
    """Forecasts. They are cheap, so one is made at every opportunity, also of a model that has learnt nothing yet."""

    def __init__(self, task: StockTask, run: Looked) -> None:
        super().__init__(task, run)
        self.task = task

    def first(self) -> list[Look]:
        """A forecast."""
        return self.due()

    def due(self) -> list[Look]:
        """A forecast."""
        return [Look("forecast", self._forecast())]

    def with_evaluation(self) -> list[Look]:
        """A forecast: its scores tell more than the loss."""
        return self.due()

    def _forecast(self) -> Job:
        paths = yield from self.task.paths(self.run.model)
        return [Forecast(self.run.steps, paths, self._scores(paths))]

    def _scores(self, paths: PricePaths) -> tuple[Scores, ...]:
        """The test part stays unseen while there is training to do. Forecasts beyond all bounds have no scores."""
        parts = ("val", "test") if self.eval_only and paths.parts["test"] else ("val",)
        try:
            return tuple(Scores(part, judge(self.task, paths, part)) for part in parts)
        except WorkError:
            return ()
