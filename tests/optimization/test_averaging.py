"""The average of the weights: what it weighs, that the model is judged by it, that it survives a checkpoint."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.optimization.averaging import EVERY, Average
from lstm_model.storage.checkpoint import load_checkpoint, save_checkpoint
from lstm_model.tasks.base import finish
from lstm_model.training.resume import restore_trainer
from support.stepped import tiny_trainer


@pytest.mark.parametrize("power", [1.0, 8.0])
def test_weights_count_as_a_power_of_their_step(power: float) -> None:
    steps = np.arange(1, 40 * EVERY + 1)
    path = np.random.default_rng(1).normal(size=(len(steps), 3))
    average = Average(np.zeros(3), power)
    for step, weights in zip(steps.tolist(), path, strict=True):
        average.add(weights, step)
    counted = steps[EVERY - 1 :: EVERY]
    n = counted / EVERY
    shares = [1 - (1 - 1 / k) ** (power + 1) for k in n]
    expected = np.zeros(3)
    for share, weights in zip(shares, path[EVERY - 1 :: EVERY], strict=True):
        expected += share * (weights - expected)
    np.testing.assert_allclose(average.values, expected, rtol=1e-12)
    later = np.array([share * np.prod(1 - np.array(shares[k + 1 :])) for k, share in enumerate(shares)])
    assert later.sum() == pytest.approx(1)
    half = later[n <= n[-1] / 2].sum()
    assert half == pytest.approx(0.5 ** (power + 1), rel=0.01)  # the first half of a run has the share of a power law


def test_the_first_steps_are_judged_by_their_own_weights() -> None:
    average = Average(np.zeros(2), 8.0)
    for step in range(1, EVERY + 1):
        average.add(np.full(2, step), step)
        assert average.values.tolist() == [step, step]


def test_a_run_is_measured_and_saved_by_the_average(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, average=4.0)
    for _ in range(EVERY):
        trainer.step()
    assert np.array_equal(trainer.judged.parameters.flat, trainer.model.parameters.flat)
    for _ in range(2 * EVERY):
        trainer.step()
    assert not np.array_equal(trainer.judged.parameters.flat, trainer.model.parameters.flat)
    saved = trainer.checkpoint().tensors
    np.testing.assert_array_equal(saved["head.weight"], trainer.judged.parameters["head_weight"])
    np.testing.assert_array_equal(saved["training.parameters"], trainer.model.parameters.flat)


def test_without_an_average_the_model_itself_is_judged(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, average=0.0)
    trainer.step()
    assert trainer.judged is trainer.model
    assert "training.parameters" not in trainer.checkpoint().tensors


def test_a_resumed_run_goes_on_with_both_the_weights_and_their_average(tmp_path: Path) -> None:
    trainer, whole = (tiny_trainer(tmp_path, average=4.0) for _ in range(2))
    for _ in range(EVERY + 2):
        trainer.step()
    save_checkpoint(tmp_path / "half", trainer.checkpoint())
    resumed = restore_trainer(load_checkpoint(tmp_path / "half"))
    for _ in range(2 * EVERY):
        resumed.step()
    for _ in range(3 * EVERY + 2):
        whole.step()
    for name, tensor in whole.checkpoint().tensors.items():
        np.testing.assert_array_equal(resumed.checkpoint().tensors[name], tensor, err_msg=name)


def test_the_average_of_a_shaking_run_is_better_than_its_last_weights(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, hidden_size=32, batch_size=8, learning_rate=0.3, average=8.0, schedule="constant")
    losses = []
    for step in range(400):
        trainer.step()
        if step >= 300 and step % 20 == 0:
            losses.append([finish(trainer.task.validation_loss(m)) for m in (trainer.judged, trainer.model)])
    averaged, last = np.mean(losses, axis=0)
    assert averaged < last
