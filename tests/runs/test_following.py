"""What a run folder tells from outside: rows as they come, whether its process lives, and how it ended."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from lstm_model.runs.events import Figures
from lstm_model.runs.metrics import ROWS, as_csv
from lstm_model.runs.outside.follower import QUIET_AFTER, Follower, State
from lstm_model.runs.outside.rows import Rows
from lstm_model.runs.remote.standing import STATUS
from lstm_model.storage import holder
from lstm_model.storage.claim import Claim
from lstm_model.storage.holder import holder_of
from support.runs import contents

Files = dict[str, Path]


def row(step: int) -> str:
    return as_csv([Figures(step, 0.5, 2.0, None, 0.01, 1.0, 1e4, step / 10).row()])


@pytest.fixture
def claimed(runs: Files) -> Iterator[Path]:
    claim = Claim(runs["text"])
    yield runs["text"]
    claim.release()


def test_each_row_comes_once_and_a_torn_one_when_it_is_whole(tmp_path: Path) -> None:
    rows, file = Rows(tmp_path), tmp_path / ROWS
    assert rows.new() == []
    head, text = as_csv([], head=True), row(10) + row(20)
    file.write_text(head + text[:-7], newline="")
    assert [each.step for each in rows.new()] == [10]
    assert rows.new() == []
    file.write_text(head + text, newline="")
    assert [each.step for each in rows.new()] == [20]


def test_rows_of_a_run_that_went_back_come_as_they_were_written(tmp_path: Path) -> None:
    rows, file = Rows(tmp_path), tmp_path / ROWS
    file.write_text(as_csv([], head=True) + row(10) + row(20), newline="")
    rows.new()
    with file.open("a", newline="") as more:
        more.write("\0\0\0\nnot,a,row\n" + row(15) + row(25))
    assert [each.step for each in rows.new()] == [15, 25]


def test_a_file_that_was_replaced_or_cut_is_read_from_its_beginning(tmp_path: Path) -> None:
    rows, file = Rows(tmp_path), tmp_path / ROWS
    file.write_text(as_csv([], head=True) + row(10) + row(20), newline="")
    rows.new()
    other = tmp_path / "other"
    other.write_text(as_csv([], head=True) + row(1) + row(2) + row(3), newline="")
    other.replace(file)
    assert [each.step for each in rows.new()] == [1, 2, 3]
    file.write_text(as_csv([], head=True) + row(5), newline="")
    assert [each.step for each in rows.new()] == [5]


@pytest.mark.skipif(not holder.LOCKS.exists(), reason="needs /proc/locks")
def test_the_process_that_trains_is_found_without_a_lock_or_a_trace(claimed: Path) -> None:
    before = contents(claimed)
    assert holder_of(claimed) == os.getpid()
    assert Follower(claimed).look().process == os.getpid()
    assert contents(claimed) == before


@pytest.mark.skipif(not holder.LOCKS.exists(), reason="needs /proc/locks")
def test_a_process_that_writes_nothing_is_quiet_and_a_stopped_one_stopped(claimed: Path) -> None:
    since = (claimed / ROWS).stat().st_mtime
    assert Follower(claimed, now=lambda: since + 1).look().state is State.TRAINING
    assert Follower(claimed, now=lambda: since + QUIET_AFTER + 1).look().state is State.QUIET
    child = os.fork()
    if not child:
        signal.pause()
        os._exit(0)
    try:
        assert not holder.is_stopped(child)
        os.kill(child, signal.SIGSTOP)
        os.waitpid(child, os.WUNTRACED)
        assert holder.is_stopped(child)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_an_end_with_all_steps_saved_differs_from_one_that_lost_some(runs: Files) -> None:
    later = (runs["text"] / ROWS).stat().st_mtime + QUIET_AFTER + 1
    look = Follower(runs["text"], now=lambda: later).look()
    assert (look.state, look.saved_step) == (State.ENDED, 6)
    with (runs["text"] / ROWS).open("a", newline="") as more:
        more.write(row(9))
    later = (runs["text"] / ROWS).stat().st_mtime + QUIET_AFTER + 1
    look = Follower(runs["text"], now=lambda: later).look()
    assert (look.state, look.saved_step) == (State.LOST, 6)


def test_where_no_lock_can_be_seen_fresh_rows_say_that_it_trains(runs: Files) -> None:
    (runs["text"] / STATUS).unlink()  # older versions had none
    since = (runs["text"] / ROWS).stat().st_mtime
    assert Follower(runs["text"], now=lambda: since + 1).look().state is State.TRAINING


def test_a_run_that_is_not_there_yet_is_absent(tmp_path: Path) -> None:
    assert Follower(tmp_path / "none").look().state is State.ABSENT
    (tmp_path / "empty").mkdir()
    assert Follower(tmp_path / "empty").look().state is State.ABSENT
