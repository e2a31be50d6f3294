"""A forecast that repeats the last price looks excellent on a picture, and on every score of levels."""

from typing import cast

import numpy as np
from numpy.typing import NDArray

from lstm_model.errors import InputError
from lstm_model.lessons.outcome import Outcome, Progress
from lstm_model.runs.saved_model import SavedModel
from lstm_model.runs.shipped import shipped_model
from lstm_model.tasks.base import finish
from lstm_model.tasks.stock.task import StockTask


def outcome(progress: Progress) -> Outcome:
    """Judge the shipped model of prices as a careless report would, and then once more a day shifted."""
    path = shipped_model("stock")
    if path is None:
        raise InputError("the shipped model of prices is missing: install the program anew")
    trainer = SavedModel.read(path).trainer()
    task = cast(StockTask, trainer.task)
    paths = finish(task.paths(trainer.judged), progress)
    part = task.parts["test"]
    days = np.arange(part.start, part.stop - 1)
    close, predicted = paths.closes, paths.predicted
    rows = (
        ("the model", *scores(close[days], predicted[days], close[days - 1])),
        ("no change", *scores(close[days], close[days - 1], close[days - 1])),
        ("always down", None, None, 100 * float(np.mean(moves(close[days], close[days - 1]) < 0))),
        ("the model's line, a day earlier", *scores(close[days], predicted[days + 1], close[days - 1])),
    )
    return Outcome(
        "The shipped model forecasts the closes of its test part. The last row takes each forecast for the day"
        " before the one it was made for, which no forecast should like.",
        ("way", "RMSE", "R2", "direction right, %"),
        rows,
        "R2 is high for both: prices of two days are close together, so a line that comes a day late has it too."
        " Shifted a day to the left the line fits far better: it follows the price and does not foretell it. And"
        " always saying down is right about as often as the model.",
    )


def scores(
    true: NDArray[np.float64], predicted: NDArray[np.float64], before: NDArray[np.float64]
) -> tuple[float, float, float | None]:
    """RMSE, R2, and how often the direction was right, of the days that moved; None for a forecast of no move."""
    errors = true - predicted
    r2 = 1 - float(np.sum(errors**2) / np.sum((true - true.mean()) ** 2))
    moved, said = np.sign(true - before), np.sign(predicted - before)
    right = None if not said.any() else 100 * float(np.mean((moved == said)[moved != 0]))
    return float(np.sqrt(np.mean(errors**2))), r2, right


def moves(true: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """The moves of the days that moved."""
    found = true - before
    moved: NDArray[np.float64] = found[found != 0]
    return moved
