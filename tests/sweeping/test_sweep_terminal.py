"""`lstm-tui sweep` on a real terminal: it is left running only if told, and may be looked at from elsewhere."""

import json
import os
import signal
from pathlib import Path

import pytest

from support.terminal import Terminal

SWEEP = [
    "sweep", "--task", "copy", "--hidden", "8", "--batch", "4", "--try", "lr=log:0.001..0.1", "--save", "sweep",
    "--trials", "3", "--again", "0", "--jobs", "2", "--threads", "1", "--pruner", "none",
]  # fmt: skip


@pytest.mark.slow
def test_left_running_it_goes_on_without_a_terminal_and_is_stopped_from_another(tmp_path: Path) -> None:
    steps = ["--steps", "1000000"]
    with Terminal(*SWEEP, *steps, folder=tmp_path) as first:
        first.wait(r"running [1-9]?\d%|running 0%")
        first.press("q")
        first.wait("Leave it running")
        first.press("r")
        first.wait("the sweep goes on as process")
        assert first.end(30) == 0
    said = first.text()
    process = int(said.split("as process ")[1].split(",")[0])
    try:
        with Terminal("sweep", "--show", "--save", "sweep", folder=tmp_path) as second:
            second.wait("SWEEPING.* running")
            second.press("q")
            second.wait("Close the screen, the sweep runs on")
            second.press("s")
            second.wait("NOT RUNNING", 60)
            second.press("q")
            assert second.end() == 0
    finally:
        if Path(f"/proc/{process}/cmdline").exists():
            os.kill(process, signal.SIGTERM)
    log = (tmp_path / "sweep" / "sweep.log").read_text()
    assert "interrupted after 0 trials; all is in sweep: the same command goes on" in log
    assert next((tmp_path / "sweep").glob("0001-*/last.safetensors"))


def test_a_terminal_that_hangs_up_ends_the_sweep_with_all_saved(tmp_path: Path) -> None:
    with Terminal(*SWEEP, "--steps", "1000000", folder=tmp_path) as terminal:
        terminal.wait("SWEEPING.* 2 running")
        while not list((tmp_path / "sweep").glob("0001-*/best.safetensors")):
            terminal.read(0.1)
        terminal.hang_up()
        assert terminal.end(30) == 128 + signal.SIGHUP
    lines = [line.partition(" ")[2] for line in (tmp_path / "sweep" / "journal.jsonl").read_text().splitlines()]
    assert {json.loads(line)["left"] for line in lines if '"left"' in line} == {0, 1}
    assert len(list((tmp_path / "sweep").glob("*/last.safetensors"))) == 2
