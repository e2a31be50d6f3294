"""Keys that help to find the way: what always stands there, what leaves a dialog, why a key does nothing."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from textual.widgets import Input

import lstm_tui
from lstm_tui.faces.text.samples.prompt import PromptScreen
from lstm_tui.inside.more import MoreScreen
from lstm_tui.inside.table import VIEWS
from lstm_tui.screens.help import HelpScreen
from lstm_tui.screens.saved.ask import AskScreen
from lstm_tui.screens.saved.label import LabelScreen
from lstm_tui.screens.saved.load import LoadScreen
from lstm_tui.screens.saved.trash import TrashScreen
from lstm_tui.screens.settings import SettingsScreen
from lstm_tui.screens.step import StepScreen
from lstm_tui.screens.stop import StopScreen
from lstm_tui.widgets.dialog import Dialog, open_dialog
from support.stage import Stage, opened, toasts

TYPED_INTO = {PromptScreen, LabelScreen}  # from the first key on


def kinds_below(kind: type) -> set[type]:
    found: set[type] = set(kind.__subclasses__())
    return found.union(*map(kinds_below, found))


@pytest.fixture(autouse=True)
def saves_in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path))


@pytest.mark.parametrize("size", [(80, 24), (40, 10)])
async def test_help_and_quit_never_leave_the_line_of_keys(tmp_path: Path, size: tuple[int, int]) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=size) as pilot:
        await opened(stage, pilot)
        assert {"? Help", "q Quit"} <= set(stage.text("#keys").split("  "))


async def test_q_question_mark_and_escape_leave_every_dialog_where_they_are_not_typed(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    dialogs = {"question_mark": HelpScreen, "l": LoadScreen, "n": SettingsScreen, "ctrl+c": StopScreen}
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await opened(stage, pilot)
        for key, dialog in dialogs.items():
            for leave in ("q", "question_mark", "escape"):
                await pilot.press(key)
                await stage.until(lambda dialog=dialog: isinstance(stage.app.screen, dialog))  # type: ignore[misc]
                await pilot.press(leave)
                await stage.until(lambda: len(stage.app.screen_stack) == 1)
        assert stage.app.return_value is None


def test_every_dialog_is_left_by_escape_and_by_q_and_question_mark_where_they_are_not_typed() -> None:
    for module in walk_packages(lstm_tui.__path__, "lstm_tui."):
        import_module(module.name)
    kinds = [kind for kind in kinds_below(Dialog) if kind.__module__.startswith("lstm_tui.")]
    assert len(kinds) >= 12
    for kind in (kind for kind in kinds if not kind.__subclasses__()):
        keys = set(kind._merge_bindings().key_to_bindings)  # type: ignore[attr-defined]  # noqa: SLF001
        assert "escape" in keys, kind
        assert kind in TYPED_INTO or {"q", "question_mark"} <= keys, kind


async def test_dialogs_that_open_from_others_or_are_typed_into_are_left_too(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await opened(stage, pilot)
        over = stage.app.main_screen
        make: tuple[Callable[[], Dialog[Any]], ...] = (
            lambda: TrashScreen([]),
            lambda: AskScreen("Title", ["line"], "yes", "no"),
            lambda: MoreScreen(VIEWS[0]),
        )
        for made in make:
            for leave in ("q", "question_mark", "escape"):
                open_dialog(over, made())
                await stage.until(lambda: stage.app.screen is not over and stage.app.screen.is_mounted)
                await pilot.press(leave)
                await stage.until(lambda: stage.app.screen is over)
        for key in ("i", "ctrl+p"):
            await pilot.press(key)
            await stage.until(lambda: isinstance(stage.app.focused, Input))
            await pilot.press("q")
            assert isinstance(stage.app.focused, Input)
            assert stage.app.focused.value.endswith("q")
            await pilot.press("escape")
            await stage.until(lambda: stage.app.screen is over)
        for leave in ("q", "question_mark", "escape"):
            await pilot.press("o")
            await stage.until(lambda: isinstance(stage.app.screen, StepScreen))
            await pilot.press(leave)
            await stage.until(lambda: stage.app.screen is over)
        assert stage.app.return_value is None


async def test_a_key_that_does_nothing_here_says_why_and_rates_say_what_they_did(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "stock")
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await opened(stage, pilot)
        await pilot.press("i", "u")
        assert "i is a key of the task text: t goes on to the next task" in toasts(stage.app)
        assert "u: the loss of the task stock has one unit" in toasts(stage.app)
        before = stage.latest.figure.base_rate
        await stage.press("minus")
        assert f"learning rate {before:.3g} is {0.8 * before:.3g} now" in toasts(stage.app)


async def test_enter_goes_on_in_the_form_and_starts_nothing(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(100, 40)) as pilot:
        await opened(stage, pilot)
        await pilot.press("n")
        await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen))
        before = stage.app.screen.focused
        await pilot.press("enter", "enter", "enter")
        assert isinstance(stage.app.screen, SettingsScreen)
        assert stage.app.screen.focused is not before
        assert len(stage.hand.sessions) == 1
