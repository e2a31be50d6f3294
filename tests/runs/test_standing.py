"""status.json: written when a run changes alone, read with distrust, and not believed of another process."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.metrics import ROWS
from lstm_model.runs.outside.follower import QUIET_AFTER, Follower, State
from lstm_model.runs.outside.rows import Rows
from lstm_model.runs.remote.standing import MOST_BYTES, STATUS, Doing, Standing, Why, read_standing, write_standing
from lstm_model.runs.run import Run
from lstm_model.storage import holder
from lstm_model.storage.claim import LOCK, Claim
from support.stepped import tiny_trainer

Files = dict[str, Path]
ENDED = b'{"status": "ended", "why": "limit", "step": 6, "at": 5}'
needs_locks = pytest.mark.skipif(not holder.LOCKS.exists(), reason="needs /proc/locks")


def told(run: Run) -> tuple[Doing, Why | None] | None:
    assert run.folder is not None
    standing = read_standing(run.folder.path)
    return None if standing is None else (standing.status, standing.why)


def test_a_run_tells_that_it_trains_pauses_goes_on_and_ends_and_writes_at_no_step(tmp_path: Path) -> None:
    run = Run(tiny_trainer(tmp_path), RunFolder.new("text", tmp_path / "run"), Plan(steps=9, autosave=1e9))
    run.tell_pause(paused=False)
    assert not (tmp_path / "run").exists()  # a run that nobody keeps leaves nothing behind
    run.save()
    assert told(run) == (Doing.TRAINING, None)
    inode = (tmp_path / "run" / STATUS).stat().st_ino
    while not run.finished:
        run.step()
        if run.trainer.steps == 8:
            assert (tmp_path / "run" / STATUS).stat().st_ino == inode
            run.tell_pause(paused=True)
            assert told(run) == (Doing.PAUSED, None)
            run.tell_pause(paused=False)
            assert told(run) == (Doing.TRAINING, None)
        run.work()
    run.close()
    standing = read_standing(tmp_path / "run")
    assert standing is not None
    assert (standing.status, standing.why, standing.step, standing.last_step) == (Doing.ENDED, Why.LIMIT, 9, 9)


@pytest.mark.parametrize(("explodes", "why"), [(False, Why.STOPPED), (True, Why.EXPLODED)])
def test_an_end_before_the_limit_tells_why(explodes: bool, why: Why, tmp_path: Path) -> None:
    plan = Plan(on_divergence="stop", autosave=1e9)
    run = Run(tiny_trainer(tmp_path), RunFolder.new("text", tmp_path / "run"), plan)
    run.step()
    run.save()
    if explodes:
        run.trainer.model.parameters.flat[...] = float("nan")
        run.step()
    run.close()
    assert told(run) == (Doing.ENDED, why)


def test_a_run_that_another_one_of_the_same_process_takes_over_does_not_tell_an_end(tmp_path: Path) -> None:
    run = Run(tiny_trainer(tmp_path), RunFolder.new("text", tmp_path / "run"), Plan())
    run.step()
    run.save()
    following = RunFolder.going_on(tmp_path / "run" / "last.safetensors", 1)
    run.close()
    assert told(run) == (Doing.TRAINING, None)
    following.release()


@pytest.mark.parametrize(
    "contents",
    [
        b"",
        b"[]",
        b"5",
        b"null",
        b"[" * 10_000,
        b'{"status": 5}',
        b'{"status": "ended"}',
        b'{"status": []}',
        b"\xff\xfe",
        b" " * MOST_BYTES + ENDED,
        b'{"status": "paused", "step": ' + b"1" * 9000 + b"}",
    ],
)
def test_what_makes_no_sense_is_not_believed(contents: bytes, tmp_path: Path) -> None:
    (tmp_path / STATUS).write_bytes(contents)
    assert read_standing(tmp_path) is None


def test_of_wrong_numbers_none_is_taken(tmp_path: Path) -> None:
    (tmp_path / STATUS).write_bytes(b'{"status": "paused", "step": -1, "last_step": true, "last_s": NaN, "at": 1e400}')
    assert read_standing(tmp_path) == Standing(Doing.PAUSED, at=0.0)


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to(path.with_name("elsewhere"))])
def test_links_pipes_and_folders_are_not_read_and_not_written_through(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").write_bytes(ENDED)
    make(tmp_path / STATUS)
    assert read_standing(tmp_path) is None
    run = Run(tiny_trainer(tmp_path), RunFolder.new("text", tmp_path), Plan())
    run.step()
    assert run.save()  # whatever lies there, it is nothing to stop for
    run.close()
    assert (tmp_path / "elsewhere").read_bytes() == ENDED
    (tmp_path / ROWS).unlink(missing_ok=True)
    os.mkfifo(tmp_path / ROWS)
    assert Rows(tmp_path).new() == []  # and does not wait


@needs_locks
def test_a_watcher_tells_a_pause_and_an_end_and_no_longer_believes_a_process_that_is_gone(runs: Files) -> None:
    folder = runs["text"]
    rows = (folder / ROWS).stat().st_mtime
    write_standing(folder, Standing(Doing.PAUSED))
    assert Follower(folder, now=lambda: rows + QUIET_AFTER + 1).look().state is State.ENDED  # nobody is there
    claim = Claim(folder)
    os.utime(folder / LOCK, (rows, rows))
    try:
        assert Follower(folder, now=lambda: rows + 1).look().state is State.PAUSED
        write_standing(folder, Standing(Doing.ENDED, Why.LIMIT, 6))
        assert Follower(folder, now=lambda: rows + 1).look().state is State.ENDED
        os.utime(folder / STATUS, (rows - 9, rows - 9))  # the claim is newer: another process goes on
        assert Follower(folder, now=lambda: rows + 1).look().state is State.TRAINING
    finally:
        claim.release()


@needs_locks
def test_a_run_that_was_killed_while_it_was_paused_does_not_seem_to_pause_for_ever(runs: Files) -> None:
    folder = runs["text"]
    claim = Claim(folder)
    write_standing(folder, Standing(Doing.PAUSED))
    with (folder / ROWS).open("a", newline="") as more:
        more.write("9,0.5,2.0,,0.01,1.0,1e4,1.0\n")
    rows = (folder / ROWS).stat().st_mtime
    follower = Follower(folder, now=lambda: rows + 1)
    assert follower.look().state is State.PAUSED
    claim.release()
    assert follower.look().state is State.LOST
