"""The help leads from what the coach says to the chapter that explains it."""

from pathlib import Path

from lstm_model.coach.rules import CHAPTERS, Advice
from lstm_tui.screens.help import HelpScreen
from support.stage import Stage


async def test_help_shows_where_the_line_that_stands_and_all_others_are_explained(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 60)) as pilot:
        stage.pilot = pilot
        stage.app.push_screen(HelpScreen(Advice("clipped", "Gradient clipped (*).", "rate(-1)")))
        await pilot.pause()
        svg = stage.app.export_screenshot().replace("&#160;", " ")
        assert "Gradient clipped (-)." in svg
        assert "docs/book/09-taking-steps.md: clipping" in svg
        stage.app.screen.query_one("#help").scroll_end(animate=False)
        await pilot.pause()
        svg = stage.app.export_screenshot().replace("&#160;", " ")
        assert all(chapter.partition("#")[0] in svg for chapter in CHAPTERS.values())
