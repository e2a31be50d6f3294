"""A run on a file system that is not local: a clear line or correct work, and nothing lost."""

import errno
import os
from pathlib import Path

import pytest

from lstm_model.events import Event
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.events import News, SaveDone, SaveFailed
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.keeping.trash import throw_away, trashed
from lstm_model.runs.outside.follower import Follower, State
from lstm_model.runs.run import Run
from lstm_model.runs.saves import LAST, Saved, list_saves
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.storage.claim import Claim, is_held
from lstm_model.training.resume import restore_trainer
from lstm_tui.cli import main
from support.far_disk import Late, Refusing, instead
from support.runs import TINY
from support.stepped import tiny_trainer

fcntl = pytest.importorskip("fcntl")
Files = dict[str, Path]
NEVER = 10**9


def a_run(folder: Path, steps: int = 4) -> Run:
    """A run that writes all its files at every step."""
    plan = Plan(steps=steps, autosave=1e-9, figures_every=0.0, look_every=0.0, look_length=10)
    return Run(tiny_trainer(folder), RunFolder.new("text", folder / "run"), plan)


def trained(run: Run) -> list[Event]:
    """All that happens until its end."""
    events: list[Event] = []
    while not run.finished:
        events += run.work() if run.job else run.step()
    run.close()
    return events


def failed(events: list[Event]) -> list[str]:
    return [event.reason for event in events if isinstance(event, SaveFailed)]


def news(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, News)]


def step_of(folder: Path) -> int:
    return int(load_checkpoint(folder / LAST).record.step)


def test_a_handle_that_is_stale_once_costs_no_save_wherever_it_comes(tmp_path: Path) -> None:
    at, total = 1, NEVER
    while at <= total:
        folder = tmp_path / str(at)
        folder.mkdir()
        run = a_run(folder, steps=2)
        refusing = Refusing(folder / "run", errno.ESTALE, lambda count, at=at: count == at)  # type: ignore[misc]
        with instead(refusing.make):
            told = failed(trained(run))
        assert (refusing.refused, told) == (1, []), f"call {at}: {told}"
        assert step_of(folder / "run") == 2
        total, at = refusing.count, at + 11
    assert at > 50


@pytest.mark.parametrize("number", [errno.EDQUOT, errno.EROFS, errno.ENOSPC, errno.EIO])
def test_a_full_quota_or_a_read_only_remount_is_said_and_saving_is_tried_until_it_works(
    number: int, tmp_path: Path
) -> None:
    run = a_run(tmp_path, steps=40)
    while step_of(tmp_path / "run") < 2 if (tmp_path / "run" / LAST).exists() else True:
        (run.work if run.job else run.step)()
    refusing = Refusing(tmp_path / "run", number, lambda count: count < 40)
    with instead(refusing.make):
        events = trained(run)
    assert set(failed(events)) == {
        f"cannot {what} in {tmp_path / 'run'}: {os.strerror(number)}" for what in ("save", "write")
    }
    first = next(k for k, event in enumerate(events) if isinstance(event, SaveFailed))
    assert any(isinstance(event, SaveDone) for event in events[first:])
    assert step_of(tmp_path / "run") == 40
    rows = (tmp_path / "run" / "metrics.csv").read_text().splitlines()[1:]
    assert [int(row.split(",")[0]) for row in rows] == sorted({int(row.split(",")[0]) for row in rows})


def test_a_rename_that_is_seen_late_loses_nothing(tmp_path: Path) -> None:
    late, run = Late(), a_run(tmp_path)
    with instead(late.make):
        events = trained(run)
    late.catch_up()
    assert late.delayed > 10
    assert failed(events) == []
    assert step_of(tmp_path / "run") == 4
    assert restore_trainer(load_checkpoint(tmp_path / "run" / "best.safetensors")).steps > 0


def refuses(*_: object) -> None:
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


@pytest.mark.parametrize(
    ("flock", "why"), [(refuses, os.strerror(errno.ENOLCK)), (lambda *_: None, "every process gets the lock there")]
)
def test_a_folder_whose_lock_is_refused_or_given_to_everybody_is_named_in_one_line(
    flock: object, why: str, data: Files, here: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(fcntl, "flock", flock)
    asked = ["train", "--data", str(data["text"]), *TINY, "--steps", "3", "--save", "run"]
    line = f"run cannot be locked ({why}): see to it that nobody else trains there"
    assert main(asked) == 0
    assert capsys.readouterr().err.splitlines() == [line]
    assert main(["train", "--load", "run", "--steps", "4"]) == 0
    assert f"note: {line}" in capsys.readouterr().err.splitlines()
    assert step_of(here / "run") == 4


def test_a_lock_that_was_stale_once_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right, refused = fcntl.flock, [OSError(errno.ESTALE, "Stale file handle")]

    def stale_once(*arguments: object) -> None:
        if refused:
            raise refused.pop()
        right(*arguments)

    monkeypatch.setattr(fcntl, "flock", stale_once)
    claim = Claim(tmp_path)
    assert (claim.unlocked, refused, is_held(tmp_path)) == ("", [], True)
    claim.release()


def test_a_folder_that_is_moved_while_it_trains_is_named_and_both_places_are_whole(tmp_path: Path) -> None:
    run = a_run(tmp_path, steps=6)
    while run.trainer.steps < 3:
        (run.work if run.job else run.step)()
    (tmp_path / "run").rename(tmp_path / "moved")
    [line] = news(trained(run))
    moved = f"was moved to {tmp_path / 'moved'}, with what it held until now" if Path("/proc/self/fd").exists() else ""
    assert line == f"{tmp_path / 'run'} {moved or 'was taken away'}: it is made again, and the run goes on in it"
    assert step_of(tmp_path / "run") == 6
    assert step_of(tmp_path / "moved") == 3


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_of_the_server_that_is_minutes_off_changes_no_order_and_loses_no_run(
    minutes: int, tmp_path: Path
) -> None:
    for name in ("older", "newer"):
        (tmp_path / name).mkdir()
        run = a_run(tmp_path / name)
        trained(run)
        (tmp_path / name / "run").rename(tmp_path / f"{name}-run")
    now = (tmp_path / "newer-run" / LAST).stat().st_mtime + 5
    for age, name in ((5, "newer"), (9, "older")):
        for file in (tmp_path / f"{name}-run").iterdir():
            os.utime(file, (now - age + 60 * minutes,) * 2)
    listed = [entry.run for entry in list_saves(tmp_path) if isinstance(entry, Saved) and entry.file.name == LAST]
    assert listed == ["newer-run", "older-run"]
    run = a_run(tmp_path)
    while run.trainer.steps < 2:
        (run.work if run.job else run.step)()
    for file in (tmp_path / "run").iterdir():
        os.utime(file, (now + 60 * minutes,) * 2)
    assert Follower(tmp_path / "run", lambda: now).look().state in (State.TRAINING, State.QUIET)
    run.close()
    assert Follower(tmp_path / "older-run", lambda: now + 3600).look().state is State.ENDED
    throw_away(tmp_path / "older-run")
    assert [thrown.run for thrown in trashed(tmp_path)] == ["older-run"]
