"""The look inside on the screen: every view for every task, while it trains, paused, and in evaluation-only mode."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from lstm_tui.inside.canvas import Canvas
from lstm_tui.inside.more import MoreScreen
from lstm_tui.inside.pane import InsidePane
from lstm_tui.inside.table import VIEWS
from lstm_tui.opening.opened import Opened
from support.stage import Stage, opened, rows
from support.stepped import tiny_trainer

SMALL = (80, 24)


async def begun(stage: Stage, pilot: Pilot[int]) -> None:
    """Wait until the run is shown, whether it steps or not."""
    stage.pilot = pilot
    await stage.until(lambda: stage.latest.about.config is not None)


def answer(stage: Stage) -> str:
    """What the view says of the cursor's place."""
    return str(stage.app.main_screen.query_one("#inside-reading", Static).render())


def is_answered(stage: Stage) -> bool:
    """Whether the view shows an answer, or one line why there is none."""
    probed = stage.latest.probed
    inside = stage.app.main_screen.inside
    shown = stage.app.main_screen.shown
    return (shown is stage.latest and (probed.found is not None and probed.asked == inside.probe)) or bool(
        inside.probe is None and answer(stage)
    )


async def close(stage: Stage) -> None:
    await stage.press("x")
    await stage.until(lambda: stage.latest.probed.asked is None)


MODES: list[tuple[str, dict[str, bool]]] = [
    ("text", {}),
    ("text", {"paused": True}),
    ("text", {"eval_only": True}),
    ("stock", {}),
    ("stock", {"eval_only": True}),
]


@pytest.mark.parametrize(("task", "mode"), MODES)
async def test_every_view_shows_something_of_every_task_in_every_mode(
    tmp_path: Path, task: str, mode: dict[str, bool]
) -> None:
    stage = Stage(tmp_path, task, **mode)
    async with stage.app.run_test(size=SMALL) as pilot:
        await begun(stage, pilot)
        await stage.press("x")
        for entry in VIEWS:
            await stage.press(str(entry.number))
            await stage.until(lambda: is_answered(stage))
            text = "\n".join(rows(stage.app))
            assert all(line in text for line in entry.lines)  # whole, at 80 columns
            await pilot.press("right", "down", "v", "end", "up", "left", "home", "pagedown", "]", "[", "pageup")
            if stage.app.main_screen.inside.view.types:
                await pilot.press("escape")
            await stage.until(lambda: is_answered(stage))
            assert answer(stage)
            assert "failed" not in answer(stage)
            assert max(map(len, answer(stage).splitlines())) <= 76, answer(stage)
        assert not stage.latest.notices
        await close(stage)
        assert not stage.app.main_screen.inside.display


async def test_x_shows_the_look_inside_and_training_goes_on_under_it(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        await stage.press("x")
        await stage.until(lambda: is_answered(stage))
        first = stage.latest.probed.step
        await stage.until(lambda: stage.latest.probed.step > first)  # values go on moving
        main = stage.app.main_screen
        assert isinstance(stage.app.focused, InsidePane)
        assert not main.panes.display
        await stage.press("space")
        assert "PAUSED" in stage.status
        await stage.press("tab", "question_mark")
        await stage.until(lambda: isinstance(stage.app.screen, MoreScreen), turns=0)
        await pilot.press("escape")
        await stage.until(lambda: not isinstance(stage.app.screen, MoreScreen), turns=0)
        await pilot.press("escape")
        await stage.until(lambda: main.panes.display and not main.inside.display, turns=0)


@pytest.mark.parametrize("mode", [{}, {"eval_only": True}])
async def test_the_view_stays_open_over_a_switch_of_task_and_asks_the_other_run(
    tmp_path: Path, mode: dict[str, bool]
) -> None:
    stage = Stage(tmp_path, "text", **mode)
    async with stage.app.run_test(size=SMALL) as pilot:
        await begun(stage, pilot)
        await stage.press("x")
        await stage.until(lambda: is_answered(stage))
        before = stage.app.sessions.current
        await stage.press("t")
        await stage.until(lambda: is_answered(stage) and stage.app.sessions.current is not before)
        await stage.press("7")
        await stage.until(lambda: is_answered(stage))
        assert answer(stage).startswith("unit")
        await close(stage)


async def test_without_colour_and_in_ascii_values_are_characters(tmp_path: Path) -> None:
    stage = Stage(tmp_path, ascii_only=True, eval_only=True)
    async with stage.app.run_test(size=SMALL) as pilot:
        await begun(stage, pilot)
        await stage.press("x", "6")  # in one go, as fast as they can be typed
        await stage.until(lambda: is_answered(stage))
        assert answer(stage).startswith("f of unit")
        canvas = stage.app.main_screen.query_one(Canvas)
        lines = [canvas.render_line(y).text for y in range(1, canvas.size.height - 2)]
        assert not any("▀" in line for line in lines)
        assert any(set(line) & set("-=+*#@") for line in lines)


async def test_of_two_models_b_shows_the_other_from_inside(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = tiny_trainer(tmp_path, seed=5)
    stage = Stage(tmp_path, eval_only=True, against=Opened(other, None, tmp_path / "other" / "best.safetensors"))
    async with stage.app.run_test(size=SMALL) as pilot:
        await begun(stage, pilot)
        await stage.press("x", "7")
        await stage.until(lambda: is_answered(stage) and stage.latest.rival is not None)
        await stage.until(lambda: stage.latest.rival is not None and stage.latest.rival.probed.found is not None)
        inside = stage.app.main_screen.inside
        shown = []
        for side in "AB":
            await stage.until(lambda side=side: str(inside.border_subtitle).startswith(f"{side}, "), turns=0)  # type: ignore[misc]
            canvas = inside.query_one(Canvas)
            shown.append([canvas.render_line(y).text for y in range(canvas.size.height)])
            await pilot.press("b")
        assert shown[0] != shown[1]
