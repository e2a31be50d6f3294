"""Forecasts beside the training: when they come, and which parts are judged by them."""

from pathlib import Path

import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_model.tasks.stock.forecast import Forecast
from support.stepped import tiny_trainer


def looked(run: Run) -> list[Forecast]:
    """All forecasts that wait."""
    events = []
    while run.job:
        events += run.work()
    return [event for event in events if isinstance(event, Forecast)]


@pytest.mark.parametrize(("eval_only", "parts"), [(False, ["val"]), (True, ["val", "test"])])
def test_the_test_part_is_judged_only_where_nothing_trains(tmp_path: Path, eval_only: bool, parts: list[str]) -> None:
    run = Run(tiny_trainer(tmp_path, "stock"), None, Plan())
    run.begin(eval_only=eval_only)
    run.evaluate()
    at_the_start, with_the_evaluation = looked(run)
    for forecast in (at_the_start, with_the_evaluation):
        assert [score.part for score in forecast.scores] == parts
        assert forecast.scores[0].metrics["days"] == len(run.trainer.task.parts["val"])


def test_a_forecast_beyond_all_bounds_has_no_scores_and_ends_nothing(tmp_path: Path) -> None:
    run = Run(tiny_trainer(tmp_path, "stock"), None, Plan())
    run.trainer.model.parameters["head_bias"][...] = 1e30
    run.look()
    (forecast,) = looked(run)
    assert forecast.scores == ()
