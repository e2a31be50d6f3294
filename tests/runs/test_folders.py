"""Run folders: nothing is written over by accident, and a failing write leaves what was there."""

import json
import os
from pathlib import Path

import pytest

from lstm_model.errors import CheckpointError, InputError
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.saves import checkpoint_file, find_saves, holds_run, saves_root
from lstm_model.storage.checkpoint import load_checkpoint, read_record
from lstm_model.storage.files import write_whole
from lstm_model.training.resume import restore_trainer
from lstm_model.training.trainer import Trainer
from support.runs import contents
from support.stepped import tiny_trainer

Files = dict[str, Path]


def stepped(folder: Path, steps: int) -> Trainer:
    trainer = tiny_trainer(folder)
    for _ in range(steps):
        trainer.step()
    return trainer


# New folders


def test_a_run_nobody_keeps_leaves_nothing_behind(here: Path) -> None:
    folder = RunFolder.new("text")
    assert folder.path.parent == saves_root() == Path("saves")
    assert contents(here) == {}


def test_two_runs_of_one_second_get_two_folders(here: Path) -> None:
    trainer = tiny_trainer(here)
    first, second = RunFolder.new("text"), RunFolder.new("text")
    first.save(trainer)
    second.save(trainer)  # though the first was not there yet when the second was named
    third = RunFolder.new("text")
    third.save(trainer)
    assert len({first.path, second.path, third.path}) == 3
    assert len(find_saves()[0]) == 3


def test_the_saves_root_can_be_moved(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", "other/place")
    assert RunFolder.new("stock").path.parent == Path("other/place")


def test_a_folder_that_holds_a_run_is_not_taken_unless_told(runs: Files, here: Path) -> None:
    with pytest.raises(InputError, match="already holds a run"):
        RunFolder.new("text", runs["text"])
    RunFolder.new("text", here / "saves")  # it holds runs, but is none
    folder = RunFolder.new("text", runs["text"], overwrite=True)
    before = contents(runs["text"])
    assert "best.safetensors" in before
    assert contents(runs["text"]) == before  # until the first save
    (runs["text"] / "notes.md").write_text("mine")
    folder.save(tiny_trainer(here))
    assert set(contents(runs["text"])) == {"config.json", "last.safetensors", "notes.md"}


def test_settings_are_there_to_read(here: Path) -> None:
    trainer = tiny_trainer(here)
    folder = RunFolder.new("text", here / "run")
    folder.save(trainer)
    assert json.loads((here / "run" / "config.json").read_text())["seq_length"] == trainer.config.seq_length


# Going on


def test_going_on_from_an_earlier_save_keeps_the_later_one(here: Path) -> None:
    trainer = stepped(here, 3)
    folder = RunFolder.new("text", here / "run")
    folder.save(trainer, "step")
    for _ in range(4):
        trainer.step()
    folder.save(trainer)
    later = (folder.path / "last.safetensors").read_bytes()

    early = folder.path / "step-000003.safetensors"
    went_on = RunFolder.going_on(early, 3)
    resumed = restore_trainer(load_checkpoint(early))
    resumed.step()
    went_on.save(resumed)
    resumed.step()
    went_on.save(resumed)
    assert (folder.path / "step-000007.safetensors").read_bytes() == later
    assert read_record(folder.path / "last.safetensors").step == 5
    assert read_record(early).step == 3


def test_going_on_from_the_last_save_replaces_it(here: Path) -> None:
    trainer = stepped(here, 3)
    RunFolder.new("text", here / "run").save(trainer)
    trainer.step()
    RunFolder.going_on(here / "run" / "last.safetensors", 3).save(trainer)
    names = sorted(path.name for path in (here / "run").glob("*.safetensors"))
    assert names == ["last.safetensors", "previous.safetensors"]


def test_a_folder_stands_for_its_last_checkpoint_else_its_best_else_the_newest_by_hand(here: Path) -> None:
    trainer = stepped(here, 2)
    folder = RunFolder.new("text", here / "run")
    with pytest.raises(CheckpointError, match="`find_saves` lists"):
        checkpoint_file(here)
    folder.save(trainer, "step")
    trainer.step()
    by_hand = folder.save(trainer, "step")
    assert checkpoint_file(folder.path) == by_hand
    best = folder.save(trainer, "best")
    assert checkpoint_file(folder.path) == best
    last = folder.save(trainer)
    assert checkpoint_file(folder.path) == last
    assert checkpoint_file(by_hand) == by_hand
    assert holds_run(folder.path)


# Lists


def test_runs_are_found_the_newest_first_with_a_line_for_what_cannot_be_read(runs: Files) -> None:
    bad = runs["stock"] / "step-000009.safetensors"
    bad.write_bytes(b"x" * 100)
    found, complaints = find_saves()
    assert [(save.run, save.file.name) for save in found] == [
        ("text-run", "last.safetensors"), ("text-run", "best.safetensors"),
        ("stock-run", "last.safetensors"), ("stock-run", "best.safetensors"),
    ]  # fmt: skip
    assert (found[0].task, found[0].step, found[0].settings) == ("text", 6, "default 1x8")
    assert len(complaints) == 1
    assert str(bad.relative_to(runs["stock"].parent.parent)) in complaints[0]


def test_without_a_saves_folder_nothing_is_found(here: Path) -> None:
    assert find_saves() == ([], [])


# Whole or not at all


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failing_write_leaves_the_old_file_whole(failing: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = stepped(here, 2)
    folder = RunFolder.new("text", here / "run")
    folder.save(trainer)
    before = contents(here)

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync", full) if failing == "fsync" else (Path, "replace", full)))
    trainer.step()
    with pytest.raises(OSError, match="No space left"):
        folder.save(trainer)
    monkeypatch.undo()
    assert contents(here) == before
    assert load_checkpoint(here / "run" / "last.safetensors").record.step == 2


def test_at_no_moment_is_there_half_a_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = here / "file"
    write_whole(path, b"old")
    seen = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: seen.append(path.read_bytes()))
    write_whole(path, b"new" * 1000)
    assert seen[0] == b"old"  # the new one was flushed to disk under another name first
    assert seen[1] == b"new" * 1000  # then the folder, with the new one in place
    assert [entry.name for entry in here.iterdir()] == ["file"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_a_checkpoint_may_be_read_by_whom_the_umask_allows(here: Path) -> None:
    write_whole(here / "file", b"x")
    (here / "plain").write_bytes(b"x")
    assert (here / "file").stat().st_mode == (here / "plain").stat().st_mode
