"""The beam view: each earlier step shines by its gradient, and the marks are where they say."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.inside.trace import trace
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_tui.inside.page import Page
from lstm_tui.inside.view import Room, Spot
from lstm_tui.inside.views.beam import BLOCK, LENGTH, Beam, BeamProbe, Beams, within
from support.probed import answer
from support.stepped import tiny_trainer


def run_of(folder: Path, task: str = "text") -> Run:
    trainer = tiny_trainer(folder, task, num_layers=2)
    for _ in range(5):
        trainer.step()
    return Run(trainer, None, Plan())


def test_each_prediction_of_a_block_has_its_own_gradient(tmp_path: Path) -> None:
    run = run_of(tmp_path)
    found = answer(BeamProbe(0, 1), run)
    assert isinstance(found, Beams)
    reading = run.trainer.task.reading(0, LENGTH)
    assert reading.targets is not None
    assert reading.before is not None
    model = run.trainer.judged
    state = tuple(part.copy() for part in model.forward(reading.before)[1])
    whole = trace(model, reading.x[:, 0], state)
    assert list(found.by_step) == list(range(BLOCK, 2 * BLOCK))
    for end, norms in found.by_step.items():
        target = int(reading.targets[end, 0])
        np.testing.assert_allclose(norms, whole.back(end, target).reach[: end + 1], rtol=1e-3, atol=1e-9)
        assert found.chances[end] == pytest.approx(float(np.exp(whole.log_p[end, target])), rel=1e-4)


def test_of_prices_the_forecast_is_followed_back_over_its_window(tmp_path: Path) -> None:
    run = run_of(tmp_path, "stock")
    found = answer(BeamProbe(0, 0), run)
    assert isinstance(found, Beams)
    reading = run.trainer.task.reading(0, LENGTH)
    whole = trace(run.trainer.judged, reading.x[:, 0])
    T = len(reading.labels)
    np.testing.assert_allclose(found.by_step[T - 1], whole.back(T - 1, 0).reach, rtol=1e-4)
    view = Beam(Spot())
    view.take(found)
    view.to_end(last=True)
    said = view.drawn(found, Room(76, 12)).reading[0]
    share = found.by_step[T - 1][-1] / found.by_step[T - 1].sum()
    assert said.startswith(reading.labels[-1])
    assert f"{100 * share:.1f} % of what the forecast hangs on" in said


def test_the_character_before_shines_and_t_and_the_half_life_are_marked(tmp_path: Path) -> None:
    run = run_of(tmp_path)
    view = Beam(Spot())
    view.at = 20
    found = answer(view.probe(), run)
    assert isinstance(found, Beams)
    view.take(found)
    drawn = view.drawn(found, Room(200, 12))
    roles = [
        role or "" for row, steps in zip(drawn.rows, Page(found.reading.labels, 200).rows, strict=False)
        for role in [role for text, role in row for _ in text][: len(steps)]
    ]  # fmt: skip
    norms = found.by_step[19]
    assert sum("mark" in role for role in roles) in (1, 2)
    assert "mark" in roles[20 - found.trained]
    assert "ongate7" in roles[int(norms.argmax())]
    assert roles[20] == "cursor"
    assert set(roles[21:40]) == {"faint"}


def test_half_of_a_gradient_lies_within_the_last_steps() -> None:
    assert within(np.array([1.0, 1.0, 1.0, 1.0])) == 2
    assert within(np.array([0.0, 0.0, 0.0, 5.0])) == 1
