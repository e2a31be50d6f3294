"""What a checkpoint tells without its weights, and how earlier runs are found."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from safetensors import safe_open

from lstm_model.errors import CheckpointError
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.saves import Unreadable, find_saves, list_saves, previous_run
from lstm_model.runs.story import read_story
from lstm_model.storage import checkpoint as checkpoints
from lstm_model.storage.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from lstm_model.training.trainer import Trainer
from support.hostile_files import contents, put, without_checksum
from support.stepped import tiny_trainer

Files = dict[str, Path]
LAST = "last.safetensors"


@pytest.fixture
def names_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the tensors that are read from checkpoints from now on."""
    names: list[str] = []

    class Watched:
        def __init__(self, *arguments: Any, **options: Any) -> None:
            self._file: Any = safe_open(*arguments, **options)

        def __enter__(self) -> Self:
            self._file.__enter__()
            return self

        def __exit__(self, *error: object) -> None:
            self._file.__exit__(*error)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

        def get_tensor(self, name: str) -> Any:
            names.append(name)
            return self._file.get_tensor(name)

    monkeypatch.setattr(checkpoints, "safe_open", Watched)
    return names


@pytest.mark.parametrize("task", ["text", "stock"])
def test_a_story_tells_what_the_trainer_had(task: str, tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path, task)
    for step in range(1, 10):
        trainer.step()
        if step % 3 == 0:
            trainer.record_validation(5.0 + abs(step - 6))
    trainer.elapsed, trainer.base_rate = 12.5, 0.125
    path = RunFolder.new(task, tmp_path / "run").save(trainer)
    story = read_story(path)
    assert story.config == trainer.config
    assert (story.saved.file, story.saved.task, story.saved.step) == (path, task, 9)
    assert (story.saved.loss, story.saved.val_loss) == (trainer.last.loss, 8.0)  # type: ignore[union-attr]
    assert (story.saved.best_val_loss, story.best_step) == (5.0, 6)
    assert (story.elapsed, story.base_rate, story.data_name) == (12.5, 0.125, trainer.task.name)
    for told, had in ((story.train, trainer.history.train), (story.val, trainer.history.val)):
        for mine, theirs in zip(told, had.buckets(), strict=True):
            np.testing.assert_array_equal(mine, theirs)


def test_of_the_tensors_only_the_curves_are_read(trained: Files, names_read: list[str]) -> None:
    read_story(trained["text"] / LAST)
    assert sorted(names_read) == ["history.train", "history.val"]
    names_read.clear()
    load_checkpoint(trained["text"] / LAST)
    assert len(names_read) > 10  # so the list above is worth something


def test_a_list_of_saves_reads_no_tensor(runs: Files, names_read: list[str]) -> None:
    assert len(find_saves()[0]) == 4
    assert names_read == []


def test_without_curves_the_rest_is_told(trained: Files, tmp_path: Path) -> None:
    whole = load_checkpoint(trained["text"] / LAST)
    tensors = {name: tensor for name, tensor in whole.tensors.items() if not name.startswith("history.")}
    save_checkpoint(tmp_path / LAST, Checkpoint(tensors, whole.record))
    story = read_story(tmp_path / LAST)
    assert story.saved.step == 6
    assert [len(values) for values in (*story.train, *story.val)] == [0] * 8


# What cannot be told


def complaint(path: Path) -> str:
    with pytest.raises(CheckpointError) as caught:
        read_story(path)
    line = str(caught.value)
    assert str(path) in line
    assert "\n" not in line
    return line


def test_a_truncated_file_is_refused_wherever_it_was_cut(trained: Files, tmp_path: Path) -> None:
    whole = (trained["text"] / LAST).read_bytes()
    path = tmp_path / LAST
    for length in (0, 1, 8, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        complaint(path)
    path.unlink()
    assert "there is no checkpoint" in complaint(path)


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("config.task", None),
        ("config.hidden_size", -3),
        ("config.hidden_size", "many"),
        ("config", []),
        ("step", None),
        ("step", 1e999),
        ("loss", "low"),
        ("best_step", "first"),
        ("elapsed_s", []),
        ("data", None),
    ],
)
def test_a_record_that_makes_no_sense_is_refused(entry: str, value: Any, trained: Files, tmp_path: Path) -> None:
    metadata, record, tensors = contents(trained["text"] / LAST)
    record = put(record, entry, ... if value is None else value)
    (tmp_path / LAST).write_bytes(without_checksum(metadata, record, tensors))
    assert "is damaged" in complaint(tmp_path / LAST)


@pytest.mark.parametrize("curve", [np.zeros(7), np.zeros((3, 4)), np.zeros((7, 5000)), np.full((7, 2), np.nan)])
def test_a_curve_that_is_none_is_refused(curve: np.ndarray, trained: Files, tmp_path: Path) -> None:
    whole = load_checkpoint(trained["text"] / LAST)
    save_checkpoint(tmp_path / LAST, Checkpoint({**whole.tensors, "history.train": curve}, whole.record))
    assert "a curve" in complaint(tmp_path / LAST)


# Other runs


@pytest.fixture
def saved(here: Path) -> Callable[[str, int], Trainer]:
    """Saves a run `saves/<name>` that is so many seconds younger than the others."""

    def save(name: str, age: int) -> Trainer:
        trainer = tiny_trainer(here)
        folder = RunFolder.new("text", here / "saves" / name)
        for kind in ("best", "last"):
            path = folder.save(trainer, kind)
            os.utime(path, (1_000_000_000 + age, 1_000_000_000 + age))
        return trainer

    return save


def test_the_previous_run_is_the_newest_other_one_of_the_task(
    runs: Files, saved: Callable[[str, int], Trainer]
) -> None:
    for name, age in (("first", 5), ("second", 6), ("third", 7)):
        saved(name, age)
    saves = Path("saves")
    assert previous_run("text") == saves / "third" / LAST
    assert previous_run("text", [saves / "third", saves / "first"]) == saves / "second" / LAST
    assert previous_run("text", [(saves / "third").resolve()]) == saves / "second" / LAST
    assert previous_run("stock", [saves / "third"]) == saves / "stock-run" / LAST
    assert previous_run("stock", [runs["stock"]]) is None
    (saves / "third" / LAST).unlink()
    assert previous_run("text") == saves / "third" / "best.safetensors"


def test_a_damaged_file_keeps_its_place_in_its_run_and_makes_it_no_newer(runs: Files) -> None:
    bad = runs["stock"] / LAST
    bad.write_bytes(b"x" * 100)  # now, so that it is the newest file of all
    listed = list_saves()
    places = [f"{entry.run}/{entry.file.name}" for entry in listed]
    assert places == [f"{run}-run/{name}" for run in ("text", "stock") for name in (LAST, "best.safetensors")]
    (unreadable,) = [entry for entry in listed if isinstance(entry, Unreadable)]
    assert unreadable.file.resolve() == bad.resolve()
    assert find_saves()[1] == [unreadable.why]


def test_a_link_that_leads_to_itself_is_listed_as_unreadable(runs: Files) -> None:
    (runs["text"] / "step-000001.safetensors").symlink_to("step-000001.safetensors")
    (unreadable,) = [entry for entry in list_saves() if isinstance(entry, Unreadable)]
    assert unreadable.file.name == "step-000001.safetensors"
    assert unreadable.modified == 0
