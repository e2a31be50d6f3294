"""The prompt dialog takes all lines of a paste, and keeps what the model cannot start from."""

from pathlib import Path

import pytest
from textual.events import Paste
from textual.widgets import Input

from lstm_tui.faces.text.samples.prompt import PromptScreen
from support.snapshots import text_seen
from support.stage import Stage, opened


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


async def entry(stage: Stage) -> Input:
    assert stage.pilot is not None
    await stage.pilot.press("i")
    await stage.until(lambda: isinstance(stage.app.screen, PromptScreen) and stage.app.screen.is_mounted)
    return stage.app.screen.query_one(Input)


async def test_all_lines_of_a_paste_arrive(stage: Stage) -> None:
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await opened(stage, pilot)
        field = await entry(stage)
        field.value = ""
        stage.app.post_message(Paste("NAME\n    ls"))
        await stage.until(lambda: bool(field.value))
        assert field.value == "NAME\\n    ls"
        await pilot.press("enter")
        await stage.until(lambda: text_seen(stage.latest).prompt == "NAME\n    ls")


async def test_a_refused_prompt_keeps_what_was_typed_and_can_be_mended(stage: Stage) -> None:
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await opened(stage, pilot)
        field = await entry(stage)
        field.value = "NAME §"
        await pilot.press("enter")
        note = stage.app.screen.query_one("#prompt-note")
        await stage.until(lambda: "never seen" in str(note.render()))
        assert isinstance(stage.app.screen, PromptScreen)
        assert field.value == "NAME §"
        await pilot.press("end", "backspace", "enter")
        await stage.until(lambda: text_seen(stage.latest).prompt == "NAME ")
