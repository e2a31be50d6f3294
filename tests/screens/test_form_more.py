"""The form of a new run has all that the command line has: closed at first, in sight once it was asked for."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from lstm_model.settings.known_tasks import KINDS
from lstm_tui.opening.form import Problem, fields_of
from lstm_tui.options.table import FORM
from lstm_tui.screens.more import MoreLine
from lstm_tui.screens.settings import SettingsScreen
from lstm_tui.widgets.field import Field
from support.stage import Stage, opened


@pytest.fixture(autouse=True)
def saves_in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path / "saves"))


def shown(stage: Stage) -> set[str]:
    """The options that have a field on the screen."""
    return {field.option for field in stage.app.screen.query(Field)}


def here(stage: Stage) -> str | None:
    """The option that has the focus."""
    focused = stage.app.screen.focused
    field = next((node for node in focused.ancestors if isinstance(node, Field)), None) if focused else None
    return field.option if field else None


def is_in_sight(stage: Stage, option: str) -> bool:
    screen = stage.app.screen
    entry = screen.query_one(f"#field-{option}", Field).entry
    return entry.region.intersection(screen.query_one("#fields").region).height >= 1


async def asked_for(stage: Stage, pilot: Pilot[int], *keys: str) -> None:
    await opened(stage, pilot)
    await pilot.press("n")
    await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen))
    await pilot.press(*keys)


async def test_one_key_shows_all_that_each_task_can_be_told_at_any_size(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await asked_for(stage, pilot)
        assert shown(stage) == {option.name for option in FORM}
        await pilot.press("f2")
        await stage.until(lambda: here(stage) == "steps")
        for task in KINDS:
            entry = stage.app.screen.query_one("#field-task", Field).entry
            entry.focus()
            while entry.value != task:
                await pilot.press("right")
            await stage.until(lambda task=task: shown(stage) == {option.name for option in fields_of(task)})  # type: ignore[misc]
        for size in ((80, 24), (40, 10), (160, 45)):
            await pilot.resize_terminal(*size)
            for option in ("steps", "gap", "threads"):
                stage.app.screen.query_one(f"#field-{option}", Field).entry.focus()
                await stage.until(lambda option=option: is_in_sight(stage, option))  # type: ignore[misc]
                assert stage.app.screen.query_one("#start").region.bottom < size[1]


async def test_a_click_or_enter_opens_it_and_what_is_typed_there_holds_for_the_run(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await asked_for(stage, pilot)
        await pilot.click(MoreLine)
        await stage.until(lambda: here(stage) == "steps")
        await pilot.press("escape")
        await stage.until(lambda: len(stage.app.screen_stack) == 1)
        await pilot.press("n")
        await stage.until(lambda: here(stage) == "task")
        await pilot.press(*["down"] * len(FORM), "enter")
        await stage.until(lambda: here(stage) == "steps" and is_in_sight(stage, "steps"))
        await pilot.press("1", "2", "ctrl+enter")
        await stage.until(lambda: "FINISHED" in stage.status)
        assert stage.latest.figure.step == 12


async def test_something_wrong_in_a_field_out_of_sight_opens_it_and_goes_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lstm_tui.screens.settings.begin", lambda *_: Problem("clip", "clip is no good"))
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(40, 10)) as pilot:
        await asked_for(stage, pilot, "ctrl+enter")
        await stage.until(lambda: here(stage) == "clip")
        await stage.until(lambda: is_in_sight(stage, "clip"))
        assert stage.app.screen.query_one("#field-clip", Field).problem == "clip is no good"
        assert len(stage.hand.sessions) == 1
