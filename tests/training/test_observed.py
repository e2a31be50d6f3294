"""A step that is watched is the step nobody watches, and what is told of it is true."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.network.cells.registry import CELLS
from lstm_model.training.observed import observed_step
from lstm_model.training.trainer import Trainer
from support.stepped import tiny_trainer


def assert_same(one: Trainer, other: Trainer) -> None:
    """All that a checkpoint holds is the same, to the last bit."""
    a, b = one.checkpoint(), other.checkpoint()
    assert a.tensors.keys() == b.tensors.keys()
    for name, tensor in a.tensors.items():
        np.testing.assert_array_equal(tensor, b.tensors[name], err_msg=name)
    assert a.record == b.record


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("task", ["text", "stock"])
def test_training_that_is_watched_is_the_same_to_the_last_bit_over_epochs(task: str, cell: str, tmp_path: Path) -> None:
    settings = {"cell": cell, "num_layers": 2, "dropout": 0.3, "average": 8, "batch_size": 16, "seq_length": 8}
    watched, alone = (tiny_trainer(tmp_path, task, **settings) for _ in range(2))
    for step in range(40):
        if step % 3:
            observed_step(watched)
        else:
            watched.step()
        alone.step()
    assert_same(watched, alone)


def test_losses_are_of_the_batch_that_was_learnt_from_and_fall_with_a_small_step(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, dropout=0, learning_rate=1e-3, warmup=0, schedule="constant")
    for _ in range(4):
        record = observed_step(trainer)
        assert record.loss_before == pytest.approx(record.report.loss, rel=1e-5)
        assert record.loss_after < record.loss_before
    next_batch = tiny_trainer(tmp_path).task
    for _ in range(4):
        learnt = next_batch.next_batch()
    np.testing.assert_array_equal(record.batch.x, learnt.x)


@pytest.mark.parametrize("mode", ["norm", "value"])
def test_what_clipping_left_of_the_gradient_is_told_in_both_modes(mode: str, tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, clip=1e-3, clip_mode=mode)
    record = observed_step(trainer)
    norm = np.linalg.norm(trainer.model.gradients.flat)
    assert record.kept == pytest.approx(norm / record.report.grad_norm, rel=1e-4)
    assert record.kept < 1
    assert sum(tensor.gradient**2 for tensor in record.tensors.values()) == pytest.approx(norm**2, rel=1e-4)
    assert observed_step(tiny_trainer(tmp_path, clip=0)).kept == 1


def test_updates_are_those_of_the_optimizer_by_tensor(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, optimizer="sgd", learning_rate=0.5, warmup=0, schedule="constant", clip=0)
    record = observed_step(trainer)
    assert list(record.tensors) == [name for name, _ in trainer.model.parameters.items()]
    for name, tensor in record.tensors.items():
        assert tensor.update == pytest.approx(0.5 * tensor.gradient, rel=1e-3), name
        assert tensor.relative is None or tensor.relative == pytest.approx(tensor.update / tensor.weight)
