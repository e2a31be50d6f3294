"""The dialog of single steps: each press takes one, what it did stands there, and the training goes on from there."""

from pathlib import Path

import pytest

from lstm_tui.screens.step import StepScreen
from lstm_tui.session.snapshot import Status
from support.stage import Stage, opened, rows


@pytest.fixture(autouse=True)
def saves_in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path))


async def test_each_press_takes_one_step_and_says_what_it_did(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await opened(stage, pilot)

        def shows(words: str) -> bool:
            return words in "\n".join(rows(stage.app))

        def shows_step(step: int) -> bool:
            return shows(f"─ Step {step} ─")

        await pilot.press("o")
        await stage.until(lambda: isinstance(stage.app.screen, StepScreen) and shows("of weights"))
        assert stage.latest.status is Status.PAUSED
        taken = stage.latest.figure.step
        await stage.until(lambda: shows_step(taken))
        shown = "\n".join(rows(stage.app))
        for words in ("2 streams of 5 characters", "Loss  before", "Gradient norm", "weight_hh_l0", "o next step"):
            assert words in shown
        for more in (1, 2):
            await pilot.press("o")
            await stage.until(lambda more=more: shows_step(taken + more))  # type: ignore[misc]
        await pilot.resize_terminal(40, 12)
        await stage.until(lambda: shows("Loss  before"))
        await pilot.press("escape")
        await stage.until(lambda: len(stage.app.screen_stack) == 1)
        assert stage.latest.figure.step == taken + 2
        await pilot.resize_terminal(80, 24)
        await pilot.press("o")
        await stage.until(lambda: shows_step(taken + 3))
        await pilot.press("space")
        await stage.until(lambda: len(stage.app.screen_stack) == 1 and stage.latest.status is Status.TRAINING)
