"""The look for a projector: large figures and thick curves, switched on and off without losing anything."""

from pathlib import Path

import pytest
from textual.color import Color
from textual.widgets import Digits

from lstm_tui.options.parser import parser_for
from lstm_tui.terminal.preferences import preference
from lstm_tui.terminal.themes import DARK, LIGHT, OF_PROJECTOR
from lstm_tui.widgets.big_figures import large_figures
from support.snapshots import changed
from support.stage import Stage, opened, rows, still

THICK = set("▀▄▌▐▖▗▘▝▞▚▙▛▜▟█")


@pytest.fixture(autouse=True)
def own_preferences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


async def test_b_shows_large_figures_and_thick_curves_and_again_all_as_it_was(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        main, app = stage.app.main_screen, stage.app
        chart = main.panes.loss
        await stage.until(lambda: chart.last > 3)
        await stage.press("left", "up")  # a cursor, and a window
        before = app.focused, chart.view, chart.cursor, app.theme
        assert chart.cursor is not None
        await stage.press("B")
        await stage.until(lambda: bool(THICK & set("".join(rows(app)))))
        assert main.query_one("#large").display
        assert not main.query_one("#figures").display
        assert app.current_theme is OF_PROJECTOR[True]
        shown = [digits.value for digits in main.query(Digits)]
        assert shown[0] == f"{main.shown.figure.loss:.3f}" if main.shown else False
        assert [app.focused, chart.view, chart.cursor] == list(before[:3])
        app.choose_look(dark=False)
        await pilot.pause()
        assert app.current_theme is OF_PROJECTOR[False]
        app.choose_look(dark=True)
        await stage.press("B")
        await pilot.pause()
        assert (app.focused, chart.view, chart.cursor, app.theme) == before
        assert not main.query_one("#large").display
        assert main.query_one("#figures").display
        assert preference("theme") in (None, DARK.name)  # the look of a lesson is none of the next start


async def test_a_start_can_be_large_and_light_and_ends_in_our_light_look(tmp_path: Path) -> None:
    assert parser_for("").given(["--big"])["big"]
    stage = Stage(tmp_path, big=True)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await opened(stage, pilot)
        main, app = stage.app.main_screen, stage.app
        assert app.is_big
        assert main.query_one("#large").display
        assert len([digits for digits in main.query(Digits) if digits.region.area]) == 3
        app.choose_look(dark=False)
        await stage.press("B")
        assert app.current_theme is LIGHT


async def test_the_palette_finds_the_looks_under_the_words_that_people_type(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await opened(stage, pilot)
        titles = [command.title.lower() for command in stage.app.get_system_commands(stage.app.screen)]
        for word in ("big", "projector", "large", "light", "dark"):
            assert any(word in title for title in titles), word


@pytest.mark.parametrize("theme", OF_PROJECTOR.values(), ids=lambda theme: theme.name)
def test_the_projector_has_a_contrast_of_seven_for_letters_and_four_and_a_half_for_curves(theme: object) -> None:
    ground = Color.parse(theme.background)  # type: ignore[attr-defined]
    for name, least in (("foreground", 7), ("primary", 4.5), ("warning", 4.5), ("success", 4.5), ("error", 4.5)):
        assert contrast(Color.parse(getattr(theme, name)), ground) >= least, name


def contrast(one: Color, other: Color) -> float:
    """WCAG 2.2."""

    def luminance(color: Color) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.normalized]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_large_figures_are_few_and_what_is_unknown_is_a_dash() -> None:
    assert [value for _, _, value in large_figures(still("text"))] == ["1.123", "1.237", "1.237", "1,200"]
    unknown = changed(still("text"), loss=None, val_loss=None, full_val_loss=None, best_val_loss=None, step=0)
    assert [value for _, _, value in large_figures(unknown)] == ["-", "-", "-", "0"]
    tiny = changed(still("stock"), loss=0.00012345, val_loss=float("nan"))
    assert [value for _, _, value in large_figures(tiny)][:2] == ["1.23E-04", "-"]
