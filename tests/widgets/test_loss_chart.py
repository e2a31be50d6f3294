"""The loss chart: nothing is hidden, limits stay put, the cursor reads exact values, keys move the window."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from textual.app import App, ComposeResult

from lstm_model.curves.history import Curve, Mark, smoothed
from lstm_tui.charts.picture import draw
from lstm_tui.charts.view import ALL, RECENT_PART
from lstm_tui.session.snapshot import Figure, Snapshot
from lstm_tui.widgets.charts.loss_chart import LossChart
from lstm_tui.widgets.charts.loss_picture import PictureSettings, against, loss_picture, losses_at, smoothing
from support.snapshots import changed

PLAIN = PictureSettings()


def snapshot_of(losses: Iterable[float], val: Iterable[tuple[int, float]] = (), **more: object) -> Snapshot:
    """A snapshot with these training losses from step 1 on."""
    train, points = Curve(), Curve()
    for step, loss in enumerate(losses, 1):
        train.add(step, loss)
    for step, loss in val:
        points.add(step, loss)
    snapshot = Snapshot.waiting("text", eval_only=False)
    return changed(snapshot, train=train.buckets(), val=points.buckets(), **more)


def falling(count: int = 400) -> np.ndarray:
    return 1 + 3 * np.exp(-np.arange(count) / 60)


def rows_of(snapshot: Snapshot, look: PictureSettings = PLAIN, size: tuple[int, int] = (80, 20)) -> list[str]:
    return ["".join(text for text, _ in row) for row in draw(loss_picture(snapshot, look), *size, look.ascii_only)]


def roles_of(snapshot: Snapshot, look: PictureSettings = PLAIN) -> set[str]:
    rows = draw(loss_picture(snapshot, look), 80, 20)
    return {role for row in rows for text, role in row if role and text.strip()}


def test_a_spike_leaves_the_limits_alone_and_is_an_arrow_at_the_edge() -> None:
    losses = falling()
    calm = loss_picture(snapshot_of(losses)).y_limits
    losses[200] = 1000.0
    spiked = snapshot_of(losses)
    assert loss_picture(spiked).y_limits == calm
    assert "↑" in rows_of(spiked)[1]
    assert "^" in rows_of(spiked, PictureSettings(ascii_only=True))[1]
    assert "↑" not in rows_of(snapshot_of(falling()))[1]


def test_no_spike_is_lost_when_buckets_are_wide() -> None:
    losses = np.full(50_000, 2.0)
    losses[30_000] = 2.5
    [raw, *_] = loss_picture(snapshot_of(losses)).series
    assert raw.y.max() == 2.5


@pytest.mark.parametrize("log_scale", [False, True])
def test_limits_stay_while_the_curve_grows_a_little(log_scale: bool) -> None:
    losses, look = falling(600), PictureSettings(log_scale=log_scale)
    seen = {loss_picture(snapshot_of(losses[:n]), look).y_limits for n in range(500, 600, 5)}
    assert len(seen) <= 2


def test_the_smooth_line_does_not_move_where_it_stands_while_the_curve_grows() -> None:
    losses = falling(1000) + np.random.default_rng(1).normal(0, 0.1, 1000)
    short, long = (smoothed(losses[:n], smoothing(n)) for n in (700, 900))
    np.testing.assert_allclose(short, long[:700], rtol=1e-14)  # sums in vectors of other lengths


def test_a_loss_that_is_no_number_is_a_gap_in_every_curve() -> None:
    losses = falling(40)
    losses[20] = np.nan
    for series in loss_picture(snapshot_of(losses)).series[:2]:
        assert np.isnan(series.y).any()
        assert np.isfinite(series.y).sum() >= 38


def test_best_value_saves_and_rate_changes_are_marked() -> None:
    marks = (Mark(50, "saved"), Mark(100, "rate"), Mark(150, "back"))
    figure = Figure(best_val_loss=1.2, best_step=300)
    snapshot = snapshot_of(falling(), [(100, 2.0), (300, 1.2)], marks=marks, figure=figure)
    axis = rows_of(snapshot)[-2]
    assert [axis.count(mark) for mark in "▲◆◀"] == [1, 1, 1]
    assert axis.index("▲") < axis.index("◆") < axis.index("◀")
    assert "★" in "".join(rows_of(snapshot)[1:])
    plain = rows_of(snapshot, PictureSettings(ascii_only=True))
    assert "".join(plain).isascii()
    assert [plain[-2].count(mark) for mark in "^r<"] == [1, 1, 1]


def test_few_validations_are_points_and_many_a_line() -> None:
    for count, kind in ((5, "points"), (100, "line")):
        val = [(4 * k, 2.0) for k in range(1, count + 1)]
        [series] = [s for s in loss_picture(snapshot_of(falling(), val)).series if s.label == "validation"]
        assert series.kind == kind


def test_the_previous_run_is_a_faint_curve_that_stretches_nothing() -> None:
    snapshot = snapshot_of(falling())
    ghost = snapshot_of(falling(5000) + 50).curves.train
    picture = loss_picture(snapshot, PictureSettings(ghost=ghost))
    assert picture.y_limits == loss_picture(snapshot).y_limits
    assert picture.x_limits == loss_picture(snapshot).x_limits
    near = snapshot_of(falling(5000) * 0.9).curves.train
    assert "ghost" in roles_of(snapshot, PictureSettings(ghost=near))
    assert "ghost" not in roles_of(snapshot)


def test_the_cursor_reads_exact_values() -> None:
    snapshot = snapshot_of([3.0, 2.5, 2.25, 2.0], [(2, 2.75)], marks=(Mark(3, "rate"),))
    assert losses_at(snapshot, 3.2) == "step 3  loss 2.2500  val 2.7500 at 2  rate changed"
    assert losses_at(snapshot, 1.0) == "step 1  loss 3.0000"
    wide = snapshot_of(np.tile([1.0, 2.0], 3000))
    assert "(1.0000 to 2.0000)" in losses_at(wide, 100)
    assert losses_at(snapshot_of([]), 0.0) == ""


class ChartApp(App[None]):
    def compose(self) -> ComposeResult:
        yield LossChart()

    @property
    def chart(self) -> LossChart:
        return self.query_one(LossChart)


async def test_arrows_move_a_cursor_from_the_newest_step_and_escape_takes_it_away() -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 20)) as pilot:
        app.chart.show(snapshot_of(falling()))
        await pilot.press("left")
        assert app.chart.look.cursor == 400
        assert "step 400" in str(app.chart.border_subtitle)
        await pilot.press("left", "left")
        assert app.chart.look.cursor is not None
        assert 380 < app.chart.look.cursor < 400
        await pilot.press("home")
        assert "step 1 " in str(app.chart.border_subtitle)
        await pilot.press("escape")
        assert app.chart.look.cursor is None
        assert app.chart.border_subtitle == "all"


async def test_up_and_down_zoom_and_the_window_moves_and_comes_back() -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 20)) as pilot:
        app.chart.show(snapshot_of(falling()))
        await pilot.press("up")
        assert app.chart.look.view.span(400) == (200, 400)
        assert app.chart.border_subtitle == "zoomed"
        await pilot.press("<")
        assert app.chart.look.view.span(400) == (150, 350)
        await pilot.press("home")  # the cursor takes the window with it
        assert app.chart.look.view.span(400)[0] == 0
        await pilot.press("escape", "escape")
        assert app.chart.look.view == ALL


async def test_every_key_before_the_first_point_is_harmless() -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 20)) as pilot:
        for shown in (None, snapshot_of([])):
            if shown is not None:
                app.chart.show(shown)
            await pilot.press("left", "right", "up", "down", "<", ">", "home", "end", "escape")
            app.chart.next_view()
            app.chart.toggle_log()
            app.chart.show_ghost(None)
        assert app.chart.look.cursor is None


async def test_a_switch_of_task_drops_the_window_and_keeps_the_scale() -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 20)) as pilot:
        app.chart.show(snapshot_of(falling()))
        await pilot.press("up", "left")
        app.chart.toggle_log()
        app.chart.show(replace(snapshot_of(falling()), task="stock"))
        assert (app.chart.look.view, app.chart.look.cursor, app.chart.look.log_scale) == (ALL, None, True)
        app.chart.next_view()
        assert app.chart.look.view == RECENT_PART


def test_raw_values_that_scatter_are_a_backdrop_and_limits_follow_what_is_smoothed() -> None:
    rng = np.random.default_rng(0)
    losses = list(1.0 + rng.exponential(0.8, 400) - 0.8)
    snapshot = changed(snapshot_of(losses, [(200, 0.449), (400, 0.447)]), references=(("no change", 0.448),))
    picture = loss_picture(snapshot)
    assert picture.y_limits is not None
    low, high = picture.y_limits
    assert low <= 0.447
    assert high < np.percentile(losses, 95)
    [faint] = [series for series in picture.series if series.role == "faint"]
    assert np.mean((faint.y >= np.percentile(losses, 10)) & (faint.y <= np.percentile(losses, 90))) == 1
    measured = changed(snapshot, figure=Figure(val_loss=0.447))
    assert against(measured) == "validation -0.2% against no change"


def test_raw_values_of_a_curve_that_falls_keep_their_spikes() -> None:
    losses = [4.0 * 0.99**k for k in range(300)]
    losses[150] = 9.0
    [faint] = [series for series in loss_picture(snapshot_of(losses, [])).series if series.role == "faint"]
    assert faint.y.max() == 9.0
