"""The chart widget repaints what changed, when it can be seen, in the colours of the theme."""

from __future__ import annotations

import numpy as np
import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import Picture, draw
from lstm_tui.widgets.charts import plot as plot_module
from lstm_tui.widgets.charts.plot import Plot
from support.stage import rows

LIMITS = (0.0, 99.0)


def picture(last: float = 1.0, role: str = "train") -> Picture:
    """A flat line at 1 whose last point is at `last`; the limits stay, so that little changes with it."""
    y = np.full(100, 1.0)
    y[-1] = last
    series = Series("loss", np.arange(100.0), y, role)
    return Picture((series,), x_limits=LIMITS, y_limits=(0.0, 10.0))


class PlotApp(App[None]):
    CSS = "#box { height: 12; width: 60; border: round $primary; padding: 0 1; }"

    def __init__(self, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.ascii_only = ascii_only

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Plot(picture(), ascii_only=self.ascii_only, id="plot")
        yield Static("below")

    @property
    def plot(self) -> Plot:
        return self.query_one("#plot", Plot)


class Recorder:
    """Counts drawings and keeps the regions that a widget asked to repaint."""

    def __init__(self) -> None:
        self.drawn: list[tuple[int, int]] = []
        self.regions: list[tuple[Region, ...]] = []

    def clear(self) -> None:
        self.drawn.clear()
        self.regions.clear()


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    record = Recorder()
    refresh = Plot.refresh

    def drawing(picture: Picture, width: int, height: int, ascii_only: bool = False, *, thick: bool = False) -> object:
        record.drawn.append((width, height))
        return draw(picture, width, height, ascii_only, thick=thick)

    def refreshing(self: Plot, *regions: Region, **options: bool) -> Plot:
        record.regions.append(regions)
        return refresh(self, *regions, **options)

    monkeypatch.setattr(plot_module, "draw", drawing)
    monkeypatch.setattr(Plot, "refresh", refreshing)
    return record


def shown(plot: Plot) -> list[str]:
    """The text of the plot, cut out of the screen."""
    region = plot.content_region
    return [row[region.x : region.right] for row in rows(plot.app)[region.y : region.bottom]]


def expected(plot: Plot, wanted: Picture) -> list[str]:
    return ["".join(text for text, _ in row) for row in draw(wanted, *plot.size)]


async def test_the_first_picture_fills_the_widget(recorder: Recorder) -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)):
        assert shown(app.plot) == expected(app.plot, picture())
        assert recorder.drawn == [(56, 10)]


async def test_the_same_picture_object_neither_draws_nor_repaints(recorder: Recorder) -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)) as pilot:
        same = picture(5.0)
        app.plot.show(same)
        await pilot.pause()
        recorder.clear()
        app.plot.show(same)
        await pilot.pause()
        assert recorder.drawn == []
        assert recorder.regions == []


async def test_an_equal_picture_repaints_nothing(recorder: Recorder) -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)) as pilot:
        recorder.clear()
        app.plot.show(picture())
        await pilot.pause()
        assert recorder.drawn == [(56, 10)]
        assert recorder.regions == []


async def test_only_rows_that_changed_are_repainted(recorder: Recorder) -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)) as pilot:
        before = shown(app.plot)
        recorder.clear()
        app.plot.show(picture(4.0))
        rows = {region.y for regions in recorder.regions for region in regions}
        await pilot.pause()
        after = shown(app.plot)
        assert after == expected(app.plot, picture(4.0))
        assert rows == {y for y, (old, new) in enumerate(zip(before, after, strict=True)) if old != new}
        assert 0 < len(rows) < len(after)


async def test_rows_that_changed_only_in_colour_are_repainted(recorder: Recorder) -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)):
        recorder.clear()
        app.plot.show(picture(role="val"))
        assert recorder.regions


async def test_a_resize_draws_again_in_the_new_size(recorder: Recorder) -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)) as pilot:
        recorder.clear()
        app.query_one("#box").styles.width = 40
        app.query_one("#box").styles.height = 20
        await pilot.pause()
        assert recorder.drawn[-1] == tuple(app.plot.size) == (36, 18)
        assert shown(app.plot) == expected(app.plot, picture())


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (12, 4), (20, 200)])
async def test_no_size_is_too_small(size: tuple[int, int]) -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.plot.styles.width, app.plot.styles.height = size
        await pilot.pause()
        app.plot.show(picture(3.0))
        await pilot.pause()
        strips = [app.plot.render_line(y) for y in range(app.plot.size.height)]
        assert all(sum(cell_len(segment.text) for segment in strip) == app.plot.size.width for strip in strips)


async def test_a_hidden_plot_is_drawn_when_it_comes_into_view(recorder: Recorder) -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.plot.display = False
        await pilot.pause()
        recorder.clear()
        app.plot.show(picture(7.0))
        app.plot.show(picture(8.0))
        await pilot.pause()
        assert recorder.drawn == []
        app.plot.display = True
        await pilot.pause()
        assert shown(app.plot) == expected(app.plot, picture(8.0))
        assert len(recorder.drawn) == 1


async def test_a_plot_under_another_screen_waits_for_it_to_go(recorder: Recorder) -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)) as pilot:
        plot = app.plot
        await app.push_screen(Screen())
        await pilot.pause()
        recorder.clear()
        plot.show(picture(7.0))
        await pilot.pause()
        assert recorder.drawn == []
        await app.pop_screen()
        await pilot.pause()
        assert shown(plot) == expected(plot, picture(7.0))


async def test_a_plot_below_a_dialog_that_lets_it_show_goes_on(recorder: Recorder) -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)) as pilot:
        plot = app.plot
        await app.push_screen(ModalScreen())
        await pilot.pause()
        recorder.clear()
        plot.show(picture(7.0))
        await pilot.pause()
        assert len(recorder.drawn) == 1
        await app.pop_screen()
        await pilot.pause()
        assert shown(plot) == expected(plot, picture(7.0))


async def test_a_plot_that_is_not_mounted_takes_pictures() -> None:
    plot = Plot()
    plot.show(picture(2.0))


async def test_roles_have_colours_and_unknown_roles_the_colour_of_text() -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)):
        colours = {name: app.plot.get_component_rich_style(name).color for name in Plot.COMPONENT_CLASSES}
        assert None not in colours.values()
        distinct = {colours[f"plot--{role}"] for role in ("truth", "train", "val", "test", "faint")}
        assert len(distinct) == 5
        app.plot.show(picture(role="no such role"))
        segments = [segment for y in range(app.plot.size.height) for segment in app.plot.render_line(y)]
        drawn = [segment.style for segment in segments if any("\u2801" <= mark <= "\u28ff" for mark in segment.text)]
        assert drawn
        assert set(drawn) == {app.plot.rich_style}


async def test_a_change_of_theme_recolours_without_drawing(recorder: Recorder) -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)) as pilot:
        dark = {segment.style for segment in app.plot.render_line(3)}
        recorder.clear()
        app.theme = "textual-light"
        await pilot.pause()
        assert {segment.style for segment in app.plot.render_line(3)} != dark
        assert recorder.drawn == []
        background = app.plot.background_colors[1].rich_color
        for row in range(app.plot.size.height):
            assert all(segment.style.bgcolor == background for segment in app.plot.render_line(row) if segment.style)


async def test_lines_are_kept_while_nothing_changes() -> None:
    app = PlotApp()
    async with app.run_test(size=(80, 24)):
        assert app.plot.render_line(2) is app.plot.render_line(2)
        kept = app.plot.render_line(app.plot.size.height - 1)
        app.plot.show(picture(4.0))
        assert app.plot.render_line(app.plot.size.height - 1) is kept


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_ascii_only_draws_without_braille(ascii_only: bool) -> None:
    app = PlotApp(ascii_only=ascii_only)
    async with app.run_test(size=(80, 24)):
        assert "".join(shown(app.plot)).isascii() is ascii_only
