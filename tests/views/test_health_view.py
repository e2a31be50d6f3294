"""The health view: updates are those that training made, and what is told of units and parts is the library's."""

import re
from pathlib import Path

import numpy as np
import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_tui.inside.view import Room, Spot
from lstm_tui.inside.views.health import KEPT, AblationProbe, Health, Pace, PaceProbe, UnitsHealthProbe
from lstm_tui.session.probing import Prober
from support.probed import answer, long_trainer


@pytest.fixture
def run(tmp_path: Path) -> Run:
    trainer = long_trainer(tmp_path)
    for _ in range(3):
        trainer.step()
    return Run(trainer, None, Plan())


def measured(prober: Prober, run: Run) -> Pace:
    prober.advance(run, steps=True)
    run.step()
    prober.advance(run, steps=True)
    pace = prober.probed.found
    assert isinstance(pace, Pace)
    return pace


def test_the_ratio_is_that_of_the_very_step_that_was_taken(run: Run) -> None:
    prober, parameters = Prober(clock=lambda: 0.0), run.trainer.model.parameters
    prober.ask(PaceProbe())
    for count in (1, 2, 3):
        before = {name: values.copy() for name, values in parameters.items()}
        pace = measured(prober, run)
        assert len(pace.steps) == count
        assert pace.steps[-1] == run.trainer.steps
        for ratio, (name, values) in zip(pace.ratios[-1], parameters.items(), strict=True):
            assert ratio == pytest.approx(np.linalg.norm(values - before[name]) / np.linalg.norm(values), rel=1e-4)
    view = Health(Spot())
    drawn = view.drawn(pace, Room(76, 12))
    assert f"weight_ih_l0: update / weights {pace.ratios[-1][0]:.2e}" in drawn.reading[0]
    assert "1e-3" in "".join(text for row in drawn.rows for text, _ in row)


def test_memory_of_the_pace_is_bounded_and_keeps_the_newest(run: Run) -> None:
    prober = Prober(clock=lambda: 0.0)
    prober.ask(PaceProbe())
    full = Pace(tuple(range(-KEPT, 0)), ((0.0,) * 5,) * KEPT)
    made = PaceProbe().made(run, full, steps=True)
    next(made)
    run.step()
    with pytest.raises(StopIteration) as done:
        next(made)
    pace = done.value.value
    assert KEPT // 2 <= len(pace.steps) <= KEPT // 2 + 1
    assert pace.steps[-1] == run.trainer.steps
    assert len(pace.ratios) == len(pace.steps)


def test_a_paused_run_has_no_update_but_histograms(run: Run) -> None:
    pace = answer(PaceProbe(), run)
    assert isinstance(pace, Pace)
    view = Health(Spot())
    assert "while nothing trains" in "".join(text for row in view.drawn(pace, Room(76, 12)).rows for text, _ in row)
    view.other()
    drawn = view.drawn(pace, Room(76, 12))
    count = run.trainer.model.parameters["weight_ih_l0"].size
    assert f"weight_ih_l0: {count:,} weights" in drawn.reading[0]


def test_units_that_say_nothing_are_counted_and_parts_are_ranked_by_what_they_cost(run: Run) -> None:
    view = Health(Spot())
    parameters = run.trainer.judged.parameters
    for name, value in (("weight_ih_l0", 0), ("weight_hh_l0", 0), ("bias_l0", -100)):
        parameters[name][24:30] = value  # the output gates of six units stay shut
    assert view.drawn(answer(UnitsHealthProbe(), run), Room(76, 12)).reading[0].startswith("6 of 8 units are dead")
    drawn = view.drawn(answer(AblationProbe(), run), Room(76, 12))
    texts = ["".join(text for text, _ in row) for row in drawn.rows]
    costs = [float(found[0]) for text in texts if (found := re.search(r"[+-]\d+\.\d{4}", text))]
    assert len(costs) == 4
    assert costs == sorted(costs, reverse=True)
