"""Surprise while the model trains: the passage in the place of the samples, read anew with each of them."""

from pathlib import Path

import numpy as np

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_model.tasks.text.looks import PassageRead, WatchPassage
from lstm_tui.faces.text.samples.pane import SamplesPane
from lstm_tui.faces.text.surprise.passage import PassageText
from lstm_tui.faces.text.surprise.watched import WatchedSurprisePane
from lstm_tui.session.commands import Look
from lstm_tui.session.snapshot import Status
from support.snapshots import text_seen
from support.stage import Stage, opened, toasts
from support.stepped import tiny_trainer


def done(run: Run) -> list[PassageRead]:
    """Work until nothing waits, and give what was read."""
    events = []
    while run.job:
        events += run.work()
    return [event for event in events if isinstance(event, PassageRead)]


def test_a_watched_passage_is_read_at_once_and_with_each_look_and_changes_no_bit_of_the_training(
    tmp_path: Path,
) -> None:
    run, alone = (Run(tiny_trainer(tmp_path, validate_every=10_000), None, Plan(look_length=5)) for _ in range(2))
    run.ask(WatchPassage(0))
    (first,) = done(run)
    for _ in range(3):
        run.step()
        alone.step()
    run.look()
    (second,) = done(run)
    assert (first.passage.step, second.passage.step) == (0, 3)
    assert first.passage.text == second.passage.text
    assert not np.array_equal(first.passage.bits, second.passage.bits)
    run.ask(WatchPassage(None))
    run.look()
    assert done(run) == []
    run.step()
    alone.step()
    assert np.array_equal(run.trainer.model.parameters.flat, alone.trainer.model.parameters.flat)


async def test_r_shows_it_for_the_samples_also_while_paused_and_again_the_samples(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(100, 30)) as pilot:
        await opened(stage, pilot)
        main = stage.app.main_screen
        pane, samples = main.query_one(WatchedSurprisePane), main.query_one(SamplesPane)
        assert (pane.display, samples.display) == (False, True)
        await stage.press("p")
        await stage.until(lambda: stage.latest.status is Status.PAUSED and stage.latest.job is None)
        await pilot.press("r")
        await stage.until(lambda: text_seen(stage.latest).passage is not None and pane.has_focus)
        assert (pane.display, samples.display) == (True, False)
        passage = text_seen(stage.latest).passage
        assert passage is not None
        await stage.until(lambda: f"step {passage.step:,}" in str(pane.border_subtitle))
        await stage.press("right", "right", "down")
        text = pane.query_one("#watched-passage", PassageText)
        assert text.cursor > 2
        reading = str(pane.query_one("#watched-surprise-reading").render())
        assert f"{passage.bits[text.cursor]:.2f}" in reading  # a number: nothing is said by colour alone
        assert reading.count("%") == 3  # and the likeliest next characters
        cursor = text.cursor
        await stage.press("p")
        await stage.until(lambda: stage.latest.figure.step > passage.step)
        stage.app.sessions.current.request(Look())
        await stage.until(lambda: (now := text_seen(stage.latest).passage) is not None and now.step > passage.step)
        await stage.until(lambda: text_seen(stage.latest).passage is pane.passage)
        assert text.cursor == cursor
        await stage.press("r")
        await stage.until(lambda: samples.has_focus and text_seen(stage.latest).watched is None)
        assert (pane.display, samples.display) == (False, True)


async def test_where_nothing_trains_the_key_says_so(tmp_path: Path) -> None:
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=(100, 30)) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: text_seen(stage.latest).passage is not None)
        await pilot.press("r")
        assert toasts(stage.app) == ["r: nothing trains here"]
        assert not stage.app.main_screen.query_one(WatchedSurprisePane).display
