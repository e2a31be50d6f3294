"""Saving when it goes wrong: full disks, folders that vanish, processes that were killed while they wrote."""

import contextlib
import csv
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lstm_model.events import Event
from lstm_model.runs import folder as folders
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.driving.saving import RETRY
from lstm_model.runs.events import SaveDone, SaveFailed
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Run
from lstm_model.runs.saves import PREVIOUS
from lstm_model.storage.checkpoint import load_checkpoint, save_checkpoint
from lstm_tui.cli import main
from lstm_tui.session import commands
from lstm_tui.session.session import Session
from lstm_tui.widgets.status import status_parts
from support.stepped import Hand, tiny_launch, tiny_trainer

ROW = {"step": 1, "loss": 2.5, "elapsed_s": 0.5}


class Clock:
    """Each look at it is some seconds after the one before."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds = 0.0, seconds

    def __call__(self) -> float:
        self.now += self.seconds
        return self.now


def step_of(path: Path) -> int:
    return int(load_checkpoint(path).record.step)


def test_the_last_before_the_last_is_kept(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path)
    folder = RunFolder.new("text", tmp_path / "run")
    for _ in range(3):
        trainer.step()
        folder.save(trainer)
        folder.save(trainer, "best")
    assert step_of(tmp_path / "run" / "last.safetensors") == 3
    assert step_of(tmp_path / "run" / PREVIOUS) == 2


def test_where_the_last_is_damaged_the_one_before_is_named_and_loads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    test_the_last_before_the_last_is_kept(tmp_path)
    last, previous = (tmp_path / "run" / name for name in ("last.safetensors", PREVIOUS))
    last.write_bytes(last.read_bytes()[:-100])
    assert main(["train", "--load", str(tmp_path / "run"), "--steps", "4"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.endswith(f"load another one; the one before it, of step 2, is {previous}")
    assert main(["train", "--load", str(previous), "--steps", "4"]) == 0
    assert step_of(last) == 4


def test_it_is_kept_on_file_systems_without_second_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*arguments: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuses)
    test_the_last_before_the_last_is_kept(tmp_path)


def test_what_a_killed_process_left_half_written_goes_with_the_next_write(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path)
    (tmp_path / "run").mkdir()
    left = tmp_path / "run" / ".last.safetensors.abc.part"
    left.write_bytes(b"half")
    folder = RunFolder.new("text", tmp_path / "run")
    assert left.exists()
    trainer.step()
    folder.save(trainer)
    assert not left.exists()


def test_a_folder_that_was_deleted_is_made_again_with_all_it_needs(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path)
    run = Run(trainer, RunFolder.new("text", tmp_path / "saves" / "run"), Plan(autosave=1e-9))
    run.step()
    shutil.rmtree(tmp_path / "saves")
    run.step()
    assert step_of(tmp_path / "saves" / "run" / "last.safetensors") == 2
    assert (tmp_path / "saves" / "run" / "config.json").exists()
    assert main(["train", "--load", str(tmp_path / "saves" / "run"), "--steps", "3"]) == 0


def test_a_save_that_failed_is_tried_again_after_some_seconds_of_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(tiny_trainer(tmp_path), RunFolder.new("text", tmp_path / "run"), Plan(autosave=60), Clock(1.0))
    real, fails = save_checkpoint, True

    def full(*arguments: object, **named: object) -> None:
        if fails:
            raise OSError(28, "No space left on device")
        real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(folders, "save_checkpoint", full)
    tried: list[tuple[float, Event]] = []
    while run.trainer.elapsed < 60 + 3 * RETRY:
        events = run.work() if run.job else run.step()
        kinds = [event for event in events if isinstance(event, SaveFailed) or getattr(event, "kind", "") == "last"]
        tried += [(run.trainer.elapsed, event) for event in kinds if run.trainer.elapsed >= 60]
        fails = run.trainer.elapsed < 60 + 2 * RETRY - 1
    times = [at for at, event in tried if isinstance(event, SaveFailed) and "cannot save" in event.reason]
    assert len(times) >= 2
    assert any(isinstance(event, SaveDone) for _, event in tried)
    assert step_of(tmp_path / "run" / "last.safetensors") > 0


def test_the_status_line_says_that_saving_fails_and_since_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launch, hand = tiny_launch(tmp_path), Hand()
    session = Session("text", lambda: Run(launch.trainer, launch.folder, launch.plan))
    hand.begin(session)

    def full(*arguments: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(folders, "save_checkpoint", full)
        session.request(commands.Save())
        hand.turn(3)
        session.request(commands.Save())
        hand.turn(3)
        since = session.latest.files.failing_since
        assert since is not None
        assert status_parts(session.latest)[0] == ("failing", f"NOT SAVED since {since:%H:%M}")
        first = session.latest.figure.step
        hand.turn(5)
        session.look()
        hand.turn(5)
        assert session.look().figure.step > first  # the run goes on
    session.request(commands.Save())
    hand.turn(3)
    assert session.latest.files.failing_since is None
    assert status_parts(session.latest)[0] == ("task", "text")


# metrics.csv


def test_rows_that_could_not_be_written_follow_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = tiny_trainer(tmp_path)
    folder = RunFolder.new("text", tmp_path / "run")
    folder.add_figures(trainer, ROW)

    def full(*arguments: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", full)
        for step in (2, 3):
            with pytest.raises(OSError, match="No space"):
                folder.add_figures(trainer, ROW | {"step": step})
    folder.add_figures(trainer, ROW | {"step": 4})
    rows = list(csv.DictReader((tmp_path / "run" / "metrics.csv").read_text().splitlines()))
    assert [row["step"] for row in rows] == ["1", "2", "3", "4"]


def test_a_row_that_a_crash_cut_short_does_not_spoil_the_next(tmp_path: Path) -> None:
    trainer = tiny_trainer(tmp_path)
    folder = RunFolder.new("text", tmp_path / "run")
    folder.add_figures(trainer, ROW)
    path = tmp_path / "run" / "metrics.csv"
    path.write_bytes(path.read_bytes() + b"2,,2.4")
    folder.add_figures(trainer, ROW | {"step": 3})
    assert [row["step"] for row in csv.DictReader(path.read_text().splitlines())] == ["1", "3"]


# A real disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kB; who may not mount one cannot have it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    with contextlib.suppress(OSError):
        if subprocess.run(mount, capture_output=True).returncode == 0:
            yield disk
            subprocess.run(["umount", "-l", str(disk)], check=True)
            return
    pytest.skip("this user may not mount a disk")


def test_a_full_disk_costs_nothing_but_the_saves_it_has_no_room_for(small_disk: Path, data: dict[str, Path]) -> None:
    asked = [sys.executable, "-m", "lstm_tui", "train", "--data", str(data["text"]), "--save", str(small_disk / "run")]
    settings = ["--hidden", "24", "--batch", "4", "--seq", "5", "--autosave", "0.05"]
    with subprocess.Popen([*asked, *settings], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        last = small_disk / "run" / "last.safetensors"
        while not last.exists():
            assert process.poll() is None
        filler = small_disk / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        assert process.stderr is not None
        assert "No space left on device; training goes on" in process.stderr.readline()
        assert step_of(last) > 0  # the old file is whole
        filler.unlink()
        assert process.stderr.readline().startswith("saving works again")
        process.terminate()
        assert process.wait() == 143
    assert step_of(last) > 0
    assert not list((small_disk / "run").glob(".*.part"))


def test_a_disk_that_became_read_only_is_told_and_the_old_files_stay(
    small_disk: Path, data: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run, asked = small_disk / "run", ["--data", str(data["text"]), "--hidden", "8", "--batch", "4", "--seq", "5"]
    assert main(["train", *asked, "--save", str(run), "--steps", "3"]) == 0
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    capsys.readouterr()
    assert main(["train", "--load", str(run), "--steps", "6"]) in (1, 2)
    err = capsys.readouterr().err.splitlines()
    assert "Read-only file system" in err[-1] or "may not be written to" in err[-1]
    assert step_of(run / "last.safetensors") == 3
