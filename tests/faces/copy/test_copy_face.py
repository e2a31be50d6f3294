"""The face of the copy task: a try is shown step by step, whatever the width; evaluation shows longer gaps."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Run
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.copy.kind import CopySettings
from lstm_model.tasks.copy.looks import Tried
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer
from lstm_tui.cli import main
from lstm_tui.faces.copy.measure import verdict
from lstm_tui.faces.copy.tried import tried_text
from lstm_tui.opening.launch import Launch
from lstm_tui.opening.opened import Opened
from support.stage import Stage

SETTINGS = CopySettings(remember=2, gap=4, alphabet=4)
TINY: dict[str, Any] = {"hidden_size": 8, "batch_size": 4, "gap": 6, "validate_every": 10}
Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def saves_in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path))


def tried() -> Tried:
    x = np.array([0, 3, 4, 4, 4, 5, 4, 4])
    targets = np.array([4, 4, 4, 4, 4, 4, 0, 3])
    answers = np.array([4, 2, 4, 4, 4, 4, 0, 1])
    return Tried(7, x, targets, answers, 0.5)


def trainer() -> Trainer:
    return Trainer(open_task(preset_config("copy", **TINY)))


def trained(folder: Path) -> Path:
    run = Run(trainer(), RunFolder.new("copy", folder), Plan(steps=10))
    while not run.finished:
        run.work() if run.job else run.step()
    run.close()
    return folder


def test_a_try_is_told_step_by_step_and_marked_without_colour() -> None:
    assert tried_text(tried(), SETTINGS, 60).plain.splitlines() == [
        "came in     A D · · · ! · · ",
        "to be said  · · · · · · A D ",
        "model says  · C · · · · A B ",
        "              ✗         ✓ ✗",
    ]
    assert tried_text(tried(), SETTINGS, 60, ascii_only=True).plain.splitlines()[-1] == "              x         + x"


@pytest.mark.parametrize("width", [60, 24, 20, 30])
def test_where_there_is_little_room_the_middle_of_the_gap_gives_way(width: int) -> None:
    wide = CopySettings(remember=2, gap=40, alphabet=4)
    x, targets = np.full(44, 4), np.full(44, 4)
    x[:2] = targets[-2:] = 1, 2
    x[41] = 5
    lines = tried_text(Tried(1, x, targets, targets, 1.0), wide, width).plain.splitlines()
    if width < 60:
        assert lines[0].split() == ["came", "in", "B", "C", "·", "…", "·", "!", "·", "·"]
        assert max(map(len, lines)) <= 12 + 2 * 9


async def test_in_training_a_try_stands_below_and_the_recall_among_the_figures() -> None:
    stage = Stage.of(Launch(trainer(), None, Plan()))
    async with stage.app.run_test(size=(80, 24)) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: "model says" in stage.text("#tried-text"))
        assert [pane.id for pane in stage.app.main_screen.panes.present] == ["loss", "figures", "tried"]
        await stage.until(lambda: "recall" in stage.text("#figures-text"))
        before = stage.text("#tried-text")
        await stage.press("g")
        await stage.until(lambda: stage.text("#tried-text") != before)


async def test_a_saved_model_is_tried_at_longer_gaps() -> None:
    stage = Stage.of(Launch(trainer(), None, Plan(), eval_only=True))
    async with stage.app.run_test(size=(120, 40)) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: "guessing" in stage.text("#gaps-text"))
        assert [line.split()[:2] for line in stage.text("#gaps-text").splitlines()[1:4]] == [
            ["6", "x"],
            ["12", "x"],
            ["24", "x"],
        ]
        assert "model says" in stage.text("#tried-text")


async def test_two_models_are_tried_on_the_same_sequence(tmp_path: Path) -> None:
    rival = Opened(Trainer(open_task(preset_config("copy", **TINY, seed=9))), None, tmp_path / "b" / "last.safetensors")
    stage = Stage.of(Launch(trainer(), None, Plan(), eval_only=True, against=rival))
    async with stage.app.run_test(size=(80, 24)) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: "guessing" in stage.text("#gaps-text"))
        await stage.until(lambda: stage.text("#tried-text").count("came in") == 2)
        came_in = [line for line in stage.text("#tried-text").splitlines() if line.startswith("came in")]
        assert came_in[0] == came_in[1]
        assert len(stage.text("#gaps-text").splitlines()) == 8  # as many as there are rows for it


def test_eval_tells_recall_and_loss_beside_no_memory(tmp_path: Path, capsys: Out) -> None:
    a, b = str(trained(tmp_path / "a")), str(trained(tmp_path / "b"))
    assert main(["eval", "--load", a]) == 0
    out = capsys.readouterr().out
    assert "without memory" in out
    assert "gap 24" in out
    assert main(["eval", "--load", a, "--json", "--part", "val"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["task"], report["part"], report["gap"]) == ("copy", "val", 6)
    assert list(report["gaps"]) == ["6", "12", "24"]
    assert report["recall"] == report["gaps"]["6"]["recall"]
    assert main(["eval", "--load", a, "--against", b]) == 0
    assert "equally good" in capsys.readouterr().out


def test_options_of_the_task_set_it_and_others_do_not_know_them(tmp_path: Path, capsys: Out) -> None:
    run = ["train", "--task", "copy", "--steps", "1", "--hidden", "4", "--save", str(tmp_path / "run"), "--json"]
    assert main([*run, "--remember", "2", "--gap", "5", "--alphabet", "3"]) == 0
    capsys.readouterr()
    assert main(["train", "--task", "text", "--gap", "5"]) == 2
    assert "--gap is for the task copy" in capsys.readouterr().err
    assert main(["train", "--task", "copy", "--gap", "0"]) == 2
    assert "--gap must be from 1 to 1,000" in capsys.readouterr().err
    assert main(["sample", "--load", str(tmp_path / "run")]) == 2
    assert "writes no text" in capsys.readouterr().err


def test_no_file_is_for_it(tmp_path: Path, capsys: Out) -> None:
    page = tmp_path / "page.txt"
    page.write_text("some words\n" * 50, encoding="utf-8")
    assert main(["data", str(page)]) == 0
    out = capsys.readouterr().out
    assert "text: it is not" in out
    assert ", or )" not in out
    assert main(["data", str(page), "--task", "copy"]) == 2
    assert "makes its sequences itself" in capsys.readouterr().err
    assert main(["train", "--task", "copy", "--data", str(page)]) == 2
    assert "makes its sequences itself" in capsys.readouterr().err


@pytest.mark.parametrize(("recall", "said"), [(1.0, "It remembers over"), (0.6, "some"), (0.26, "does not remember")])
def test_the_verdict_says_what_the_recall_means(recall: float, said: str) -> None:
    assert said in verdict(recall, SETTINGS)
