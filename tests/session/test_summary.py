"""The lines that stay on the normal screen after the app."""

import numpy as np
import pytest

from lstm_model.curves.history import Curve
from lstm_tui.session.snapshot import Figure, Paused, Snapshot, Status
from lstm_tui.session.summary import ASCII, BLOCKS, COLUMNS, curve, summary
from support.snapshots import changed


def curve_of(*values: float) -> Curve:
    made = Curve()
    for step, value in enumerate(values, start=1):
        made.add(step, value)
    return made


def ended(**changes: object) -> Snapshot:
    figure = Figure(step=1234, loss=1.05, val_loss=1.1, best_val_loss=1.0, best_step=1000, speed=32_100, elapsed=75)
    parts: dict[str, object] = {"unit": "chars", "figure": figure, "folder": "saves/run", "saved_step": 1234,
                                "train": curve_of(*np.linspace(4, 1, 90)).buckets()}  # fmt: skip
    return changed(Snapshot(1, "text", Status.TRAINING, Paused.UNTIL_RESUMED), **(parts | changes))


def test_it_says_how_far_a_run_came_and_how_to_go_on() -> None:
    first, second, third, last = summary(ended())
    assert first == "text: 1,234 steps in 1:15, 32.1k chars/s"
    assert second == "  loss 1.0500, validation 1.1000, lowest 1.0000 at step 1,000"
    assert third.split() == ["4.0000", curve(ended().curves.train, BLOCKS).split()[1], "1.0000"]
    assert last == "  saved at step 1,234 in saves/run; go on with: lstm-tui --load saves/run"
    assert all(len(line) <= 80 for line in (first, second, third, last))


@pytest.mark.parametrize("marks", [BLOCKS, ASCII])
def test_the_curve_falls_where_the_loss_falls(marks: str) -> None:
    _, shape, _ = curve(curve_of(*np.linspace(4, 1, 500)).buckets(), marks).split()
    assert len(shape) == COLUMNS
    assert shape == "".join(sorted(shape, key=marks.index, reverse=True))
    assert (shape[0], shape[-1]) == (marks[-1], marks[0])


@pytest.mark.parametrize("values", [(), (1.0,), (1.0, np.nan), (np.inf, np.inf)])
def test_no_curve_without_two_numbers(values: tuple[float, ...]) -> None:
    assert curve(curve_of(*values).buckets(), BLOCKS) == ""


def test_a_level_curve_is_level() -> None:
    assert curve(curve_of(2.0, 2.0, 2.0).buckets(), BLOCKS) == f"2.0000 {BLOCKS[0] * 3} 2.0000"


def test_ascii_is_ascii() -> None:
    assert all(line.isascii() for line in summary(ended(), ascii_only=True))


def test_what_was_not_saved_is_said() -> None:
    assert summary(ended(save_failed="the disk is full"))[-1] == "  NOT saved: the disk is full"
    assert summary(ended(saved_step=None))[-1] == "  nothing new to save; go on with: lstm-tui --load saves/run"
    assert summary(ended(folder=None))[-1] == "  nothing was saved"
    assert summary(ended(figure=Figure())) == ["text: nothing to save, no step was taken"]


def test_a_model_that_was_only_looked_at_leaves_nothing() -> None:
    assert summary(Snapshot(1, "text", Status.EVAL_ONLY)) == []
