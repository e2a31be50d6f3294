"""`lstm-tui watch` on a real terminal, beside a trainer that is killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.runs import TINY
from support.terminal import Terminal

pytestmark = pytest.mark.skipif(not Path("/proc/locks").exists(), reason="needs /proc/locks")
Files = dict[str, Path]


def test_two_screens_wait_for_a_run_show_it_and_tell_that_it_was_killed(here: Path, data: Files) -> None:
    with (
        Terminal("watch", "run", folder=here) as one,
        Terminal("watch", "run", folder=here, env={"SSH_CONNECTION": "1"}) as two,
    ):
        for screen in (one, two):
            screen.wait("waiting for run: there is no run yet")
        options = ["--task", "text", "--data", str(data["text"]), "--save", "run", *TINY]
        with subprocess.Popen([sys.executable, "-m", "lstm_tui", "train", *options], stdout=subprocess.DEVNULL) as run:
            try:
                for screen in (one, two):
                    screen.wait("TRAINING +watched  text  step [1-9]", 60)
            finally:
                run.kill()
        for screen in (one, two):
            screen.wait("KILLED +watched")
            screen.press("q")
            assert screen.end() == 0
            assert "lstm-tui replay run plays it again" in screen.text()
