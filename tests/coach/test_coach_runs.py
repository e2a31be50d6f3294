"""What the coach says of real runs: each line is provoked through the trainer, and none is a false alarm."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lstm_model.coach.rules import Advice, Coach
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.data_files import shipped
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer
from support.coached import course_of, followed, kinds, recorded, said, until
from support.stepped import explode, write_prices, write_text

SMALL = {"hidden_size": 16, "batch_size": 4, "seq_length": 16, "validate_every": 20, "threads": 1}
Begin = Callable[..., Run]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    def make(text: str, preset: str = "quick", **settings: object) -> Run:
        path = write_text(tmp_path, text)
        return Run(Trainer(open_task(preset_config("text", preset, data=str(path), **{**SMALL, **settings}))), None)

    return make


def letters(count: int) -> str:
    """A text in which nothing can be learnt but by heart."""
    return "".join(np.random.default_rng(1).choice(list("abcdefgh"), count))


def pages(count: int = 60_000) -> str:
    return shipped("text").read_text(encoding="utf-8")[:count]


def last(lines: list[Advice | None]) -> Advice:
    assert lines[-1] is not None
    return lines[-1]


def test_a_text_that_is_learnt_by_heart_is_overfitted_and_the_step_of_the_best_is_named(begin: Begin) -> None:
    run = begin(letters(3000), hidden_size=32, batch_size=8)
    lines = said(run, 600)
    assert kinds(lines) == ["overfitting"]
    assert f"since step {run.trainer.best_step:,}," in last(lines).text
    assert last(lines).action == "new_run"


def test_a_rate_at_which_the_loss_explodes_is_too_high(begin: Begin) -> None:
    lines = said(begin(pages(), learning_rate=5.0, hidden_size=64, batch_size=8, validate_every=100), 250)
    assert kinds(lines) == ["rate too high"]
    assert "above that of a guess" in last(lines).text
    assert last(lines).action == "rate(-1)"


def test_a_rate_at_which_nothing_is_learnt_is_too_high(begin: Begin) -> None:
    lines = said(begin(pages(), learning_rate=5.0, validate_every=100), 640, counted=True)
    assert "stays high" in last(lines).text
    assert last(lines).action == "rate(-1)"


def test_a_rate_that_is_raised_too_far_in_a_good_run_is_too_high_until_it_is_lowered(begin: Begin) -> None:
    run = begin(pages(), validate_every=100, batch_size=16)
    coach = Coach()

    def line_at(step: int) -> str | None:
        while run.trainer.steps < step:
            run.work() if run.job else run.step()
            if run.trainer.steps % 20 == 0:
                coach.look(course_of(run.trainer))
        return coach.advice.kind if coach.advice else None

    assert line_at(600) == "falling"
    run.set_rate(4.0)
    assert line_at(900) == "rate too high"
    run.set_rate(0.01)
    assert line_at(1400) != "overfitting"  # validation is far above its best, and training falls: but from far above


def test_a_tiny_rate_is_too_low(begin: Begin) -> None:
    run = begin(pages(), learning_rate=5e-5, validate_every=100)
    lines = said(run, 560, counted=True)
    assert kinds(lines) == ["rate too low"]
    assert last(lines).action == "rate(1)"


def test_the_classic_preset_with_a_tight_clip_is_clipped_in_most_steps(begin: Begin) -> None:
    assert "clipped" in kinds(said(begin(pages(), "classic", clip=0.01), 250))


def test_the_classic_preset_as_it_is_clips_nothing(begin: Begin) -> None:
    run = begin(pages(), "classic", validate_every=4000)
    assert "clipped" not in kinds(said(run, 250))
    assert run.trainer.clipped == 0


def test_where_nothing_can_be_learnt_it_comes_to_a_plateau(begin: Begin) -> None:
    assert kinds(said(begin(letters(60_000), validate_every=50), 600)) == ["plateau"]


def test_and_is_no_better_than_counting_once_that_is_counted(begin: Begin) -> None:
    assert kinds(said(begin(letters(60_000), validate_every=50), 600, counted=True)) == ["no better"]


def test_a_good_run_is_still_falling_and_told_what_it_has_passed(begin: Begin) -> None:
    lines = said(begin(pages(), hidden_size=32, batch_size=8, validate_every=100), 400, counted=True)
    assert kinds(lines) == ["falling"]
    assert 'below "unigram counts", next "2-gram counts"' in last(lines).text


def test_a_random_walk_is_no_better_than_tomorrow_is_today(tmp_path: Path) -> None:
    path = write_prices(tmp_path, 1500)
    settings = {"data": str(path), "hidden_size": 8, "validate_every": 50, "threads": 1}
    run = Run(Trainer(open_task(preset_config("stock", "quick", **settings))), None)
    lines = said(run, 600, counted=True)
    assert kinds(lines) == ["no better"]
    assert 'No better than "tomorrow = today"' in last(lines).text


def test_going_back_is_said_at_once_and_for_a_while(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin(pages(), validate_every=100)
    said(run, 300)
    explode(run, monkeypatch, 1)
    lines = said(run, 600)
    assert kinds(lines)[:2] == ["falling", "went back"]
    assert [mark.kind for mark in run.trainer.history.marks] == ["back"]


def test_what_has_diverged_is_said_with_the_key_that_loads(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin(pages())
    run.plan = Plan(on_divergence="stop")
    said(run, 150)
    explode(run, monkeypatch, 1)
    assert last(said(run, 300)).action == "load"


def test_nothing_is_said_while_it_is_too_early(begin: Begin) -> None:
    run = begin(pages())
    assert said(run, run.trainer.config.warmup + 90, every=10) == [None]


# False alarms: runs that were once made on the data that ship


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text quick", {"falling"}),
        ("text classic", {"falling"}),  # one stream: the hardest curve to read
        ("text default", {"falling", "overfitting"}),
        ("stock default", {"no better", "falling", "overfitting"}),
    ],
)
def test_recorded_runs_are_read_as_they_were(name: str, expected: set[str]) -> None:
    course = recorded(name)
    lines = followed(course, every=max(20, course.step // 400))
    assert set(kinds(lines)) == expected
    assert len(lines) <= 10


def test_a_run_of_forty_thousand_steps_is_not_overfitting_before_its_validation_rises() -> None:
    course = recorded("text default")  # the best was at step 28,500; it rose by less than a hundredth to the end
    assert "overfitting" not in kinds(followed(until(course, 30_000), every=100))


@pytest.mark.slow
def test_the_quick_preset_on_the_text_that_ships_raises_no_alarm() -> None:
    run = Run(Trainer(open_task(preset_config("text", "quick"))), None)
    assert kinds(said(run, 1000, counted=True)) == ["falling"]
