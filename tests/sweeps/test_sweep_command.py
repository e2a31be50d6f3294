"""`lstm-tui sweep` with real processes: it survives kill -9 of itself and of its workers, and says what is wrong."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lstm_tui.cli import main

Out = pytest.CaptureFixture[str]

SMALL = ["--task", "copy", "--hidden", "8", "--batch", "4"]
SWEEP = ["sweep", *SMALL, "--try", "lr=log:0.001..0.1", "--steps", "20", "--json", "--jobs", "2", "--threads", "1"]


def started(*arguments: str) -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "lstm_tui", *SWEEP, *arguments]
    return subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def to_its_end(*arguments: str) -> list[dict[str, Any]]:
    with started(*arguments) as process:
        out, err = process.communicate()
    assert process.returncode == 0, err
    return [json.loads(line) for line in out.splitlines()]


def results(events: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What the trials came to, but for the time that they took; each is in the last event once."""
    trials = events[-1]["trials"]
    assert [trial["trial"] for trial in trials] == list(range(1, len(trials) + 1))
    return [
        (t["settings"]["lr"], t["seed"], t["state"], t["val_loss"], t["test_loss"], t["step"], Path(t["run"]).name)
        for t in trials
    ]


def counted_once(folder: Path) -> bool:
    lines = [json.loads(line.partition(" ")[2]) for line in (folder / "journal.jsonl").read_text().splitlines()]
    ends = [entry["ended"] for entry in lines if "ended" in entry]
    return len(ends) == len(set(ends))


def test_a_sweep_that_is_killed_goes_on_to_the_same_numbers(here: Path) -> None:
    asked = ["--trials", "3", "--again", "1", "--pruner", "none"]
    unbroken = to_its_end("--save", "unbroken", *asked)
    assert [event["event"] for event in unbroken] == ["trial"] * 4 + ["done"]
    with started("--save", "killed", *asked) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["event"] == "trial"  # another one is in the middle
        process.kill()
    assert results(to_its_end("--save", "killed", *asked)) == results(unbroken)
    assert counted_once(here / "killed")
    assert to_its_end("--save", "killed", *asked)[-1]["best"] == unbroken[-1]["best"] | {
        "runs": [run.replace("unbroken", "killed") for run in unbroken[-1]["best"]["runs"]]
    }
    assert main(["train", "--load", unbroken[-1]["trials"][0]["run"], "--steps", "22"]) == 0  # a run like any other


def test_a_worker_that_is_killed_is_begun_again(here: Path) -> None:
    with started("--save", "sweep", "--trials", "2", "--again", "0", "--steps", "600") as process:
        lock = None
        while lock is None or not lock.read_text():
            assert process.poll() is None
            lock = next((here / "sweep").glob("0001-*/.lock"), None)
        os.kill(int(lock.read_text()), signal.SIGKILL)
        out, err = process.communicate()
    assert process.returncode == 0, err
    assert "trial 1 is begun again: its process was killed by signal 9" in err
    assert [trial["state"] for trial in json.loads(out.splitlines()[-1])["trials"]] == ["done"] * 2


def test_ctrl_c_leaves_all_saved_and_says_how_to_go_on(here: Path) -> None:
    with started("--save", "sweep", "--trials", "3", "--again", "0", "--steps", "4000") as process:
        while not list((here / "sweep").glob("0001-*/best.safetensors")):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    assert err.splitlines()[-1] == "interrupted after 0 trials; all is in sweep: the same command goes on"
    assert next((here / "sweep").glob("0001-*/last.safetensors"))


def test_a_full_disk_is_one_line_and_the_same_command_goes_on(here: Path) -> None:
    """A limit on the size of files stands for the disk: the journal fits, a checkpoint does not."""
    asked = ["--save", "sweep", "--trials", "3", "--again", "1", "--pruner", "none", "--hidden", "64"]
    program = [sys.executable, "-m", "lstm_tui", *SWEEP, *asked]
    full = subprocess.run(
        ["sh", "-c", 'ulimit -f 24; exec "$@"', "sh", *program], capture_output=True, text=True, check=False
    )
    assert (full.returncode, full.stdout) == (1, "")
    (line,) = full.stderr.splitlines()
    assert "error: cannot save in sweep" in line.replace(f"{here}/", "")
    assert "File too large" in line
    assert line.endswith("; all trials are kept: mend that, and the same command goes on")
    assert {trial[2] for trial in results(to_its_end(*asked))} == {"done"}
    assert counted_once(here / "sweep")


@pytest.mark.parametrize("jobs", ["1", "2"], ids=["when a trial ends", "when one begins"])
def test_a_full_disk_under_the_journal_is_one_line_and_the_same_command_goes_on(jobs: str, here: Path) -> None:
    """A limit on the size of files, and a journal that nearly has it: all else fits."""
    asked = ["--save", "sweep", "--trials", "2", "--again", "0", "--pruner", "none", "--jobs", jobs]
    journal = here / "sweep" / "journal.jsonl"
    with started(*asked) as process:
        while not journal.exists() or b"\n" not in journal.read_bytes():
            assert process.poll() is None
        process.kill()
        process.communicate()
    first = journal.read_bytes().splitlines(keepends=True)[0]
    for folder in (here / "sweep").glob("0*"):
        shutil.rmtree(folder)
    limit = 256 << 10
    fill = first * ((limit - 60) // len(first))  # that a trial was begun says no more the second time
    journal.write_bytes(b"\n" * (limit - 60 - len(fill)) + fill)
    program = [sys.executable, "-m", "lstm_tui", *SWEEP, *asked]
    full = subprocess.run(
        ["sh", "-c", f'ulimit -f {limit // 512}; exec "$@"', "sh", *program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (full.returncode, full.stdout) == (1, "")
    *notes, line = full.stderr.splitlines()
    assert all("is damaged" in note for note in notes)  # the blank lines
    assert "sweep/journal.jsonl: File too large" in line
    assert line.endswith("; all trials are kept: mend that, and the same command goes on")
    assert journal.stat().st_size <= limit
    journal.write_bytes(first)
    assert [trial[2] for trial in results(to_its_end(*asked))] == ["done"] * 2
    assert counted_once(here / "sweep")


def test_two_sweeps_on_one_folder_are_refused(here: Path, capsys: Out) -> None:
    asked = ["--save", "sweep", "--trials", "2", "--again", "0", "--steps", "4000"]
    with started(*asked) as process:
        while not (here / "sweep" / "sweep.json").exists():
            assert process.poll() is None
        assert main([*SWEEP, *asked]) == 2
        process.send_signal(signal.SIGTERM)
        process.communicate()
    (line,) = capsys.readouterr().err.splitlines()
    assert f"sweep is in use, another lstm-tui writes in it (process {process.pid})" in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--steps", "5"], "there is nothing to try: name a setting and its values, as in --try hidden=128,256"),
        (["--try", "hiden=8"], "--try 'hiden' is no setting of the task copy: did you mean hidden?"),
        (["--try", "horizon=1,5"], "--try 'horizon' is no setting of the task copy"),
        (["--try", "seed=1,2"], "--try seed: that is no setting to try; say --seeds N"),
        (["--try", "hidden="], "--try 'hidden=' has no values: write hidden=A,B or hidden=A..B"),
        (["--try", "hidden=,"], "hidden has no values to try"),
        (["--try", "hidden=8,big"], "--hidden must be a whole number, not 'big'"),
        (["--try", "hidden=8,0"], "--hidden must be 1 or more, not 0"),
        (["--try", "lr=0.1..0.01"], "lr 0.1..0.01 is an empty range"),
        (["--try", "lr=log:0..1"], "lr log:0..1 must begin above 0"),
        (["--try", "lr=0.1..x"], "--try 'lr=0.1..x' is no range: write lr=A..B or lr=log:A..B"),
        (["--try", "optimizer=1..2"], "--try 'optimizer=1..2': optimizer is no number; name its values"),
        (["--try", "hidden=8,16", "--try", "hidden=4"], "--hidden is tried twice"),
        (["--try", "hidden=8,16", "--hidden", "8"], "--try hidden= and --hidden say it twice"),
        (["--try", "hidden=8..16", "--sampler", "grid"], "a grid needs values, and hidden is a range"),
        (["--try", "hidden=8,16", "--seeds", "3", "--trials", "2"], "--trials 2 is less than --seeds 3"),
        (["--try", "hidden=100000,8"], "GB of memory"),
        (["--try", "hidden=8,16", "--data", "none.txt"], "none.txt"),
        (["--try", "hidden=8,16", "--data", "-"], "write standard input to a file, and name that"),
    ],
)
def test_what_cannot_be_tried_is_one_line_before_anything_is_trained(
    arguments: list[str], said: str, here: Path, capsys: Out
) -> None:
    task = "text" if "--data" in arguments else "copy"
    assert main(["sweep", "--task", task, *(["--steps", "5"] if "--steps" not in arguments else []), *arguments]) in (
        1,
        2,
    )
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert not (here / "saves").exists() or not list((here / "saves").glob("*/0*"))


def test_a_trial_needs_an_end(here: Path, capsys: Out) -> None:
    assert main(["sweep", "--task", "copy", "--try", "hidden=8,16"]) == 2
    assert "a trial needs an end: add --steps N, or --minutes M" in capsys.readouterr().err


def test_the_same_command_finds_its_folder_and_tells_it_again(here: Path, capsys: Out) -> None:
    asked = ["sweep", "--task", "copy", "--batch", "4", "--try", "hidden=4,8", "--steps", "5", "--again", "1"]
    assert main(asked) == 0
    first = capsys.readouterr().out
    assert main(asked) == 0
    again = capsys.readouterr().out
    assert "3 trials are there already" in again
    assert again.partition("\n\n")[2] == first.partition("\n\n")[2]  # the verdict
    assert len(list((here / "saves").iterdir())) == 1
    assert main(["runs", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {entry["options"]["hidden"] for entry in listed} == {4, 8}


@pytest.mark.slow
def test_no_trial_is_lost_or_counted_twice_whenever_the_sweep_is_killed(here: Path) -> None:
    asked = ["--trials", "6", "--seeds", "2", "--again", "2"]
    asked += ["--sampler", "optuna", "--pruner", "none", "--steps", "200"]
    rng = random.Random(3)
    kills = 0
    for _ in range(30):
        with started("--save", "sweep", *asked) as process:
            try:
                process.wait(rng.uniform(0.5, 4))
            except subprocess.TimeoutExpired:
                process.kill()
                kills += 1
            else:
                break
    events = to_its_end("--save", "sweep", *asked)
    assert kills >= 3
    assert len(results(events)) == 8
    assert {trial["state"] for trial in events[-1]["trials"]} == {"done"}
    assert counted_once(here / "sweep")
    assert len(list((here / "sweep").glob("0*-seed*"))) == 8
