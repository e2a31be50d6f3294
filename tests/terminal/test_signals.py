"""Told to end, in the app and in plain `train`: saved, gone within five seconds, and the terminal is as it was."""

import re
import shutil
import signal
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.ending import GONE_WITHIN, Training, end_under_load, last_step, wait_for
from support.endless import IN_STEP, STEPS
from support.places import support_program
from support.stepped import write_text

if sys.platform == "win32":
    pytest.skip("needs POSIX signals and a pseudo-terminal", allow_module_level=True)

from support.terminal import Terminal

POLITE = ["SIGINT", "SIGTERM", "SIGHUP"]
SMALL = ("--hidden", "16", "--batch", "4", "--seq", "10")
LARGE = ("--hidden", "1500", "--batch", "16", "--seq", "48", "--threads", "1")  # a second and more for a step
HEAVY = ("--hidden", "400", "--batch", "1", "--seq", "2", "--threads", "1")  # a quick step, and 10 MB to save
ENDS = {"the normal screen": b"\x1b[?1049l", "the cursor": b"\x1b[?25h", "no mouse": b"\x1b[?1000l",
        "no bracketed paste": b"\x1b[?2004l"}  # fmt: skip


@pytest.fixture
def text(tmp_path: Path) -> str:
    return str(write_text(tmp_path))


# Plain train


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_train_ends_the_step_in_hand_and_saves(name: str, status: int, tmp_path: Path, text: str) -> None:
    with Training(tmp_path, "--data", text, *SMALL, "--autosave", "0") as training:
        training.wait_for((training.run / "best.safetensors").exists)
        assert training.told(name) < GONE_WITHIN
    assert training.returncode == status
    assert list(training.run.glob(".*.part")) == []
    said, saved = training.steps_held()
    assert said == saved > 0
    line = f"interrupted at step {saved:,}; saved in {training.run}; go on with: lstm-tui --load {training.run}"
    assert training.said.read_text().splitlines() == [line]


def test_train_ends_in_the_middle_of_measuring_the_whole_validation_part(tmp_path: Path) -> None:
    data = write_text(tmp_path, "to be or not to be, that is the question\n" * 100_000)
    options = ["--data", str(data), "--split", "10/90", "--steps", "2", *SMALL, "--hidden", "100"]
    with Training(tmp_path, *options) as training:
        training.wait_for((training.run / "best.safetensors").exists)  # the quick one is done, the long one begins
        assert training.told("SIGTERM") < GONE_WITHIN
    assert training.returncode == 143
    assert training.steps_held() == (2, 2)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_train_ends_whole_while_a_save_is_written(name: str, tmp_path: Path, text: str) -> None:
    with Training(tmp_path, "--data", text, *HEAVY, "--autosave", "1e-9") as training:
        training.wait_for(lambda: any(training.run.glob(".last*")))
        assert training.told(name) < GONE_WITHIN
    assert training.returncode == 128 + getattr(signal, name)
    said, saved = training.steps_held()
    assert said == saved > 0
    assert list(training.run.glob(".*.part")) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", POLITE)
def test_train_ends_in_time_when_a_step_takes_a_second_and_more(name: str, tmp_path: Path) -> None:
    with Training(tmp_path, *LARGE, "--autosave", "1e-9") as training:
        training.wait_for((training.run / "last.safetensors").exists, 120)
        begun = time.monotonic()
        training.wait_for(lambda: time.monotonic() > begun + 0.5)  # now the next step is in hand
        taken = training.told(name)
    sys.stdout.write(f"{name}: {taken:.2f} s\n")
    assert taken < GONE_WITHIN
    said, saved = training.steps_held()
    assert said == saved > 0


def test_train_does_not_wait_for_a_step_that_does_not_end(tmp_path: Path, text: str) -> None:
    with Training(tmp_path, "--data", text, *SMALL, "--threads", "1", module="support.endless") as training:
        training.wait_for((tmp_path / IN_STEP).exists)
        assert training.told("SIGTERM") < GONE_WITHIN
    assert training.returncode == 143
    assert training.steps_held() == (STEPS, STEPS)
    assert f"interrupted at step {STEPS}; saved in" in training.said.read_text()


@pytest.mark.skipif(shutil.which("nohup") is None, reason="there is no nohup")
def test_under_nohup_a_hang_up_stops_nothing(tmp_path: Path, text: str) -> None:
    with Training(tmp_path, "--data", text, *SMALL, "--autosave", "1e-9", under=("nohup",)) as training:
        training.wait_for((training.run / "last.safetensors").exists)
        training.send_signal(signal.SIGHUP)
        step = last_step(training.run)
        training.wait_for(lambda: last_step(training.run) > step + 5)
        assert training.told("SIGTERM") < GONE_WITHIN
    assert training.returncode == 143


# The app


def modes(terminal: Terminal) -> list[object]:
    """What the terminal does with keys and lines: the slave's side, which the master's descriptor tells."""
    return termios.tcgetattr(terminal.fd)


def only_run(folder: Path) -> Path:
    [run] = (folder / "saves").iterdir()
    return run


def gone(terminal: Terminal, tell: Callable[[], None]) -> float:
    """Tell the app to end, wait until it has; gives the seconds that took."""
    begun = time.monotonic()
    tell()
    terminal.end(60)
    return time.monotonic() - begun


@pytest.mark.parametrize("how", ["q", "SIGTERM", "SIGHUP"])
def test_the_app_saves_ends_and_leaves_the_terminal_as_it_was(how: str, tmp_path: Path, text: str) -> None:
    with Terminal("--data", text, *SMALL, "--no-ssh", folder=tmp_path) as terminal:
        before = modes(terminal)
        terminal.wait(r"TRAINING +text +step [1-9]")
        assert modes(terminal) != before
        opened = terminal.raw
        for begin in (b"\x1b[?1049h", b"\x1b[?25l", b"\x1b[?1000h", b"\x1b[?2004h"):
            assert begin in opened
        tell = (lambda: terminal.press("q")) if how == "q" else lambda: terminal.signal(getattr(signal, how))
        assert gone(terminal, tell) < GONE_WITHIN
        assert terminal.status == (0 if how == "q" else 128 + getattr(signal, how))
        assert modes(terminal) == before
        for what, code in ENDS.items():
            begin = code[:-1] + (b"l" if code.endswith(b"h") else b"h")
            assert terminal.raw.rfind(code) > terminal.raw.rfind(begin), what
    assert last_step(only_run(tmp_path)) > 0
    assert list(only_run(tmp_path).glob(".*.part")) == []


def test_the_app_saves_and_ends_when_its_terminal_is_closed(tmp_path: Path, text: str) -> None:
    with Terminal("--data", text, *SMALL, folder=tmp_path) as terminal:
        terminal.wait(r"TRAINING +text +step [1-9]")
        assert gone(terminal, terminal.hang_up) < GONE_WITHIN
        assert terminal.status == 128 + signal.SIGHUP
    assert last_step(only_run(tmp_path)) > 0


def test_the_app_ends_in_the_middle_of_an_evaluation(tmp_path: Path) -> None:
    data = write_text(tmp_path, "to be or not to be, that is the question\n" * 50_000)
    with Terminal("--data", str(data), "--split", "10/90", *SMALL, folder=tmp_path) as terminal:
        terminal.wait(r"TRAINING +text +step [1-9]")
        terminal.press("e")
        terminal.wait(r"EVALUATING")
        assert gone(terminal, lambda: terminal.signal(signal.SIGTERM)) < GONE_WITHIN
        assert terminal.status == 143
    assert last_step(only_run(tmp_path)) > 0


def test_the_app_does_not_wait_for_a_step_that_does_not_end(tmp_path: Path, text: str) -> None:
    program, environment = support_program("endless")
    options = ("--data", text, *SMALL, "--threads", "1")
    with Terminal(*options, folder=tmp_path, program=tuple(program), env=environment) as terminal:
        terminal.wait("TRAINING")
        wait_for((tmp_path / IN_STEP).exists)
        assert gone(terminal, lambda: terminal.signal(signal.SIGTERM)) < GONE_WITHIN
        assert terminal.status == 143
    assert last_step(only_run(tmp_path)) == STEPS


@pytest.mark.slow
@pytest.mark.parametrize("how", ["q", "SIGTERM", "close"])
def test_the_app_saves_and_ends_in_time_when_a_step_takes_a_second_and_more(how: str, tmp_path: Path) -> None:
    with Terminal(*LARGE, folder=tmp_path) as terminal:
        shown = terminal.wait(r"TRAINING +text +step [1-9]", 120)
        step = int(re.search(r"text +step ([\d,]+)", shown)[1].replace(",", ""))  # type: ignore[index]
        ways = {"q": lambda: terminal.press("q"), "close": terminal.hang_up}
        taken = gone(terminal, ways.get(how, lambda: terminal.signal(signal.SIGTERM)))
        sys.stdout.write(f"{how}: {taken:.2f} s, status {terminal.status}\n")
    assert last_step(only_run(tmp_path)) >= step
    assert taken < GONE_WITHIN


# While every core is busy


def test_with_all_cores_busy_and_a_long_step_in_hand_all_is_saved_in_time(tmp_path: Path, text: str) -> None:
    counts, _ = end_under_load(1, tmp_path, Path(text))
    assert counts == {"ends": 1, "of train, long steps": 1}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 32))
def test_thirty_times_with_all_cores_busy_all_is_saved_in_time(seed: int, tmp_path: Path, text: str) -> None:
    end_under_load(seed, tmp_path, Path(text))
