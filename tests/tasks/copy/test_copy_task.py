"""The copy task: its sequences are right, its line is that of the best forecast without memory, a model learns."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.network.model import LSTM
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_model.settings.presets import preset_config
from lstm_model.storage.checkpoint import load_checkpoint, save_checkpoint
from lstm_model.tasks.base import finish
from lstm_model.tasks.copy.kind import CopySettings
from lstm_model.tasks.copy.looks import Stretched, Tried
from lstm_model.tasks.copy.sequences import make_sequences, score
from lstm_model.tasks.copy.task import CopyTask
from lstm_model.tasks.registry import open_task
from lstm_model.training.resume import restore_trainer
from lstm_model.training.trainer import Trainer

SETTINGS = CopySettings(remember=2, gap=3, alphabet=4)


def task(**settings: Any) -> CopyTask:
    opened = open_task(preset_config("copy", **settings))
    assert isinstance(opened, CopyTask)
    return opened


def test_a_sequence_is_symbols_a_gap_that_ends_with_go_and_as_many_blanks() -> None:
    x, targets = make_sequences(SETTINGS, np.random.default_rng(1), 50)
    assert x.shape == targets.shape == (7, 50)
    assert x[:2].max() < 4
    assert (x[2:4] == 4).all()
    assert (x[4] == 5).all()
    assert (x[5:] == 4).all()
    assert (targets[:5] == 4).all()
    assert np.array_equal(targets[5:], x[:2])


def test_every_batch_is_new_and_follows_from_the_seed_and_its_number() -> None:
    one, other, third = task(), task(), task(seed=2)
    first, second = one.next_batch(), one.next_batch()
    assert not np.array_equal(first.x, second.x)
    assert not np.array_equal(first.x, third.next_batch().x)
    other.seek({"position": 1, "epochs": 0})
    assert np.array_equal(other.next_batch().x, second.x)
    assert first.fresh


def test_held_out_sequences_are_the_same_for_every_run_and_differ_by_part() -> None:
    one, other = task(), task(seed=5)
    assert np.array_equal(one.held_out("val").x, other.held_out("val").x)
    assert not np.array_equal(one.held_out("val").x, one.held_out("test").x)
    assert one.held_out("test", gap=40).x.shape[0] == 46


def test_the_best_forecast_without_memory_scores_what_the_line_says() -> None:
    """Sure of blanks, and of symbols each alike: scores made by hand, for a head alone cannot tell the steps apart."""

    class Guess(LSTM):
        def forward(self, x, state=None, dropout_rng=None):  # type: ignore[no-untyped-def]
            outputs = np.zeros((*x.shape, 5), np.float32)
            outputs[:5, :, 4] = 50.0
            outputs[5:, :, 4] = -50.0
            return outputs, self.zero_state(x.shape[1])

    held_out = make_sequences(SETTINGS, np.random.default_rng(1), 300)
    found = finish(score(Guess(6, 1, 5), held_out, SETTINGS.remember))
    assert found.loss == pytest.approx(SETTINGS.without_memory)
    assert found.per_symbol == pytest.approx(math.log(4))
    assert found.recall == pytest.approx(0.25, abs=0.05)
    assert SETTINGS.without_memory == pytest.approx(2 * math.log(4) / 7)


def test_the_length_follows_from_the_settings_and_is_said_where_another_was_asked() -> None:
    assert task().config.seq_length == 26
    assert task().notes == ()
    assert task(gap=30).notes == ()
    longer = task(seq_length=99)
    assert longer.config.seq_length == 26
    assert "26 steps" in longer.notes[0]


@pytest.mark.parametrize("wrong", [{"remember": 0}, {"gap": 0}, {"alphabet": 1}, {"gap": 1001}])
def test_settings_out_of_bounds_are_named(wrong: dict[str, Any]) -> None:
    (name,) = wrong
    with pytest.raises(InputError, match=f"`{name}` must be from"):
        preset_config("copy", **wrong)


def test_a_file_of_data_is_refused() -> None:
    with pytest.raises(InputError, match="makes its sequences itself"):
        task(data="/somewhere.txt")


def test_a_small_one_is_learnt_and_looked_at(tmp_path: Path) -> None:
    config = preset_config("copy", "quick", remember=1, gap=4, alphabet=4, hidden_size=16, validate_every=100)
    run = Run(Trainer(open_task(config)), None, Plan(steps=400, look_every=0.0))
    events = []
    while not run.finished:
        events += run.work() if run.job else run.step()
    tries = [event for event in events if isinstance(event, Tried)]
    assert tries[0].recall < 0.6 < 0.95 < tries[-1].recall
    assert tries[-1].x.shape == tries[-1].answers.shape == (6,)
    assert run.trainer.val_loss is not None
    assert run.trainer.val_loss < run.trainer.task.references()["without memory"] / 2
    path = tmp_path / "model.safetensors"
    save_checkpoint(path, run.trainer.checkpoint())
    shown = Run(restore_trainer(load_checkpoint(path)), None)
    shown.begin(eval_only=True)
    events = []
    while shown.job:
        events += shown.work()
    [stretched] = [event for event in events if isinstance(event, Stretched)]
    assert list(stretched.scores) == [4, 8, 16]
    assert stretched.scores[4].recall > 0.9
