"""The last line shows what can be done now, whole keys alone, and each can be clicked."""

from pathlib import Path

import pytest

from lstm_tui.keys.table import KEYS
from lstm_tui.widgets.keys_line import KeysLine
from support.stage import Stage, opened


@pytest.fixture(autouse=True)
def saves_in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path))


@pytest.mark.parametrize("width", [40, 60, 80, 119, 200])
async def test_no_key_is_cut(tmp_path: Path, width: int) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(width, 30)) as pilot:
        await opened(stage, pilot)
        shown = [part for part in stage.text("#keys").split("  ") if part.strip()]
        wanted = [f"{key.shown.split(' ')[0]} {key.label}" for key in KEYS if key.action not in ("resume", "swap")]
        assert shown == wanted[: len(shown)]
        assert len(shown) >= width // 12


async def test_a_pause_changes_what_space_does(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        assert stage.text("#keys").startswith("space Pause")
        await stage.press("p")
        assert stage.text("#keys").startswith("space Go on")
        await stage.press("t")
        await stage.until(lambda: "stock" in stage.status)
        assert "Prompt" not in stage.text("#keys")


async def test_a_click_does_what_the_key_does(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        at = stage.text("#keys").index("Pause") + 1
        await pilot.click(KeysLine, offset=(at + 1, 0))
        await stage.until(lambda: "PAUSED" in stage.status)
