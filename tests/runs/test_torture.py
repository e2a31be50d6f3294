"""Killed at any moment, a run loses nothing beyond what its autosave interval allows, and goes on bit for bit."""

import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lstm_model.runs.saves import checkpoint_file
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.training.resume import restore_trainer
from support.kills import (
    KILLED,
    LARGER,
    TINY,
    Lives,
    kill_at_every_point,
    kill_at_random_times,
    whole_rows,
)
from support.lives import parent_of_lives
from support.runs import contents

Files = dict[str, Path]

if sys.platform == "win32":
    pytest.skip("needs fork and kill", allow_module_level=True)


@pytest.fixture(scope="module")
def family() -> Iterator[Lives]:
    """One parent for all lives of a file: its imports cost more than a life."""
    with parent_of_lives() as parent:
        yield Lives(parent)


@pytest.fixture
def lives(family: Lives) -> Iterator[Lives]:
    family.counts.clear()
    yield family
    sys.stdout.write(f"{family.table()}\n")
    assert family.counts["steps lost beyond the interval"] == 0


# At every point of a save


def test_killed_at_points_of_its_saves_a_run_goes_on_bit_for_bit(lives: Lives, data: Files, tmp_path: Path) -> None:
    settings = [*TINY, "--task", "text", "--data", str(data["text"])]
    kill_at_every_point(lives, tmp_path, settings, steps=8, every=7)


@pytest.mark.slow
@pytest.mark.parametrize("task", ["text", "stock"])
def test_killed_at_every_point_of_its_saves_a_run_goes_on_bit_for_bit(
    task: str, lives: Lives, data: Files, tmp_path: Path
) -> None:
    kill_at_every_point(lives, tmp_path, [*TINY, "--task", task, "--data", str(data[task])], steps=15, every=1)


def test_killed_anywhere_while_it_leaves_a_later_save_behind_no_state_is_lost(
    lives: Lives, data: Files, tmp_path: Path
) -> None:
    settings = [*TINY, "--task", "stock", "--data", str(data["stock"])]
    first = tmp_path / "first"
    assert lives.live(first, *settings, "--steps", "9", "--save", str(first))[0] == 0
    shutil.copy(first / "last.safetensors", first / "step-000009.safetensors")
    assert lives.live(first, "--load", str(first), "--steps", "12")[0] == 0
    before = contents(first)["last.safetensors"]
    point, status = 1, KILLED
    while status == KILLED:
        run = tmp_path / f"at-{point}"
        shutil.copytree(first, run)
        going = ["--load", str(run / "step-000009.safetensors"), "--steps", "11", "--autosave", "1e-9"]
        status, _ = lives.live(run, *going, point=point)
        held = contents(run)
        assert before in {held.get("last.safetensors"), held.get("step-000012.safetensors")}
        assert restore_trainer(load_checkpoint(checkpoint_file(run))).steps >= 7
        shutil.rmtree(run)
        point += 5
    assert point > 20


# At random times


def test_killed_at_random_times_a_run_loses_no_step_it_had_saved(lives: Lives, data: Files, tmp_path: Path) -> None:
    settings = [*LARGER, "--task", "text", "--data", str(data["text"])]
    kill_at_random_times(lives, tmp_path / "run", settings, 80, 1e-9, kills=10)
    assert lives.counts["kills"] >= 5
    assert lives.counts["checkpoints loaded"] > 5


@pytest.mark.slow
@pytest.mark.parametrize("autosave", [1e-9, 0.05, 1.0])
def test_some_hundred_kills_at_random_times_lose_nothing(
    autosave: float, lives: Lives, data: Files, tmp_path: Path
) -> None:
    wanted = 30 if autosave == 1.0 else 150
    for k in range(100):
        task, size = random.Random(k).choice(["text", "stock"]), random.Random(k + 1).choice([TINY, LARGER])
        settings = [*size, "--task", task, "--data", str(data[task]), "--seed", str(k)]
        steps = 400 if autosave < 0.01 else 4000
        left = wanted - lives.counts["kills"]
        if left <= 0:
            break
        kill_at_random_times(lives, tmp_path / f"run-{k}", settings, steps, autosave, left)
    assert lives.counts["kills"] >= wanted


# What a crash of the whole machine may leave: a file cut anywhere


@pytest.mark.parametrize("left", [0, 30, -1, -12])
def test_a_row_cut_short_is_taken_away_and_every_other_row_stays(
    left: int, lives: Lives, data: Files, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    settings = [*TINY, "--task", "stock", "--data", str(data["stock"])]
    assert lives.live(run, *settings, "--steps", "5", "--save", str(run))[0] == 0
    path = run / "metrics.csv"
    rows, whole = whole_rows(run), path.read_bytes()
    path.write_bytes(whole[:left])
    kept = max(0, whole[:left].count(b"\n") - 1)
    assert lives.live(run, "--load", str(run), "--steps", "7")[0] == 0
    after = whole_rows(run)
    assert after[:kept] == rows[:kept]
    assert [row[0] for row in after[kept:]] == ["6", "7"]
