"""The line of progress: rewritten in a terminal, one output in a notebook, one line in a pipe; and an interrupt."""

import io
import os
import signal
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from lstm_model import train
from lstm_model.notebook import line
from lstm_model.runs.run import Run
from support.stepped import PAGE

SMALL: dict[str, Any] = {"hidden_size": 8, "batch_size": 4, "seq_length": 5}


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_in_a_terminal_the_line_is_rewritten_and_ends_once(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(line, "EVERY", 0.0)
    train((PAGE * 40)[:3000], steps=4, **SMALL)
    shown = screen.getvalue()
    assert shown.count("\n") == 1
    assert shown.count("\r") > 4
    last = shown.rpartition("\r")[2]
    assert last.startswith("step 4  loss ")
    assert "validation" in last
    assert capsys.readouterr().out == ""


def test_in_a_pipe_there_is_one_line_and_quiet_is_none(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train((PAGE * 40)[:3000], steps=4, **SMALL)
    assert capsys.readouterr().err.count("\n") == 1
    train((PAGE * 40)[:3000], steps=4, quiet=True, **SMALL)
    assert capsys.readouterr() == ("", "")


def test_in_a_notebook_it_is_one_output_that_changes(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    class Output:
        def update(self, data: dict[str, str], raw: bool) -> None:
            shown[-1] = data["text/plain"]

    def display(data: dict[str, str], raw: bool, display_id: bool) -> Output:
        shown.append(data["text/plain"])
        return Output()

    ipython: Any = types.ModuleType("IPython")
    ipython.get_ipython = lambda: types.SimpleNamespace(kernel=object())
    ipython.display = types.SimpleNamespace(display=display)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setattr(line, "EVERY", 0.0)
    train((PAGE * 40)[:3000], steps=4, **SMALL)
    assert len(shown) == 1
    assert shown[0].startswith("step 4  ")


def test_an_interrupt_ends_after_the_step_in_hand_and_keeps_what_was_learnt(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Run.step

    def interrupted(run: Run) -> Any:
        if run.trainer.steps == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return step(run)

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(Run, "step", interrupted)
    model = train((PAGE * 40)[:3000], steps=50, save="run", quiet=True, **SMALL)
    assert model.steps == 3
    assert "stopped at step 3; `train` goes on from there" in model.notes
    assert (here / "run/last.safetensors").exists()
    assert signal.getsignal(signal.SIGINT) is before
    monkeypatch.setattr(Run, "step", step)
    assert model.train(steps=2).steps == 5
