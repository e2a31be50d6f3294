"""Ctrl+C asks how to stop, and nothing is lost by what it leads to; Ctrl+Z goes to the shell and back."""

import re
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, Static

from lstm_model.runs import folder as folders
from lstm_model.storage.checkpoint import load_checkpoint, save_checkpoint
from lstm_tui.screens.stop import StopScreen
from support.stage import Stage, opened
from support.stepped import write_text

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

from support.terminal import Terminal

SMALL = ("--hidden", "16", "--batch", "4", "--seq", "10")
INTERRUPTED = 130


def full(*arguments: object, **named: object) -> None:
    raise OSError(28, "No space left on device")


def saved_step(folder: Path) -> int:
    return int(load_checkpoint(folder / "run" / "last.safetensors").record.step)


async def answer(stage: Stage, *keys: str) -> None:
    """Open the dialog, and press keys in it."""
    assert stage.pilot is not None
    await stage.pilot.press("ctrl+c")
    await stage.until(lambda: isinstance(stage.app.screen, StopScreen), turns=0)
    await stage.pilot.press(*keys)


async def ended(stage: Stage) -> int | None:
    await stage.until(lambda: stage.app.return_value is not None)
    return stage.app.return_value


@pytest.mark.parametrize("key", ["ctrl+c", "s", "enter"])
async def test_save_and_stop_saves_what_there_is(key: str, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        await answer(stage, key)
        assert await ended(stage) == INTERRUPTED
    assert saved_step(tmp_path) == stage.latest.figure.step > 0


async def test_just_stop_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        await answer(stage, "d")
        assert await ended(stage) == INTERRUPTED
    assert not (tmp_path / "run" / "last.safetensors").exists()


@pytest.mark.parametrize("key", ["g", "escape"])
async def test_go_on_goes_on(key: str, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        await answer(stage, key)
        step = stage.latest.figure.step
        await stage.until(lambda: stage.latest.figure.step > step + 3)
        assert not isinstance(stage.app.screen, StopScreen)
        assert stage.app.return_value is None


async def test_the_dialog_says_what_there_is_to_lose(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        await answer(stage)
        [text] = [str(each.render()) for each in stage.app.screen.query("#stop Static").results()][:1]
        assert re.search(r"text: at step \d+, not saved yet", text)


async def test_ctrl_c_copies_what_is_selected_in_a_dialog_instead(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        await pilot.press("i")
        await stage.until(lambda: isinstance(stage.app.focused, Input), turns=0)
        stage.app.focused.select_all()  # type: ignore[union-attr]
        await pilot.press("ctrl+c")
        assert not isinstance(stage.app.screen, StopScreen)
        assert stage.app.clipboard
        await pilot.press("home", "ctrl+c")
        await stage.until(lambda: isinstance(stage.app.screen, StopScreen), turns=0)


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_a_run_that_cannot_be_saved_is_not_left_before_somebody_says_so(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        monkeypatch.setattr(folders, "save_checkpoint", full)
        await (answer(stage, key) if key == "ctrl+c" else pilot.press(key))
        await stage.until(lambda: any(isinstance(s, StopScreen) and s.failed for s in stage.app.screen_stack))
        await stage.until(lambda: bool(stage.app.screen.query("#stop Static")), turns=0)
        assert "No space left on device" in str(stage.app.screen.query("#stop Static").first(Static).render())
        await pilot.press("g")
        step = stage.latest.figure.step
        await stage.until(lambda: stage.latest.figure.step > step + 3)  # it trains on
        monkeypatch.undo()
        await pilot.press("q")
        assert await ended(stage) == 0
    assert saved_step(tmp_path) == stage.latest.figure.step


async def test_the_task_that_could_be_saved_goes_on_where_it_was_when_the_other_could_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path / "saves"))
    stage = Stage(tmp_path)
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        await pilot.press("t")
        await stage.until(lambda: stage.latest.task == "stock" and stage.latest.figure.step > 2)
        real = save_checkpoint

        def full_for_text(path: Path, *arguments: Any, **named: Any) -> None:
            full() if path.parent.name == "run" else real(path, *arguments, **named)

        monkeypatch.setattr(folders, "save_checkpoint", full_for_text)
        await pilot.press("q")
        await stage.until(lambda: bool(stage.app.screen.query("#stop OptionList:focus")))
        await pilot.press("g")
        await stage.until(lambda: stage.latest.task == "text" and not isinstance(stage.app.screen, StopScreen))
        await pilot.press("t")
        await stage.until(lambda: stage.latest.task == "stock" and stage.latest.figure.step > 0)
        [folder] = (tmp_path / "saves").iterdir()
        assert stage.latest.files.folder == str(folder)
        await answer(stage, "d")
        await ended(stage)


async def test_evaluation_only_has_nothing_to_ask_about(tmp_path: Path) -> None:
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test() as pilot:
        stage.pilot = pilot
        await stage.until(lambda: "EVAL-ONLY" in stage.status)
        await pilot.press("ctrl+c")
        assert await ended(stage) == INTERRUPTED


# In a real terminal


def test_ctrl_c_twice_saves_and_stops(tmp_path: Path) -> None:
    with Terminal("--data", str(write_text(tmp_path)), *SMALL, folder=tmp_path) as terminal:
        terminal.wait(r"TRAINING +text +step [1-9]")
        terminal.press("\x03")
        terminal.wait(r"Save and stop")
        terminal.press("\x03")
        assert terminal.end() == INTERRUPTED
    [run] = (tmp_path / "saves").iterdir()
    assert load_checkpoint(run / "last.safetensors").record.step > 0


def test_kill_int_saves_and_stops(tmp_path: Path) -> None:
    with Terminal("--data", str(write_text(tmp_path)), *SMALL, folder=tmp_path) as terminal:
        terminal.wait(r"TRAINING +text +step [1-9]")
        terminal.signal(signal.SIGINT)
        assert terminal.end() == INTERRUPTED
    [run] = (tmp_path / "saves").iterdir()
    assert load_checkpoint(run / "last.safetensors").record.step > 0


class Shell(Terminal):
    """A shell with job control in a pseudo-terminal: only there can a process be stopped and taken up again."""

    def __init__(self, folder: Path) -> None:
        bash = shutil.which("bash")
        if bash is None:
            pytest.skip("needs bash")
        super().__init__(folder=folder, size=(80, 24), program=(bash, "--norc", "--noprofile", "-i"),
                         env={"PS1": "ready> "})  # fmt: skip


def test_ctrl_z_and_fg_leave_the_run_and_the_clock_as_they_were(tmp_path: Path) -> None:
    data = write_text(tmp_path)
    with Shell(tmp_path) as shell:
        shell.wait("ready>")
        shell.press(f"{sys.executable} -m lstm_tui --data {data} {' '.join(SMALL)}\n")
        shell.wait(r"TRAINING +text +step [1-9]")
        shell.press("\x1a")
        shell.wait(r"Stopped")
        assert b"\x1b[?1049l" in shell.raw
        away = time.monotonic()
        while time.monotonic() - away < 2:  # it must be seen that this time does not count
            shell.read(0.1)
        shell.press("fg\n")
        text = shell.wait(r"TRAINING +text +step [1-9]")
        step = int(re.search(r"step ([\d,]+)", text)[1].replace(",", ""))  # type: ignore[index]
        shell.wait(rf"TRAINING +text +step (?!{step:,}\b)[1-9]")
        shell.press("q")
        shell.wait(r"go on with: lstm-tui")
        shell.press("exit\n")
        shell.end()
    [run] = (tmp_path / "saves").iterdir()
    record = load_checkpoint(run / "last.safetensors").record
    assert record.step > step
    [seconds] = re.findall(r"steps in 0:(\d\d),", shell.raw.decode(errors="replace"))
    assert abs(int(seconds) - record.elapsed_s) <= 1
