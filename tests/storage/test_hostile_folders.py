"""What came with a run's folder leads nothing out of it, and a cache that somebody else wrote stops nothing."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lstm_model.errors import InputError
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.events import SaveFailed
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.metrics import ROWS, cut_lost_rows
from lstm_model.runs.run import Run
from lstm_model.runs.saves import LAST, checkpoint_file
from lstm_model.storage.cache import cache_folder, recall, remember
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.storage.claim import LOCK
from lstm_model.storage.files import open_to_append
from lstm_model.storage.kept import Kept
from lstm_model.sweeps.journal import Journal
from lstm_model.training.resume import restore_trainer
from support.stepped import tiny_trainer

if os.name != "posix":
    pytest.skip("such files are POSIX's", allow_module_level=True)

ELSEWHERE = b"of somebody else, \0 and without an end"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "victim"
    path.write_bytes(ELSEWHERE)
    return path


def train(folder: RunFolder, steps: int) -> list[str]:
    """Train in a folder with all that writes files at every step; what could not be written."""
    saved = folder.path / LAST
    trainer = restore_trainer(load_checkpoint(saved)) if saved.exists() else tiny_trainer(folder.path.parent)
    plan = Plan(steps=trainer.steps + steps, autosave=1e-9, figures_every=0.0, look_every=0.0, look_length=20)
    run, failed = Run(trainer, folder, plan), []
    while not run.finished:
        for work in (run.step, run.work):
            failed += [event.reason for event in work() if isinstance(event, SaveFailed)]
    run.close()
    return failed


def a_run(place: Path) -> Path:
    train(RunFolder.new("text", place / "run"), 2)
    return place / "run"


def go_on(run: Path) -> list[str]:
    file = checkpoint_file(run)
    return train(RunFolder.going_on(file, load_checkpoint(file).record.step), 2)


@pytest.mark.parametrize("name", [ROWS, "samples.txt"])
def test_what_grows_is_not_written_through_a_link_and_the_steps_are_saved(
    name: str, tmp_path: Path, victim: Path
) -> None:
    run = a_run(tmp_path)
    (run / name).unlink()
    (run / name).symlink_to(victim)
    told = go_on(run)
    assert victim.read_bytes() == ELSEWHERE
    assert told
    assert all(f"{name} is a link" in line and "\n" not in line for line in told)
    assert load_checkpoint(run / LAST).record.step == 4


def test_a_lock_that_is_a_link_is_refused_and_nothing_is_written_through_it(tmp_path: Path, victim: Path) -> None:
    run = a_run(tmp_path)
    (run / LOCK).unlink()
    (run / LOCK).symlink_to(victim)
    with pytest.raises(InputError, match="is a link, which no run makes"):
        go_on(run)
    assert victim.read_bytes() == ELSEWHERE


def test_lost_rows_are_not_cut_off_through_a_link_nor_waited_for(tmp_path: Path, victim: Path) -> None:
    (tmp_path / "link").symlink_to(victim)
    cut_lost_rows(tmp_path / "link")
    assert victim.read_bytes() == ELSEWHERE
    os.mkfifo(tmp_path / "pipe")
    cut_lost_rows(tmp_path / "pipe")


def test_a_journal_that_is_a_link_is_neither_cut_nor_added_to(tmp_path: Path, victim: Path) -> None:
    (tmp_path / "journal").symlink_to(victim)
    journal = Journal(tmp_path / "journal")
    journal.read()
    with pytest.raises(OSError, match="is a link"):
        journal.add({"trial": 1})
    assert victim.read_bytes() == ELSEWHERE


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("nowhere")])
def test_nothing_but_a_plain_file_is_opened_to_append(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "file")
    with pytest.raises(OSError, match=r"is (a link|no plain file)"):
        open_to_append(tmp_path / "file")
    assert not (tmp_path / "nowhere").exists()


def test_a_cache_that_is_a_pipe_is_no_cache() -> None:
    remember("hostile", {"a": 1})
    assert recall("hostile") == {"a": 1}
    (cache_folder() / "hostile.json").unlink()
    os.mkfifo(cache_folder() / "hostile.json")
    assert recall("hostile") == {}
    (cache_folder() / "hostile.json").unlink()


@pytest.mark.parametrize(
    "body", ["[]", "5", "null", "{", "[" * 100_000, "1" * 10_000, '{"FILE": 5}', '{"FILE": []}', '{"FILE": [[], 5]}']
)
def test_kept_values_that_are_none_are_read_anew_though_their_checksum_is_right(body: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    key = hashlib.sha256(f"test 1\n{os.path.realpath(tmp_path)}".encode()).hexdigest()
    body = body.replace("FILE", str(tmp_path / "file"))
    remember(key, {"sha256": hashlib.sha256(body.encode()).hexdigest(), "body": body}, "test")
    assert recall(key, "test")["body"] == body
    assert Kept("test 1", tmp_path).of(tmp_path / "file", lambda _: ["anew"]) == ["anew"]
