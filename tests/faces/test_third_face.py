"""A third task's face is one folder, found by its name: everything shared shows and tells it as it is."""

import json
from pathlib import Path

import pytest

import lstm_tui.faces
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.run import Run
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.registry import open_task
from lstm_model.training.trainer import Trainer
from lstm_tui.opening.launch import Launch
from lstm_tui.plain.evaluate import evaluate
from lstm_tui.plain.sample import sample
from lstm_tui.screens.saved.preview import Preview
from support import faces
from support.stage import Stage, opened


@pytest.fixture(autouse=True)
def third_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one line, and where its folder is."""
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path / "saves"))
    monkeypatch.setitem(KINDS, "sine", "support.sine")
    monkeypatch.setattr(lstm_tui.faces, "__path__", [*lstm_tui.faces.__path__, *faces.__path__])


def trained(folder: Path, steps: int = 20) -> Path:
    """The folder of a run of the third task that has ended."""
    trainer = Trainer(open_task(preset_config("sine", validate_every=20)))
    run = Run(trainer, RunFolder.new("sine", folder), Plan(steps=steps, look_every=0.0))
    while not run.finished:
        run.work() if run.job else run.step()
    run.close()
    return folder


async def test_t_goes_on_to_it_and_from_it_to_the_first(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        for task in list(KINDS)[1:]:
            await stage.press("t")
            await stage.until(lambda task=task: task in stage.status)  # type: ignore[misc]
        await stage.until(lambda: "sine" in stage.status and stage.latest.figure.step > 2)
        main = stage.app.main_screen
        assert [pane.id for pane in main.panes.present] == ["loss", "figures", "wave"]
        await stage.press("g")
        await stage.until(lambda: getattr(stage.latest.seen, "drawn", None) is not None)
        await stage.until(lambda: stage.text("#wave-text").startswith("step "), turns=0)
        await stage.press("e")
        await stage.until(lambda: "root" in stage.text("#figures-text") and "whole part" in stage.text("#figures-text"))
        assert "Colder" not in stage.text("#keys")
        assert main.query_one("#wave").display
        await stage.press("t")
        await stage.until(lambda: "text" in stage.status)
        assert not main.query_one("#wave").display


async def test_a_saved_one_is_looked_at_and_listed(tmp_path: Path) -> None:
    trained(tmp_path / "saves" / "sine-run")
    trainer = Trainer(open_task(preset_config("sine")))
    stage = Stage.of(Launch(trainer, None, Plan(), eval_only=True))
    async with stage.app.run_test(size=(120, 40)) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: stage.latest.figure.full_val_loss is not None)
        assert [pane.id for pane in stage.app.main_screen.panes.present] == ["wave"]
        await pilot.press("l")
        preview = stage.app.screen.query_one(Preview)
        await stage.until(lambda: "last point: 20" in str(preview.query_one("#look").render()))


def test_it_is_reported_compared_and_sampled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = trained(tmp_path / "a"), trained(tmp_path / "b", steps=100)
    assert evaluate({"load": str(a)}) == 0
    out = capsys.readouterr().out
    assert "squared error 0." in out
    assert "~~~~" in out
    assert evaluate({"load": str(a), "json": True}) == 0
    assert json.loads(capsys.readouterr().out)["task"] == "sine"
    assert evaluate({"load": str(a), "against": str(b)}) == 0
    assert "B is better." in capsys.readouterr().out
    assert sample({"load": str(b)}) == 0
    assert capsys.readouterr().out == "a wave of step 100\n"
