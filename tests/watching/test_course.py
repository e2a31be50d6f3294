"""The curves of a run as its files tell them: a checkpoint's, rows after it, and nothing that was left again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lstm_model.curves.history import Mark
from lstm_model.runs.events import Figures
from lstm_model.runs.remote.standing import Doing, Standing
from lstm_model.runs.story import Story, read_story
from lstm_tui.watching.course import Course

Files = dict[str, Path]


def row(step: int, loss: float = 2.0, val_loss: float | None = None, elapsed: float | None = None) -> Figures:
    return Figures(step, step / 100, loss, val_loss, 0.01, 1.0, 1e4, step / 10 if elapsed is None else elapsed)


@pytest.fixture
def story(runs: Files) -> Story:
    """A checkpoint of step 6, with a curve of six steps, written after 0.6 s."""
    return replace(read_story(runs["text"] / "last.safetensors"), elapsed=0.6)


def test_the_curve_of_the_checkpoint_goes_on_with_the_rows_after_it(story: Story) -> None:
    course = Course()
    course.add([row(3, 9.0), row(6, 9.0), row(10, 1.5, val_loss=1.25)])
    course.tell(story)
    curves, figure = course.curves(), course.figure(None)
    assert curves.train.step.tolist() == [1, 2, 3, 4, 5, 6, 10]
    np.testing.assert_array_equal(curves.train.mean[:6], story.train.mean)
    assert curves.train.mean[-1] == 1.5
    assert curves.val.step.tolist()[-1] == 10
    assert (figure.step, figure.loss, figure.val_loss, figure.best_val_loss, figure.best_step) == (
        10,
        1.5,
        1.25,
        1.25,
        10,
    )


def test_what_a_run_that_went_back_has_left_is_cut_off_until_a_newer_checkpoint_tells_it_right(story: Story) -> None:
    course = Course()
    course.tell(story)
    course.add([row(8), row(4, 1.0, elapsed=0.9), row(5, 0.9, elapsed=1.0)])
    curves = course.curves()
    assert curves.train.step.tolist() == [1, 2, 3, 4, 5]
    assert curves.train.mean[-2:].tolist() == [1.0, 0.9]
    assert Mark(4, "back") in curves.marks
    course.tell(replace(story, elapsed=1.5))  # of the same step by chance, and written after it
    assert course.curves().train.step.tolist() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("standing", "progress", "eta", "has_limit"),
    [
        (None, 0.2, 8.0, False),  # of the epoch: 100 steps, 10 a second
        (Standing(Doing.TRAINING, last_step=40), 0.5, 2.0, True),
        (Standing(Doing.TRAINING, last_s=10.0), 0.2, 8.0, True),
    ],
)
def test_how_far_a_run_is_follows_from_its_rows_and_its_limit(
    standing: Standing | None, progress: float, eta: float, has_limit: bool
) -> None:
    course = Course()
    course.add([row(10), row(20)])
    figure = course.figure(standing)
    assert figure.progress == pytest.approx(progress)
    assert figure.eta == pytest.approx(eta)
    assert figure.has_limit is has_limit


def test_up_to_a_step_all_is_as_it_was_then(story: Story) -> None:
    course = Course()
    course.add([row(3, 5.0), row(6, 4.0), row(10, 1.5, val_loss=1.25)])
    course.tell(story)
    assert course.curves(until=5).train.step.tolist() == [1, 2, 3, 4, 5]
    figure = course.figure(None, until=5)
    assert (figure.step, figure.loss, figure.best_val_loss) == (3, 5.0, None)
