"""Samples in columns by temperature on a broad screen, and one at a time on others."""

from pathlib import Path

import pytest

from lstm_model.tasks.text.looks import spread_around
from lstm_model.tasks.text.writing.sample import Sample
from lstm_tui.faces.text.samples.columns import SampleColumns
from lstm_tui.faces.text.samples.pane import SamplesPane
from lstm_tui.faces.text.samples.walk import Page, columns_of
from lstm_tui.session.commands import Look, Pause
from support.snapshots import text_seen
from support.stage import Stage, opened, rows


@pytest.mark.parametrize(
    ("chosen", "written"),
    [(0.8, (0.5, 1.1, 0.8)), (0.2, (0.0, 0.5, 0.2)), (0.0, (0.3, 0.0)), (3.0, (2.7, 3.3, 3.0))],
)
def test_the_temperature_that_is_set_stands_between_a_safer_and_a_bolder_one(
    chosen: float, written: tuple[float, ...]
) -> None:
    assert spread_around(chosen) == written


def test_a_column_holds_one_temperature_the_newest_on_top_and_three_stand_beside_each_other() -> None:
    samples = [Sample(step, t, "p", "text") for step in (1, 2, 3) for t in (0.5, 1.1, 0.8)]
    old = [Sample(0, 2.0, "p", "text")]
    page = Page(None, 10, 9, True, samples[-1], tuple(reversed(old + samples[:-1])))
    columns = columns_of(page)
    assert [column[0].temperature for column in columns] == [0.5, 0.8, 1.1]
    assert [[sample.step for sample in column] for column in columns] == [[3, 2, 1]] * 3


async def test_from_160_columns_on_a_look_writes_three_samples_beside_each_other_and_below_one(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(160, 45)) as pilot:
        await opened(stage, pilot)
        session = stage.app.sessions.current
        session.request(Pause())
        pane = stage.app.main_screen.query_one(SamplesPane)
        await stage.until(lambda: text_seen(stage.latest).spread)
        there = len(text_seen(stage.latest).samples)
        session.request(Look())
        await stage.until(lambda: len(text_seen(stage.latest).samples) == there + 3)
        await stage.until(lambda: pane.has_class("-columns") and not pane.is_reading)
        await stage.until(lambda: any("temperature 0.5, step" in row for row in rows(stage.app)))
        shown = next(row for row in rows(stage.app) if "temperature 0.5, step" in row)
        assert shown.index("temperature 0.5") < shown.index("temperature 0.8") < shown.index("temperature 1.1")
        position = str(pane.border_subtitle)
        pane.focus()
        await pilot.press("comma")
        await stage.until(lambda: str(pane.border_subtitle) != position or there < 3)
        await pilot.resize_terminal(120, 40)
        await stage.until(lambda: not text_seen(stage.latest).spread)
        assert not pane.query_one(SampleColumns).display
        there = len(text_seen(stage.latest).samples)
        session.request(Look())
        await stage.until(lambda: len(text_seen(stage.latest).samples) == there + 1 and stage.latest.job is None)
