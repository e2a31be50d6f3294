"""A model of prices in a notebook: it forecasts, and is judged beside "no change"."""

from dataclasses import dataclass
from html import escape
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from lstm_model.digits import apart, number
from lstm_model.notebook.answers import Evaluation
from lstm_model.notebook.drawing import Line, Picture
from lstm_model.notebook.trained import Trained
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.settings.words import HeldOutPart
from lstm_model.tasks.base import default_part, finish
from lstm_model.tasks.stock.judging.walk_forward import judge, outlook
from lstm_model.tasks.stock.paths import PricePaths
from lstm_model.tasks.stock.reading.rows import shown_date
from lstm_model.tasks.stock.task import StockTask

SHOWN = 120  # days of a picture, unless told
WORDS = {"val": "validation", "test": "test"}


@dataclass(frozen=True, eq=False, repr=False)
class Foretold:
    """What a model says of each day, and of the one after the last.

    dates (N,); actual (N,) and predicted (N,) in the unit of the file, NaN for days without a forecast; part: the
    held-out days that the picture shows. next_date, next_close, and the interval next_low to next_high, None where the
    validation part is too short for one.
    """

    dates: NDArray[np.datetime64]
    actual: NDArray[np.float64]
    predicted: NDArray[np.float64]
    part: str
    shown: range
    next_date: str
    next_close: float
    next_low: float | None
    next_high: float | None
    level: float  # of the interval: the share of days that it should hold
    what: str = "price"

    def plot(self, days: int = SHOWN) -> Picture:
        """Actual and predicted prices of the held-out part: its last days, so many at most."""
        stop = self.shown.stop
        some = slice(max(self.shown.start, stop - days), stop)
        places = np.arange(some.start, stop, dtype=np.float64)
        ends = shown_date(self.dates[some][0]), shown_date(self.dates[some][-1])
        lines = (Line("actual", places, self.actual[some]), Line("forecast", places, self.predicted[some]))
        return Picture(lines, f"the end of the {WORDS[self.part]} part", self.what, ends)

    def __str__(self) -> str:
        said = f"{self.next_date}: {number(self.next_close)}"
        if self.next_low is None:
            return said
        return f"{said}, {100 * self.level:.0f} % interval {number(self.next_low)} to {number(self.next_high)}"

    def __repr__(self) -> str:
        return f"next: {self}"

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        return f"<p>{escape(repr(self))}</p>{self.plot().svg}"


class PriceModel(Trained):
    """A model of prices, see `Trained`."""

    _instead = ": ask it for a `forecast`"

    @property
    def task(self) -> StockTask:
        """The task, with the prices as they were read."""
        return cast("StockTask", super().task)

    def forecast(self) -> Foretold:
        """What the model says of every day that it can, one horizon ahead, and of the one after the last."""
        task = self.task
        with one_blas_thread():
            paths: PricePaths = finish(task.paths(self.model))
        part = default_part(task.parts)
        ahead: dict[str, Any] = outlook(task, paths, paths.horizon)
        return Foretold(
            paths.dates, paths.closes, paths.predicted, part, paths.judged_days(part), ahead["next_date"],
            ahead["next_close"], ahead["next_low"], ahead["next_high"], ahead["interval"]["level"],
            task.noun.series,
        )  # fmt: skip

    def _evaluated(self, part: HeldOutPart) -> Evaluation:
        """Errors beside those of "no change".

        figures: see `stock_metrics`; errors in the unit of the file, mape in per cent, skill and directional_accuracy
        as shares.
        """
        task = self.task
        paths = finish(task.paths(self.model))
        found = judge(task, paths, part)
        rows = [["", "this model", "no change"]]
        for name, word in (("rmse", "RMSE"), ("mae", "MAE"), ("mape", "MAPE, %"), ("r2", "R²")):
            rows.append([word, *apart(found[name], found[f"persistence_{name}"])])
        right = found["directional_accuracy"]
        rows.append(["direction right", "-" if right is None else f"{100 * right:.1f} %", ""])
        verdict = " ".join(str(found[name]) for name in ("verdict", "outside_verdict") if found[name])
        return Evaluation(self._title(part), {"part": part, **found}, rows, verdict, task.notes)
