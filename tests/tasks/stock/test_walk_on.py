"""A model of prices that goes on learning: each day is predicted before it is learnt from."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.adaptation.rules import Rule
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import finish
from lstm_model.tasks.registry import open_task
from lstm_model.tasks.stock.adaptive import walk, walk_forward
from lstm_model.tasks.stock.paths import PricePaths
from lstm_model.tasks.stock.task import StockTask

FAST = Rule(0.5, 0.0)


def task_of(folder: Path, closes: np.ndarray, **settings: Any) -> StockTask:
    folder.mkdir(exist_ok=True)
    dates = np.datetime64("2010-01-04") + np.arange(len(closes))
    rows = [f"{date},{close!r}" for date, close in zip(dates, closes.tolist(), strict=True)]
    (folder / "prices.csv").write_text("\n".join(["Date,Close", *rows]))
    config = preset_config(
        "stock", data=str(folder / "prices.csv"), hidden_size=6, seq_length=5, batch_size=8, **settings
    )
    task = open_task(config)
    assert isinstance(task, StockTask)
    return task


def prices(n: int = 160) -> np.ndarray:
    steps: np.ndarray = 100 * np.exp(np.cumsum(np.random.default_rng(4).normal(0, 0.01, n)))
    return steps


def walked(task: StockTask, part: str = "test", rule: Rule = FAST) -> PricePaths:
    model = task.build_model()
    before = model.parameters.flat.copy()
    found = finish(walk_forward(task, model, finish(task.paths(model)), part, rule)).paths
    assert (model.parameters.flat == before).all()
    return found


@pytest.mark.parametrize("horizons", [(1,), (1, 4), (3,)])
@pytest.mark.parametrize("loss_at", ["last", "every"])
def test_no_forecast_knows_what_its_day_and_those_after_it_bring(
    tmp_path: Path, horizons: tuple[int, ...], loss_at: str
) -> None:
    closes = prices()
    changed = 150  # a day of the test part: it and all that follow are others
    other = closes.copy()
    other[changed:] *= np.linspace(1.3, 2.0, len(closes) - changed)
    one, two = (
        walked(task_of(tmp_path / name, series, horizons=horizons, loss_at=loss_at))
        for name, series in (("one", closes), ("two", other))
    )
    for h in horizons:
        known = changed + h  # the first day that is spoken of by who has seen the changed close
        a, b = one.outlooks[h].predicted, two.outlooks[h].predicted
        np.testing.assert_array_equal(a[:known], b[:known])
        assert a[known] != b[known]


def test_a_day_is_learnt_from_once_it_is_over(tmp_path: Path) -> None:
    """Two walks that differ in one close: the weights after it differ, beyond the reach of the window as well."""
    closes = prices()
    other = closes.copy()
    other[140] *= 1.2
    one, two = (walked(task_of(tmp_path / name, series)) for name, series in (("one", closes), ("two", other)))
    moves = [np.log(paths.predicted[150:] / paths.closes[149:-1]) for paths in (one, two)]  # windows of 5 days
    assert (moves[0] != moves[1]).all()


def test_without_a_rate_it_says_what_the_model_says(tmp_path: Path) -> None:
    task = task_of(tmp_path, prices(), horizons=(1, 3))
    model = task.build_model()
    paths = finish(task.paths(model))
    found = finish(walk_forward(task, model, paths, "test", Rule(0.0, 0.0))).paths
    for h in (1, 3):
        np.testing.assert_allclose(found.outlooks[h].predicted, paths.outlooks[h].predicted, rtol=1e-6)
    days = task.data.parts["test"]
    np.testing.assert_array_equal(found.predicted[: days.start], paths.predicted[: days.start])
    assert (found.next_close, found.next_date) == (paths.next_close, paths.next_date)


def test_the_rate_is_found_on_the_validation_part_alone(tmp_path: Path) -> None:
    closes = prices()
    task = task_of(tmp_path / "one", closes)
    other = closes.copy()
    other[task.data.parts["test"].start :] *= 1.5
    found = []
    for name, series in (("one", closes), ("two", other)):
        task = task_of(tmp_path / name, series)
        model = task.build_model()
        told: list[float] = []
        found.append(finish(walk(task, model, finish(task.paths(model)), "test"), told.append))
        assert told == sorted(told)
    assert found[0].rule == found[1].rule
    assert found[0].searched == len(task.data.parts["val"])
