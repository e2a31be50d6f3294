"""With --auto the coach acts on a run that learns by heart: more dropout, step by step, and then the end."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.coach.acting import DROPOUTS, PATIENCE, act
from lstm_model.coach.course import Course
from lstm_model.curves.history import Mark
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.events import CoachActed
from lstm_model.runs.run import Run
from lstm_model.settings.presets import preset_config
from lstm_model.storage.checkpoint import load_checkpoint, save_checkpoint
from lstm_model.tasks.registry import open_task
from lstm_model.training.resume import restore_trainer
from lstm_model.training.trainer import Trainer
from support.coached import learning, made_up, noisy, steps

TEXT = "".join(f"{k * 7919 % 104729} is {k * 31 % 97}; " for k in range(400))
SMALL: dict[str, Any] = {"hidden_size": 8, "batch_size": 8, "seq_length": 10, "validate_every": 4, "warmup": 3}


def learnt_by_heart(dropout: float) -> Course:
    course = made_up(noisy(4.5 * steps(3500) ** -0.2), np.append(np.linspace(2.0, 1.2, 30), [1.6] * 5))
    return replace(course, config=course.config.changed(dropout=dropout))


@pytest.mark.parametrize("before", [0.0, *DROPOUTS, 0.7])
def test_dropout_goes_up_step_by_step_and_then_the_run_ends(before: float) -> None:
    found = act(learnt_by_heart(before))
    assert found is not None
    assert found.dropout == next((share for share in DROPOUTS if share > before), None)
    assert "no better since step 3,000" in found.why


def test_a_run_that_learns_is_left_alone() -> None:
    assert act(learning()) is None


def test_what_was_done_is_given_time() -> None:
    course = learnt_by_heart(0.1)
    recent = course.step * (1 - PATIENCE) + 1
    assert act(replace(course, marks=(Mark(int(recent), "dropout"),))) is None
    assert act(replace(course, marks=(Mark(int(recent) - 2, "dropout"),))) is not None


def test_a_run_that_overfits_gets_more_dropout_and_ends_by_itself(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text(TEXT, encoding="utf-8")
    config = preset_config("text", data=str(text), hidden_size=48, batch_size=4, seq_length=32, dropout=0.3,
                           validate_every=20, split=(10, 80, 10), warmup=10)  # fmt: skip
    run = Run(Trainer(open_task(config)), None, Plan(auto=True, steps=20_000))
    acted: list[CoachActed] = []
    while not run.finished:
        acted += [event for event in (run.work() if run.job else run.step()) if isinstance(event, CoachActed)]
    assert ["0.3 to 0.5" in event.what for event in acted] == [True, False]
    assert "the run ends" in acted[-1].what
    assert run.trainer.steps < 20_000
    assert [mark.step for mark in run.trainer.history.marks if mark.kind == "dropout"] == [acted[0].step]


def test_changed_dropout_goes_on_bit_for_bit_after_a_resume(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text(TEXT, encoding="utf-8")
    config = preset_config("text", data=str(text), **SMALL, threads=2, dropout=0)

    def stepped(trainer: Trainer, count: int) -> Trainer:
        for _ in range(count):
            trainer.step()
        return trainer

    unbroken = stepped(Trainer(open_task(config)), 5)
    unbroken.change_dropout(0.3)
    save_checkpoint(tmp_path / "half", unbroken.checkpoint())
    resumed = restore_trainer(load_checkpoint(tmp_path / "half"))
    assert resumed.config.dropout == 0.3
    plain = stepped(Trainer(open_task(config)), 10)
    for trainer in (unbroken, resumed):
        stepped(trainer, 5)
        trainer.close()
    plain.close()
    np.testing.assert_array_equal(resumed.model.parameters.flat, unbroken.model.parameters.flat)
    assert not np.array_equal(plain.model.parameters.flat, unbroken.model.parameters.flat)
