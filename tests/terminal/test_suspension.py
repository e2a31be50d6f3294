"""Ctrl+Z: the whole job stops and comes back, or nothing stops where nobody could bring it back."""

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from lstm_model.storage.checkpoint import load_checkpoint
from support.stepped import write_text

if not sys.platform.startswith("linux"):
    pytest.skip("reads /proc, and needs a shell with job control", allow_module_level=True)

from support.terminal import Terminal

SMALL = "--hidden 16 --batch 4 --seq 10 --no-ssh --save run"
PROGRAM = f"{sys.executable} -m lstm_tui --data pages.txt {SMALL}"


def shell(folder: Path) -> Terminal:
    write_text(folder)
    env = {"PS1": "PROMPT$ ", "HISTFILE": ""}
    return Terminal("--norc", "-i", folder=folder, size=(100, 30), env=env, program=("/bin/bash",))


def go(terminal: Terminal, keys: str, until: str) -> None:
    """Press keys and wait for what they bring; what stood there before does not count."""
    terminal.screen.reset()
    terminal.press(keys)
    terminal.wait(until)


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return "gone"


def test_under_a_wrapper_the_whole_job_stops_and_fg_brings_it_back(tmp_path: Path) -> None:
    with shell(tmp_path) as terminal:
        terminal.press(f"sh -c '{PROGRAM}; true'\n")
        terminal.wait(r"TRAINING +text +step [1-9]")
        for _ in range(2):
            go(terminal, "\x1a", r"Stopped")
            go(terminal, "fg\n", r"TRAINING +text +step [1-9]")
        go(terminal, "q", r"go on with: lstm-tui")
        terminal.press("exit\n")
        terminal.end()


def test_a_stopped_app_that_its_shell_ends_saves_and_is_gone(tmp_path: Path) -> None:
    with shell(tmp_path) as terminal:
        terminal.press(f"{PROGRAM}\n")
        terminal.wait(r"TRAINING +text +step [1-9]")
        [pid] = Path(f"/proc/{terminal.child}/task/{terminal.child}/children").read_text(encoding="ascii").split()
        go(terminal, "\x1a", r"Stopped")
        terminal.press("kill %1\n")
        while state(int(pid)) not in ("gone", "Z"):
            terminal.read(0.05)
        assert load_checkpoint(tmp_path / "run" / "last.safetensors").record.step > 0
        terminal.press("\nexit\n")
        terminal.end()


def test_where_no_shell_waits_nothing_stops(tmp_path: Path) -> None:
    write_text(tmp_path)
    with Terminal("--data", "pages.txt", *SMALL.split(), folder=tmp_path, size=(120, 40)) as terminal:
        terminal.wait(r"TRAINING +text +step [1-9]")
        terminal.press("\x1a")
        terminal.wait(r"no shell waits")
        assert state(terminal.child) != "T"
        os.kill(terminal.child, signal.SIGTSTP)  # the same from outside
        text = terminal.wait(r"TRAINING +text +step [1-9]")
        step = int(re.search(r"step ([\d,]+)", text)[1].replace(",", ""))  # type: ignore[index]
        terminal.wait(rf"TRAINING +text +step (?!{step:,}\b)[1-9]")
        terminal.press("q")
        assert terminal.end() == 0


def test_errors_can_go_into_a_file(tmp_path: Path) -> None:
    write_text(tmp_path)
    program = ("/bin/sh", "-c", f"exec {PROGRAM} 2>log")
    with Terminal(folder=tmp_path, size=(100, 30), program=program) as terminal:
        terminal.wait(r"TRAINING +text +step [1-9]")
        terminal.press("q")
        assert terminal.end() == 0
    assert (tmp_path / "log").read_bytes() == b""
