"""The first minute of a run: what is seen when, and that nothing of it changes the training."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.events import Glimpsed, Validated
from lstm_model.runs.run import Run
from lstm_model.tasks.text.writing.opening import usual_opening
from lstm_model.tasks.text.writing.sample import Sample
from support.stepped import tiny_trainer


class Clock:
    """Time that goes on by as much as a step is said to take."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step / 2  # it is read before a step and after it
        return self.now


def watched(
    folder: Path, seconds: float, every: float | None, step: float = 0.25
) -> tuple[Run, list[tuple[float, object]]]:
    """A run of so many seconds of training, and its events with their times."""
    run = Run(tiny_trainer(folder, validate_every=10_000), None, Plan(look_every=every, look_length=5), Clock(step))
    seen: list[tuple[float, object]] = []
    while run.trainer.elapsed < seconds:
        events = run.work() if run.job else run.step()
        seen += [(run.trainer.elapsed, event) for event in events]
    return run, seen


def test_samples_come_at_2_4_8_and_15_seconds_and_then_at_the_usual_pace(tmp_path: Path) -> None:
    _, seen = watched(tmp_path, 50, 15)
    times = [at for at, event in seen if isinstance(event, Sample)]
    assert times == pytest.approx([2, 4, 8, 15, 30, 45], abs=1)


@pytest.mark.parametrize(("every", "times"), [(None, []), (float("inf"), []), (1.5, [1.5, 2, 3.5, 4, 5.5])])
def test_a_pace_of_ones_own_holds_from_the_start_and_looks_on_request_alone_come_not_by_themselves(
    tmp_path: Path, every: float | None, times: list[float]
) -> None:
    _, seen = watched(tmp_path, 6, every, step=0.05)
    assert [at for at, event in seen if isinstance(event, Sample)] == pytest.approx(times, abs=0.3)


def test_a_first_validation_over_few_characters_comes_within_5_seconds_and_is_kept_nowhere(tmp_path: Path) -> None:
    run, seen = watched(tmp_path, 20, 15)
    glimpses = [(at, event) for at, event in seen if isinstance(event, Glimpsed)]
    at, event = glimpses[0]
    assert at < 5
    assert [at for at, _ in glimpses] == pytest.approx([2, 4, 8, 15], abs=1)  # with the samples, as nothing else comes
    assert event.items == len(run.trainer.task.parts["val"])  # so short a text is seen whole
    assert np.isfinite(event.loss)
    assert run.trainer.val_loss is None
    assert run.trainer.best_val_loss is None
    assert not len(run.trainer.history.val.buckets().step)
    assert not [event for _, event in seen if isinstance(event, Validated)]


def test_samples_and_the_first_validation_leave_the_training_as_it_is_to_the_last_bit(tmp_path: Path) -> None:
    looked, _ = watched(tmp_path, 20, 2)
    alone, _ = watched(tmp_path, 20, None)
    while alone.trainer.steps > looked.trainer.steps:
        looked.step()
    while looked.trainer.steps > alone.trainer.steps:
        alone.step()
    assert np.array_equal(looked.trainer.model.parameters.flat, alone.trainer.model.parameters.flat)
    assert looked.trainer.task.cursor() == alone.trainer.task.cursor()


@pytest.mark.parametrize(
    ("text", "gap", "opening"),
    [
        ("NAME\n    ls\n\nSYNOPSIS\n    ls -l\n\n\n" * 4, "\n\n\n", "\n\nSYNOPSIS\n"),
        ("It was. It is.\n\nMr Bennet came.\n\nShe went.\n\n" * 5, "\n\n", "\n\nShe "),
        ("first:\none\nfirst:\ntwo\nfirst:\nthree\nfirst:\nfour\n", "\n", "\nfirst:\n"),
        ("each line once\nand no other\n", "\n", "\n"),
        ("no line ends at all", "n", "n"),
    ],
)
def test_samples_start_as_pieces_of_the_text_itself_start(text: str, gap: str, opening: str) -> None:
    assert usual_opening(text, gap) == opening
