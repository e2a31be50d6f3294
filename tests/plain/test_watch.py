"""`lstm-tui watch`: two watchers beside a trainer that is killed, and what they say of a run that ends."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from lstm_model.runs.metrics import ROWS
from lstm_model.runs.outside.follower import QUIET_AFTER
from lstm_tui.cli import main
from support.runs import TINY, contents

Files = dict[str, Path]
PROGRAM = [sys.executable, "-m", "lstm_tui"]


def started(stack: ExitStack, *arguments: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen([*PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    stack.enter_context(process)
    stack.callback(process.kill)
    return process


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="needs /proc/locks")
def test_two_watchers_wait_for_a_run_follow_it_and_tell_that_it_was_killed(here: Path, data: Files) -> None:
    with ExitStack() as stack:
        watchers = [started(stack, "watch", "run", *more) for more in ([], ["--json"])]
        for watcher in watchers:
            assert watcher.stderr is not None
            assert watcher.stderr.readline().startswith("waiting for run: there is no run yet")
        options = ["--task", "text", "--data", str(data["text"]), "--save", "run", *TINY]
        trainer = started(stack, "train", *options)
        lines = [watcher.stdout.readline() for watcher in watchers if watcher.stdout is not None]
        trainer.kill()
        trainer.wait()
        ends = [watcher.communicate(timeout=60) for watcher in watchers]
    assert lines[0].startswith("step ")
    assert "chars/s" in lines[0]
    assert {"event", "step", "loss", "chars_per_s", "elapsed_s"} <= json.loads(lines[1]).keys()
    for (_, said), watcher in zip(ends, watchers, strict=True):
        assert said.splitlines()[-1].startswith("it was killed at step ")
        assert "Traceback" not in said
        assert watcher.returncode == 1


def test_a_run_that_has_ended_is_told_and_nothing_of_it_changes(
    runs: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = (runs["text"] / ROWS).stat().st_mtime - QUIET_AFTER - 1
    os.utime(runs["text"] / ROWS, (long_ago, long_ago))
    before = contents(runs["text"])
    assert main(["watch", str(runs["text"])]) == 0
    out, said = capsys.readouterr()
    assert out.startswith("step      6  ")
    assert said.startswith("it reached its end, step 6 is saved; go on with: lstm-tui --load ")
    assert contents(runs["text"]) == before


def test_a_file_in_the_place_of_a_run_is_refused(runs: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", str(runs["text"] / "last.safetensors")]) == 2
    assert "is a file: name the folder of a run" in capsys.readouterr().err
