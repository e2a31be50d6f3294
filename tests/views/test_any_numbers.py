"""Views draw whatever numbers a model has: after an explosion there may be none."""

from pathlib import Path

import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_tui.inside.table import VIEWS
from lstm_tui.inside.view import Room, Spot
from support.probed import answer
from support.stepped import tiny_trainer


@pytest.mark.parametrize("value", [float("nan"), 1e30])
@pytest.mark.parametrize("task", ["text", "stock"])
def test_every_view_draws_a_model_with_weights_out_of_all_proportion(tmp_path: Path, task: str, value: float) -> None:
    trainer = tiny_trainer(tmp_path, task)
    trainer.step()
    for model in (trainer.model, trainer.judged):
        model.parameters.flat[...] = value
    run = Run(trainer, None, Plan())
    for entry in VIEWS:
        view = entry.view(Spot())
        for _ in range(4 if entry.name == "Health" else 1):  # all that `v` shows
            found = answer(view.probe(), run)
            view.take(found)
            for room in (Room(76, 13), Room(76, 13, ascii_only=True, plain=True), Room(20, 3)):
                drawn = view.drawn(found, room)
                assert all(sum(len(text) for text, _ in row) == room.width for row in drawn.rows)
                assert drawn.reading
            view.other()


@pytest.mark.parametrize("cell", ["gru", "rnn"])
def test_every_view_draws_other_cells_or_says_why_not(tmp_path: Path, cell: str) -> None:
    trainer = tiny_trainer(tmp_path, cell=cell, num_layers=2)
    trainer.step()
    run = Run(trainer, None, Plan())
    for entry in VIEWS:
        view = entry.view(Spot())
        for _ in range(4 if entry.name == "Health" else 1):
            found = answer(view.probe(), run)
            view.take(found)
            drawn = view.drawn(found, Room(76, 13))
            assert drawn.reading
            assert bool(drawn.rows) != (cell == "rnn" and entry.name == "Gates")  # it has none
            view.other()
