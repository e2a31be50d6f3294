"""A run that was stopped and goes on is, bit for bit, the run that was never stopped."""

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_model.settings.presets import preset_config
from lstm_model.storage.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from lstm_model.tasks.registry import open_task
from lstm_model.training.resume import restore_trainer
from lstm_model.training.trainer import Trainer
from lstm_tui.cli import main
from support.runs import TINY

Files = dict[str, Path]
SMALL: dict[str, Any] = {"hidden_size": 8, "batch_size": 8, "seq_length": 10, "validate_every": 4, "warmup": 3}


def trained(run: Run, steps: int) -> Checkpoint:
    """Take a run to a step, with all its measurements."""
    while run.trainer.steps < steps or run.job:
        run.work() if run.job else run.step()
    return run.trainer.checkpoint()


def assert_equal(one: Checkpoint, other: Checkpoint) -> None:
    assert one.tensors.keys() == other.tensors.keys()
    for name, tensor in one.tensors.items():
        np.testing.assert_array_equal(tensor, other.tensors[name], err_msg=name)
    assert replace(one.record, elapsed_s=0) == replace(other.record, elapsed_s=0)


def there_and_back(checkpoint: Checkpoint, path: Path) -> Trainer:
    save_checkpoint(path, checkpoint)
    return restore_trainer(load_checkpoint(path))


@pytest.mark.parametrize("schedule", ["cosine", "constant"])
@pytest.mark.parametrize("optimizer", ["adam", "adagrad", "sgd"])
@pytest.mark.parametrize("task", ["text", "stock"])
def test_n_steps_and_n_more_are_2n_steps(task: str, optimizer: str, schedule: str, data: Files, tmp_path: Path) -> None:
    settings: dict[str, Any] = {**SMALL, "num_layers": 2, "dropout": 0.3, "optimizer": optimizer, "schedule": schedule}
    plan = Plan(steps=1_000)  # further than either goes: the schedule has one end
    begin = Trainer(open_task(preset_config(task, data=str(data[task]), learning_rate=0.02, **settings)))
    first = trained(Run(begin, None, plan), 50)  # longer than an epoch
    resumed = Run(there_and_back(first, tmp_path / "half"), None, plan)
    second = trained(resumed, 100)

    whole = Trainer(open_task(preset_config(task, data=str(data[task]), learning_rate=0.02, **settings)))
    unbroken = trained(Run(whole, None, plan), 100)
    assert_equal(second, unbroken)
    assert resumed.trainer.task.epoch > 1.5
    assert unbroken.tensors["history.train"].shape[1] == 100
    assert unbroken.tensors["history.val"].shape[1] == 25


@pytest.mark.parametrize("task", ["text", "stock"])
def test_a_run_on_two_cores_goes_on_bit_for_bit_whenever_its_helper_comes(
    task: str, data: Files, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {**SMALL, "dropout": 0.3, "average": 4.0, "threads": 2}
    plan = Plan(steps=1_000)
    first = trained(Run(Trainer(open_task(preset_config(task, data=str(data[task]), **settings))), None, plan), 21)
    resumed = there_and_back(first, tmp_path / "half")
    assert resumed.config.threads == 2
    resumed.step()  # its helper has hardly started, so this step is the owner's alone
    second = trained(Run(resumed, None, plan), 42)
    unbroken = trained(Run(Trainer(open_task(preset_config(task, data=str(data[task]), **settings))), None, plan), 42)
    assert_equal(second, unbroken)


def test_a_run_stopped_between_a_step_and_its_measurement_measures_it(data: Files, tmp_path: Path) -> None:
    config = preset_config("text", data=str(data["text"]), **SMALL)
    run = Run(Trainer(open_task(config)), None, Plan(steps=100))
    while run.trainer.steps < 8:
        run.work() if run.job else run.step()
    assert run.job == "validate"
    resumed = Run(there_and_back(run.trainer.checkpoint(), tmp_path / "half"), None, Plan(steps=100))
    whole = Run(Trainer(open_task(config)), None, Plan(steps=100))
    assert_equal(trained(resumed, 14), trained(whole, 14))


def test_loading_copies_into_the_arrays_the_optimizer_walks(data: Files, tmp_path: Path) -> None:
    trainer = Trainer(open_task(preset_config("text", data=str(data["text"]), **SMALL)))
    for _ in range(3):
        trainer.step()
    resumed = there_and_back(trainer.checkpoint(), tmp_path / "half")
    before = resumed.model.parameters.flat.copy()
    resumed.step()
    assert (resumed.model.parameters.flat != before).mean() > 0.5
    outputs, _ = resumed.model.forward(np.zeros((1, 1), np.uint8))
    trainer.step()
    np.testing.assert_array_equal(outputs, trainer.model.forward(np.zeros((1, 1), np.uint8))[0])


def test_a_run_that_was_killed_goes_on_in_another_process_as_if_nothing_had_been(here: Path, data: Files) -> None:
    settings = [*TINY, "--layers", "2", "--dropout", "0.2", "--preset", "quick", "--data", str(data["text"])]
    asked = [sys.executable, "-m", "lstm_tui", "train", *settings, "--steps", "450", "--save", "broken"]
    with subprocess.Popen([*asked, "--autosave", "1e-9"], stdout=subprocess.DEVNULL) as process:
        while not (here / "broken" / "last.safetensors").exists():
            assert process.poll() is None
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert load_checkpoint(here / "broken" / "last.safetensors").record.step < 450
    subprocess.run([*asked[:4], "--load", "broken", "--steps", "450"], stdout=subprocess.DEVNULL, check=True)

    assert main(["train", *settings, "--steps", "450", "--save", "whole"]) == 0
    for name in ("last", "best"):
        pair = [load_checkpoint(here / run / f"{name}.safetensors") for run in ("broken", "whole")]
        assert_equal(*pair)
