"""Evaluation-only mode as over SSH: through a real pseudo-terminal with few colours or none, and through a pipe."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.places import ROOT
from support.stepped import tiny_launch

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)

from support.terminal import Terminal

SSH = {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A folder with a saved run of each task: run (text), stock/run."""
    (tmp_path / "stock").mkdir()
    for folder, task in ((tmp_path, "text"), (tmp_path / "stock", "stock")):
        launch = tiny_launch(folder, task)
        assert launch.folder is not None
        launch.trainer.step()
        launch.folder.save(launch.trainer)
    return tmp_path


@pytest.mark.parametrize(
    ("term", "env", "colours"),
    [
        ("xterm", {}, "16"),
        ("xterm-256color", {}, "256"),
        ("linux", {}, "16"),
        ("xterm-256color", {"NO_COLOR": "1"}, "grey"),
    ],
    ids=["xterm", "xterm-256color", "linux", "no-color"],
)
def test_text_is_read_by_keyboard_with_any_colours(saved: Path, term: str, env: dict[str, str], colours: str) -> None:
    with Terminal("--eval-only", "--load", "run", folder=saved, term=term, env={**SSH, **env}) as terminal:
        terminal.wait(r"EVAL-ONLY +text +step 1 ")
        terminal.wait(r"bits +<1 +1-2 +2-4 +4-8 +>8 ")
        terminal.wait(r"expected ")
        terminal.wait(r"this model ")
        at_first = terminal.screen.display
        terminal.press("\x1b[C\x1b[B")
        terminal.wait(r"^.{2}> ")
        terminal.press("]")
        terminal.wait(r"temperature 0\.9")
        assert terminal.screen.display != at_first
        marked = [cell for row in terminal.screen.buffer.values() for cell in row.values()]
        assert any(cell.reverse and cell.bold and cell.underscore for cell in marked)  # the cursor
        assert any(cell.underscore and not cell.reverse for cell in marked)  # a class, or its legend
        terminal.press("q")
        assert terminal.end() == 0
        assert b"38;2;" not in terminal.raw
        assert (b"38;5;" in terminal.raw) == (colours in ("256", "grey"))
        assert terminal.raw.isascii() or term != "linux"


@pytest.mark.parametrize("term", ["xterm", "xterm-256color", "linux"])
def test_prices_are_zoomed_and_read_by_keyboard(saved: Path, term: str) -> None:
    with Terminal("--eval-only", "--load", "stock/run", folder=saved, term=term, env=SSH) as terminal:
        terminal.wait(r"EVAL-ONLY +stock +step 1 ")
        terminal.wait(r"and the errors below")
        terminal.wait(r"[Ss]kill: ")
        terminal.press("\x1b[D\x1b[A")
        terminal.wait(r"\d{4}-\d\d-\d\d +true [\d.]+ +predicted [\d.]+, error [+-]")
        terminal.press("\x1b[D")
        terminal.press("q")
        assert terminal.end() == 0


def test_two_models_stand_beside_each_other(saved: Path) -> None:
    asked = ["--eval-only", "--load", "run", "--against", "run/last.safetensors"]
    with Terminal(*asked, folder=saved, size=(160, 45), env=SSH) as terminal:
        terminal.wait(r"A = run/last\.safetensors")
        terminal.wait(r"B - A \+0\.00 bits")
        terminal.press("b")
        terminal.wait(r"A - B \+0\.00 bits")
        terminal.press("q")
        assert terminal.end() == 0


@pytest.mark.parametrize(("load", "has"), [("run", "this model"), ("stock/run", "tomorrow = today")])
def test_through_a_pipe_it_is_the_report_with_its_picture(saved: Path, load: str, has: str) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"}
    env.pop("COLUMNS", None)
    asked = [sys.executable, "-m", "lstm_tui", "--eval-only", "--load", load]
    done = subprocess.run(asked, cwd=saved, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0
    assert has in done.stdout
    assert "\x1b" not in done.stdout
    assert re.search(r"█{3}|│", done.stdout)
