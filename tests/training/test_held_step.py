"""While a step computes, what lasts is that before it: another thread can save that, and nothing is lost or mixed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.runs.folder import RunFolder
from lstm_model.storage.checkpoint import Checkpoint, load_checkpoint
from lstm_model.training.resume import restore_trainer
from lstm_model.training.trainer import Trainer
from support.stepped import tiny_trainer


def saved(trainer: Trainer, folder: Path) -> Checkpoint:
    run = RunFolder.new(trainer.config.task, folder)
    file = run.save(trainer)
    run.release()
    return load_checkpoint(file)


def assert_same(one: Checkpoint, other: Checkpoint) -> None:
    assert one.record == other.record
    assert one.tensors.keys() == other.tensors.keys()
    for name, tensor in one.tensors.items():
        np.testing.assert_array_equal(tensor, other.tensors[name], err_msg=name)


@pytest.mark.parametrize("task", ["text", "stock"])
def test_a_save_in_the_middle_of_a_step_is_that_before_it(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = tiny_trainer(tmp_path, task, dropout=0.2, average=4.0)
    for _ in range(3):
        trainer.step()
    before, right = saved(trainer, tmp_path / "before"), trainer.model.loss_and_gradients
    in_step: list[Checkpoint] = []

    def watched(*arguments: Any, **named: Any) -> Any:
        found = right(*arguments, **named)
        with trainer.held_in_step() as computes:
            assert computes
            in_step.append(saved(trainer, tmp_path / "in"))
        return found

    monkeypatch.setattr(trainer.model, "loss_and_gradients", watched)
    trainer.step()
    assert_same(in_step[0], before)
    going_on = restore_trainer(in_step[0])
    going_on.step()
    assert_same(saved(going_on, tmp_path / "again"), saved(trainer, tmp_path / "after"))


def test_between_two_steps_nothing_is_held(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path)
    for _ in range(2):
        with trainer.held_in_step() as computes:
            assert not computes
        trainer.step()


def test_a_step_cut_short_by_an_interrupt_leaves_the_run_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = tiny_trainer(tmp_path)
    trainer.step()
    before = saved(trainer, tmp_path / "before")

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(trainer.model, "loss_and_gradients", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trainer.step()
    assert_same(saved(trainer, tmp_path / "after"), before)
