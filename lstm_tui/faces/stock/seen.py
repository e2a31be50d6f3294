"""What is seen of a run over prices: its forecast of all days, and what that is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

from lstm_model.events import Event
from lstm_model.runs.run import Run
from lstm_model.tasks.stock.forecast import Forecast, Scores
from lstm_tui.session.seen import Observer, Seen


@dataclass(frozen=True, eq=False)
class StockSeen(Seen):
    """What a model predicted last."""

    forecast: Forecast | None = None

    @property
    def scores(self) -> tuple[Scores, ...]:
        """How good the forecast is, part by part."""
        return () if self.forecast is None else self.forecast.scores


class StockObserver(Observer):
    """See `Observer`."""

    nothing = StockSeen()

    def __init__(self) -> None:
        self._seen = self.nothing

    def note(self, events: Sequence[Event], run: Run) -> None:  # noqa: ARG002
        """Take in forecasts."""
        for event in events:
            if isinstance(event, Forecast):
                self._seen = StockSeen(event)

    def seen(self, run: Run) -> StockSeen:  # noqa: ARG002
        """What there is to see now."""
        return self._seen


OBSERVER = StockObserver
