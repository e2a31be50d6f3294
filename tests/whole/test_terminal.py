"""The program in a real terminal: it starts, answers keys while it trains, quits cleanly and leaves its line."""

import os
import re
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from lstm_model.storage.checkpoint import load_checkpoint
from support.stepped import tiny_launch, write_text

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

from support.terminal import Terminal

SMALL = ("--hidden", "16", "--batch", "4", "--seq", "10")
LEAVE_ALTERNATE_SCREEN = b"\x1b[?1049l"

NO_HELP = r"(?s:\A(?!.*\[keys\]))"


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(write_text(tmp_path))


def only_run(folder: Path) -> Path:
    [run] = (folder / "saves").iterdir()
    return run


def test_it_starts_trains_and_quits_with_a_line_that_says_how_to_go_on(tmp_path: Path, data: str) -> None:
    with Terminal("--data", data, *SMALL, folder=tmp_path) as terminal:
        terminal.wait(r"TRAINING +text +step \d")
        terminal.press("q")
        assert terminal.end() == 0
        assert LEAVE_ALTERNATE_SCREEN in terminal.raw
        last = terminal.raw.rsplit(LEAVE_ALTERNATE_SCREEN, 1)[1].decode()
    run = only_run(tmp_path)
    assert f"lstm-tui --load saves/{run.name}" in last
    step = int(re.search(r"saved at step ([\d,]+)", last)[1].replace(",", ""))  # type: ignore[index]
    assert load_checkpoint(run / "last.safetensors").record.step == step


def test_its_keys_work_while_it_trains(tmp_path: Path, data: str) -> None:
    with Terminal("--data", data, *SMALL, folder=tmp_path, size=(120, 40)) as terminal:
        terminal.wait(r"TRAINING +text +step \d")
        terminal.press("p")
        terminal.wait(r"PAUSED +text")
        terminal.press("p")
        terminal.wait(r"TRAINING")
        terminal.press("g")
        terminal.wait(r"step [\d,]+, temperature 0\.8, prompt")
        terminal.press("]")
        terminal.wait(r"temperature 0\.9")
        terminal.press("y")
        terminal.wait(r"all, log")
        terminal.press("e")
        terminal.wait(r"whole part")
        terminal.press("s")
        terminal.wait(r"saved at step")
        terminal.press("?")
        terminal.wait(r"\[keys\]")
        terminal.press("q")
        terminal.wait(NO_HELP)
        terminal.press("t")
        terminal.wait(r"TRAINING +stock")
        terminal.wait(r"RMSE")
        terminal.press("t")
        terminal.wait(r"TRAINING +copy")
        terminal.wait(r"model says")
        terminal.press("t")
        terminal.wait(r"TRAINING +text")
        terminal.press("q")
        assert terminal.end() == 0


def test_evaluation_only_in_a_plain_terminal_shows_the_model_and_writes_nothing(tmp_path: Path) -> None:
    launch = tiny_launch(tmp_path)
    assert launch.folder is not None
    launch.trainer.step()
    launch.folder.save(launch.trainer)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "run").iterdir()}
    with Terminal("--eval-only", "--load", "run", folder=tmp_path) as terminal:
        terminal.wait(r"EVAL-ONLY +text +step 1 ")
        terminal.press("q")
        assert terminal.end() == 0
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "run").iterdir()} == before
    assert not os.path.lexists(tmp_path / "saves")


def test_a_missing_file_is_one_line_before_any_screen_opens(tmp_path: Path) -> None:
    with Terminal("--data", "nowhere.txt", folder=tmp_path) as terminal:
        assert terminal.end() == 2
        assert b"\x1b[?1049h" not in terminal.raw
        [line] = terminal.raw.decode().strip().splitlines()
    assert "nowhere.txt" in line


def test_a_link_that_hangs_stops_the_picture_and_not_the_training(tmp_path: Path, data: str) -> None:
    with Terminal("--data", data, *SMALL, "--autosave", "1", folder=tmp_path, size=(120, 40)) as terminal:
        terminal.wait(r"TRAINING +text +step [1-9]")

        def saved() -> int:
            file = tmp_path / "saves"
            found = [load_checkpoint(path).record.step for path in file.glob("*/last.safetensors")]
            return found[0] if found else 0

        terminal.press("z" * 20)  # much to show: the terminal's buffer is soon full, and nobody reads it
        for _ in range(3):
            until(partial(lambda step: saved() > step, saved()))
        trained = saved()
        terminal.press("p")
        terminal.wait(r"PAUSED +text")  # the link is back: the newest picture, and keys
        end = time.monotonic() + 10
        while step_on(terminal) < trained:
            assert time.monotonic() < end, "the picture did not catch up"
            terminal.read(0.05)
        terminal.press("q")
        assert terminal.end() == 0


def step_on(terminal: Terminal) -> int:
    return int(re.search(r"text +step ([\d,]+)", terminal.text())[1].replace(",", ""))  # type: ignore[index]


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Look again and again for something outside of the terminal, which is not read meanwhile."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true"


def test_over_ssh_the_host_is_named_no_mouse_is_asked_for_and_little_is_sent(tmp_path: Path, data: str) -> None:
    env = {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}
    with Terminal("--data", data, *SMALL, folder=tmp_path, size=(120, 40), env=env) as terminal:
        terminal.wait(r"TRAINING +text +step [1-9]")
        assert f"lstm-tui on {socket.gethostname()}" in terminal.text()
        assert b"\x1b[?1000h" not in terminal.raw
        terminal.press("q")
        assert terminal.end() == 0
    with Terminal("--data", data, *SMALL, "--no-ssh", folder=tmp_path, size=(120, 40), env=env) as terminal:
        terminal.wait(r"TRAINING +text +step [1-9]")
        assert socket.gethostname() not in terminal.text().splitlines()[0]
        assert b"\x1b[?1000h" in terminal.raw
        terminal.press("q")
        assert terminal.end() == 0


@pytest.mark.parametrize("how", ["--ascii", "TERM", "encoding"])
def test_a_terminal_without_lines_and_dots_gets_ascii_alone(tmp_path: Path, data: str, how: str) -> None:
    options = ["--ascii"] if how == "--ascii" else []
    env = {"PYTHONIOENCODING": "ascii"} if how == "encoding" else {}
    term = "linux" if how == "TERM" else "xterm"
    with Terminal("--data", data, *SMALL, *options, folder=tmp_path, size=(120, 40), term=term, env=env) as terminal:
        terminal.wait(r"TRAINING +text +step [1-9]")
        terminal.press("?")
        terminal.wait(r"\[keys\]")
        terminal.press("q")
        terminal.wait(NO_HELP)
        terminal.press("p")
        terminal.wait("PAUSED")
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.raw.isascii()


@pytest.mark.parametrize("term", ["xterm", "xterm-256color", "linux"])
def test_few_colours_are_enough(tmp_path: Path, data: str, term: str) -> None:
    with Terminal("--data", data, *SMALL, folder=tmp_path, size=(120, 40), term=term) as terminal:
        terminal.wait(r"TRAINING +text +step [1-9]")
        terminal.press("q")
        assert terminal.end() == 0
        assert b"38;2;" not in terminal.raw
        assert (b"38;5;" in terminal.raw) == (term == "xterm-256color")
