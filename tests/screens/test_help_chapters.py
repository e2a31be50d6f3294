"""The help leads from what the coach says to the chapter that explains it, and from a pane to its words."""

from pathlib import Path

import pytest
from textual.events import Key
from textual.widgets import Input

from lstm_model.coach.rules import CHAPTERS, Advice
from lstm_tui.screens.help import HelpScreen
from support.stage import Stage, opened, rows


@pytest.fixture(autouse=True)
def saves_in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path))


def shown(stage: Stage) -> str:
    return "\n".join(rows(stage.app))


async def test_help_shows_where_the_line_that_stands_and_all_others_are_explained(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 60)) as pilot:
        stage.pilot = pilot
        stage.app.push_screen(HelpScreen(Advice("clipped", "Gradient clipped (*).", "rate(-1)")))
        await stage.until(lambda: "Gradient clipped (-)." in shown(stage))
        assert "docs/book/09-taking-steps.md: clipping" in shown(stage)
        await pilot.press("tab", "end")
        await stage.until(lambda: "read on" in shown(stage))
        assert all(chapter.partition("#")[0] in shown(stage) for chapter in CHAPTERS.values())


async def test_f1_on_a_pane_shows_its_words_first_and_typing_finds_others(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await opened(stage, pilot)
        for pane, word in (("samples", "temperature"), ("figures", "validation loss"), ("loss", "loss, the chart")):
            stage.app.screen.query_one(f"#{pane}").focus()
            await pilot.press("f1")
            await stage.until(lambda word=word: word in shown(stage) and "[words]" in shown(stage))  # type: ignore[misc]
            await pilot.press("f1")
            await stage.until(lambda: len(stage.app.screen_stack) == 1)
        await pilot.press("f1", *"cli")
        await stage.until(lambda: "The longest that the gradient may be" in shown(stage))
        await pilot.press("q")  # a letter, once something is searched for
        assert stage.app.screen.query_one(Input).value == "cliq"
        await pilot.press("ctrl+u", "tab", *"rate")
        await stage.until(lambda: "Lower the learning rate by a fifth" in shown(stage))
        assert "Save and quit" not in shown(stage)
        await pilot.press("question_mark")
        await stage.until(lambda: len(stage.app.screen_stack) == 1)
        await pilot.press("x", "f1")
        await stage.until(lambda: "cell state" in shown(stage))


async def test_q_leaves_the_help_also_when_a_letter_comes_in_the_same_burst(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await opened(stage, pilot)
        await pilot.press("question_mark")
        await stage.until(lambda: "type to search" in shown(stage))
        search = stage.app.screen.query_one(Input)
        search.post_message(Key("q", "q"))
        search.post_message(Key("t", "t"))
        await stage.until(lambda: len(stage.app.screen_stack) == 1)
