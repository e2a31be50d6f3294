"""No key of the screen is silent: in every state it acts, opens something, or says why it does not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_tui.app import LstmApp
from lstm_tui.keys.table import KEYS
from lstm_tui.session.session import Session
from support.stage import Stage, rows

LEAVING = {"quit", "stop", "suspend", "switch_task"}


@pytest.fixture(autouse=True)
def saves_in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """All that is asked of sessions."""
    commands: list[object] = []
    request: Callable[..., int] = Session.request

    def counted(session: Session, command: object) -> int:
        commands.append(command)
        return request(session, command)

    monkeypatch.setattr(Session, "request", counted)
    return commands


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that is said in passing, also what does not stand any more."""
    words: list[str] = []
    notify: Callable[..., None] = LstmApp.notify

    def counted(app: LstmApp, message: str, **options: object) -> None:
        words.append(message)
        notify(app, message, **options)

    monkeypatch.setattr(LstmApp, "notify", counted)
    return words


async def silent_keys(stage: Stage, asked: list[object], said: list[str]) -> list[str]:
    """The keys after which nothing was asked, opened, said or drawn."""
    assert stage.pilot is not None
    found = []
    for key in KEYS:
        action = key.action.partition("(")[0]
        if action in LEAVING:
            continue
        stage.app.clear_notifications()
        await stage.pilot.pause()
        before = rows(stage.app), len(asked), len(said)
        await stage.pilot.press(key.keys.split(",")[0])
        await stage.pilot.pause()
        opened = len(stage.app.screen_stack) > 1 or stage.app.main_screen.inside.is_open
        if not opened and (rows(stage.app), len(asked), len(said)) == before:
            found.append(key.id)
        while len(stage.app.screen_stack) > 1:
            await stage.pilot.press("escape")
            await stage.until(lambda: True, turns=0)
        stage.app.main_screen.action_close_inside()
        if stage.app.main_screen.maximized is not None:
            await stage.pilot.press("z")
    return found


async def test_before_the_data_are_read_every_key_acts_or_says_why(
    tmp_path: Path, asked: list[object], said: list[str]
) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(100, 30)) as pilot:
        stage.pilot = pilot
        assert await silent_keys(stage, asked, said) == []
        said.clear()
        await pilot.press("minus", "s")
        assert said == [
            "there is no learning rate to change yet: the data are still being read",
            "saved as soon as the data are read",
        ]


async def test_at_the_end_of_a_run_every_key_acts_or_says_why(
    tmp_path: Path, asked: list[object], said: list[str]
) -> None:
    stage = Stage(tmp_path, plan=Plan(look_length=30, autosave=1e9, figures_every=1e9, steps=3))
    async with stage.app.run_test(size=(100, 30)) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: "FINISHED" in stage.status)
        assert await silent_keys(stage, asked, said) == []
        said.clear()
        await pilot.press("space", "o", "minus")
        assert said[:2] == ["space: nothing trains, finished", "o: nothing trains, finished"]
        assert said[2].endswith("but nothing trains: finished")


@pytest.mark.parametrize("task", ["text", "stock"])
async def test_in_evaluation_every_key_acts_or_says_why(
    task: str, tmp_path: Path, asked: list[object], said: list[str]
) -> None:
    stage = Stage(tmp_path, task, eval_only=True)
    async with stage.app.run_test(size=(100, 30)) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: stage.latest.figure.full_val_loss is not None, turns=3)
        assert await silent_keys(stage, asked, said) == []


async def test_keys_of_panes_say_that_these_lie_behind_the_look_inside(tmp_path: Path, said: list[str]) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(100, 30)) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: stage.latest.figure.step > 0)
        await stage.press("space", "x")
        await stage.until(lambda: stage.app.focused is stage.app.main_screen.inside, turns=0)
        await pilot.press("i", "z")
        assert said[-2:] == [f"{key} is for the panes behind the look inside: x closes it" for key in "iz"]
