"""The river: what is left of a gradient is what the trace says, the twin trains, and curves lie on a log axis."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.inside.trace import trace
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_model.tasks.base import finish
from lstm_tui.inside.view import Room, Spot
from lstm_tui.inside.views.river import BIASES, TWIN_STEPS, River, RiverProbe, Rivers, left_of
from lstm_tui.session.probing import Early, Making
from support.stepped import tiny_trainer


def made(run: Run, before: object | None = None) -> tuple[list[River], River]:
    """What is shown early, and the answer."""
    early: list[River] = []
    work = RiverProbe().made(run, before, steps=True)
    answers: list[object] = []

    def through() -> Making:
        answers.append((yield from work))
        return None

    for found in through():
        if isinstance(found, Early):
            assert isinstance(found.found, River)
            early.append(found.found)
    assert isinstance(answers[0], River)
    return early, answers[0]


@pytest.fixture(scope="module", params=["text", "stock"])
def answer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, list[River], River]:
    trainer = tiny_trainer(tmp_path_factory.mktemp("run"), request.param, seq_length=20)
    for _ in range(10):
        trainer.step()
    run = Run(trainer, None, Plan())
    return run, *made(run)


def test_this_network_comes_at_once_then_the_start_then_the_twin(answer: tuple[Run, list[River], River]) -> None:
    _, early, river = answer
    assert early[0].twin is None
    assert not early[0].fresh
    assert set(river.fresh) == set(BIASES)
    assert river.is_done
    assert river.twin is not None
    assert 0 < river.twin_steps <= TWIN_STEPS
    assert [shown.twin_steps for shown in early[1:]] == sorted(shown.twin_steps for shown in early[1:])


def test_the_second_answer_keeps_the_twin_and_follows_the_network(answer: tuple[Run, list[River], River]) -> None:
    run, _, river = answer
    run.trainer.judged.parameters.flat[...] *= 0.9
    early, again = made(run, river)
    assert early == []
    assert again.twin is river.twin
    assert not np.array_equal(again.ours, river.ours)


def test_what_is_left_is_the_norm_of_the_gradient_by_distance(tmp_path: Path) -> None:
    run = Run(tiny_trainer(tmp_path, "stock", seq_length=12), None, Plan())
    reading, model = run.trainer.task.reading(0, 0), run.trainer.judged
    left = finish(left_of(model, reading))  # type: ignore[arg-type]
    c = trace(model, reading.x[:, 0]).back(11, 0).states[0]["c"]
    norms = np.linalg.norm(c, axis=1)[::-1]
    np.testing.assert_allclose(left, norms / norms[0], rtol=1e-5)


def test_a_half_closed_forget_gate_lets_less_through_than_an_open_one(answer: tuple[Run, list[River], River]) -> None:
    fresh = answer[2].fresh
    assert fresh[0.0][8] < 0.5 * fresh[1.0][8]


def test_a_curve_stands_in_the_row_of_its_power_of_ten() -> None:
    left = 10.0 ** -np.linspace(0, 6, 61)
    view, room = Rivers(Spot()), Room(67, 33)
    view.take(River(left, "lstm"))
    view.at = 60
    rows = ["".join(text for text, _ in row) for row in view.drawn(River(left, "lstm"), room).rows]
    for power in range(-6, 1):
        row = next(line for line in rows if line.startswith("1 " if power == 0 else f"1e{power} "))
        assert row[6 - 10 * power] in "#:"


def test_v_shows_one_network_at_the_start_and_then_all(answer: tuple[Run, list[River], River]) -> None:
    view = Rivers(Spot())
    view.take(answer[2])
    names = []
    for _ in range(5):
        text = "".join(text for text, _ in view.drawn(answer[2], Room(100, 20)).rows[-1])
        names.append(text.count("at start"))
        view.other()
    assert names == [3, 1, 1, 1, 3]


def test_it_draws_on_any_room(answer: tuple[Run, list[River], River]) -> None:
    view = Rivers(Spot())
    view.take(answer[2])
    for size in ((1, 1), (7, 3), (78, 16), (156, 36)):
        said = view.drawn(answer[2], Room(*size)).reading
        assert max(map(len, said)) <= 100
