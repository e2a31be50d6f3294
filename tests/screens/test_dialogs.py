"""Every dialog ends once and opens once, however often and however early a key is pressed."""

from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from textual.app import App, ComposeResult
from textual.command import CommandPalette
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static

import lstm_tui
from lstm_model.settings.known_tasks import KINDS
from lstm_tui.faces.text.samples.prompt import PromptScreen
from lstm_tui.screens.help import HelpScreen
from lstm_tui.screens.saved.load import LoadScreen
from lstm_tui.screens.settings import SettingsScreen
from lstm_tui.screens.stop import StopScreen
from lstm_tui.widgets.dialog import Dialog, EndsOnce
from support.stage import Stage, opened

OPENED_BY = {"i": PromptScreen, "l": LoadScreen, "n": SettingsScreen, "question_mark": HelpScreen,
             "ctrl+p": CommandPalette, "ctrl+c": StopScreen}  # fmt: skip
CHARACTERS = {"enter": "\r", "question_mark": "?", "tab": "\t"}


@pytest.fixture(autouse=True)
def saves_in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path))


def kinds_below(kind: type) -> set[type]:
    found: set[type] = set(kind.__subclasses__())
    return found.union(*map(kinds_below, found))


def test_every_dialog_of_the_program_has_the_one_base() -> None:
    for module in walk_packages(lstm_tui.__path__, "lstm_tui."):
        import_module(module.name)
    ours = {kind for kind in kinds_below(ModalScreen) if kind.__module__.startswith("lstm_tui.")}
    assert {kind.__name__ for kind in ours} >= {
        "PromptScreen",
        "LoadScreen",
        "SettingsScreen",
        "HelpScreen",
        "StopScreen",
    }
    assert all(issubclass(kind, EndsOnce) for kind in ours), ours


def burst(app: App[int], *keys: str) -> None:
    """Keys that arrive all at once, as from a key that is held down; a pilot would wait after each."""
    for key in keys:
        app.post_message(Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))


def shows(stage: Stage, dialog: type) -> bool:
    return isinstance(stage.app.screen, dialog) and stage.app.screen.is_mounted


def trains(stage: Stage, task: str) -> bool:
    return stage.latest.task == task and stage.latest.about.config is not None


async def test_a_burst_of_keys_ends_a_dialog_once_and_leaves_the_main_screen_alone(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await opened(stage, pilot)
        main = stage.app.main_screen
        for key, dialog in OPENED_BY.items():
            burst(stage.app, key)
            await stage.until(partial(shows, stage, dialog))
            burst(stage.app, *["escape"] * 5)
            await stage.until(lambda: stage.app.screen is main)
        for key in ("i", "question_mark"):
            burst(stage.app, key)
            await stage.until(partial(shows, stage, OPENED_BY[key]))
            burst(stage.app, "enter", "enter", "enter")
            await stage.until(lambda: stage.app.screen is main)


async def test_a_dialog_opens_once_and_can_be_left_before_it_is_there(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await opened(stage, pilot)
        for key in ("i", "l", "n", "question_mark"):
            burst(stage.app, *[key] * 2, "escape", "enter", "escape", "escape")
            await stage.until(lambda: len(stage.app.screen_stack) == 1)


async def test_a_command_of_the_palette_runs_once(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await opened(stage, pilot)
        await pilot.press("ctrl+p")
        await pilot.press(*"next task")
        palette = stage.app.screen
        await stage.until(lambda: any("Go to the next" in str(row) for row in prompts(palette)))
        await pilot.press("down")
        burst(stage.app, "enter", "enter", "enter")
        await stage.until(lambda: stage.app.sessions.current.task != "text")
        assert stage.app.sessions.current.task == "stock"  # the second one would have gone on to copy


def prompts(palette: object) -> list[object]:
    assert isinstance(palette, CommandPalette)
    found = palette.query_one(OptionList)
    return [found.get_option_at_index(k).prompt for k in range(found.option_count)]


@pytest.mark.parametrize("key", ["ctrl+p", "ctrl+c"])
async def test_page_keys_bear_any_size(key: str, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await opened(stage, pilot)
        await pilot.press(key)
        for size in ((30, 5), (1, 1), (2, 9), (120, 40)):
            await pilot.resize_terminal(*size)
            burst(stage.app, "pagedown", "pagedown", "pageup")
            await pilot.pause(0.05)
        burst(stage.app, "escape", "escape")
        await stage.until(lambda: len(stage.app.screen_stack) == 1)


async def test_the_form_opens_for_every_task(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await opened(stage, pilot)
        for task in KINDS:
            await stage.until(partial(trains, stage, task))
            await pilot.press("n")
            await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen))
            await pilot.press("escape")
            await stage.until(lambda: len(stage.app.screen_stack) == 1)
            await pilot.press("t")


class Answered(Dialog[int]):
    """Answers when it is told to."""

    def compose(self) -> ComposeResult:
        yield Input()
        yield Button("end")


class Under(App[None]):
    """A dialog, and another one on top of it."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[object] = []
        self.lower, self.upper = Answered(), Answered()

    def compose(self) -> ComposeResult:
        yield Static("main")

    def on_mount(self) -> None:
        self.push_screen(self.lower, self.answers.append)
        self.push_screen(self.upper, self.answers.append)


async def test_an_answer_that_comes_under_another_dialog_waits_until_that_one_is_gone() -> None:
    app = Under()
    async with app.run_test() as pilot:
        await pilot.pause()
        app.lower.dismiss(1)
        app.lower.dismiss(2)
        await pilot.pause()
        assert app.screen is app.upper
        assert app.answers == []
        app.upper.dismiss(3)
        app.upper.dismiss(4)
        await pilot.pause()
        await pilot.pause()
        assert app.answers == [3, 1]
        assert len(app.screen_stack) == 1
