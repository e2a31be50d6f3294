"""A third task is a folder and a line in KINDS: everything shared takes it as it is."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lstm_model.costs.memory import parameter_count
from lstm_model.errors import CheckpointError, InputError
from lstm_model.events import Event
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Run
from lstm_model.runs.saves import list_saves
from lstm_model.runs.story import read_story
from lstm_model.settings.config import Config
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_model.settings.task_kinds import kind_of
from lstm_model.storage.checkpoint import load_checkpoint, save_checkpoint
from lstm_model.tasks.registry import open_task
from lstm_model.training.resume import restore_trainer
from lstm_model.training.trainer import Trainer
from support.sine import NOTES, Drawn, SineSettings


@pytest.fixture(autouse=True)
def third_task(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one line."""
    monkeypatch.setitem(KINDS, "sine", "support.sine")


def trained(folder: Path | None, steps: int, **settings: Any) -> tuple[Run, list[Event]]:
    """A run of the third task that has ended, and all that happened."""
    trainer = Trainer(open_task(preset_config("sine", validate_every=20, **settings)))
    plan = Plan(steps=steps, look_every=0.0, figures_every=0.0)
    run = Run(trainer, None if folder is None else RunFolder.new("sine", folder), plan)
    return run, until_its_end(run)


def until_its_end(run: Run) -> list[Event]:
    """Everything that happens until a run is finished."""
    events: list[Event] = []
    while not run.finished:
        events += run.work() if run.job else run.step()
    run.close()
    return events


def test_it_learns_and_is_looked_at_in_its_own_way(tmp_path: Path) -> None:
    run, events = trained(tmp_path / "run", 120)
    assert run.trainer.best_val_loss is not None
    assert run.trainer.best_val_loss < run.trainer.task.references()["flat"] / 2
    drawn = [event for event in events if isinstance(event, Drawn)]
    assert len(drawn) == len((tmp_path / "run" / NOTES).read_text(encoding="utf-8").splitlines()) > 100
    with pytest.raises(InputError, match="cannot do what was asked"):
        run.ask("a poem")


def test_a_run_that_replaces_it_leaves_none_of_its_files(tmp_path: Path) -> None:
    trained(tmp_path / "run", 2)
    folder = RunFolder.new("sine", tmp_path / "run", overwrite=True)
    folder.save(Trainer(open_task(preset_config("sine"))))
    folder.release()
    assert not (tmp_path / "run" / NOTES).exists()


def test_a_resumed_run_is_an_unbroken_one(tmp_path: Path) -> None:
    half, _ = trained(tmp_path / "half", 30)
    whole, _ = trained(None, 60)
    resumed = restore_trainer(load_checkpoint(tmp_path / "half" / "last.safetensors"))
    assert resumed.config == half.trainer.config
    until_its_end(Run(resumed, None, Plan(steps=60)))
    unbroken = whole.trainer.history.train.buckets().mean
    assert resumed.history.train.buckets().mean[:30].tolist() == unbroken[:30].tolist()
    assert resumed.steps == whole.trainer.steps == 60


def test_what_is_saved_of_it_is_told_and_checked(tmp_path: Path) -> None:
    trained(tmp_path / "run", 20, period=30)
    written = json.loads((tmp_path / "run" / "config.json").read_text(encoding="utf-8"))
    assert (written["task"], written["period"], "column" in written) == ("sine", 30, False)
    assert {save.task for save in list_saves(tmp_path)} == {"sine"}  # type: ignore[union-attr]
    path = tmp_path / "run" / "last.safetensors"
    assert SineSettings.of(read_story(path).config).period == 30
    damaged = load_checkpoint(path)
    data = replace(damaged.record.data, memory={"height": "high"})
    save_checkpoint(path, replace(damaged, record=replace(damaged.record, data=data)))
    with pytest.raises(CheckpointError, match="there is no height"):
        load_checkpoint(path)


def test_settings_costs_and_coach_ask_its_kind() -> None:
    run, _ = trained(None, 5)
    config, task = run.trainer.config, run.trainer.task
    assert config.value("period") == 25
    assert Config.from_dict(config.as_dict()) == config
    assert config.changed(period=9, hidden_size=4).changed(period=25, hidden_size=8) == config
    assert parameter_count(config, task.sizes) == run.trainer.model.parameters.flat.size
    with pytest.raises(InputError, match="`encoding` is no setting of the task sine"):
        config.changed(encoding="utf-8")
    with pytest.raises(InputError, match="task must be text, stock, copy or sine, not 'cosine'"):
        kind_of("cosine")
