"""Evaluation-only mode on the screen: surprise, baselines, prices with zoom, two models beside each other."""

from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from lstm_model.tasks.text.surprise import Passage
from lstm_model.training.trainer import Trainer
from lstm_tui.faces.stock.prices import PricesPane
from lstm_tui.faces.text.baselines import BaselinesPane, losses
from lstm_tui.faces.text.requests import SetTemperature
from lstm_tui.faces.text.surprise.pane import SurprisePane
from lstm_tui.faces.text.surprise.passage import CLASSES, PassageText, cell_text, class_of, named, rows_of
from lstm_tui.opening.opened import Opened
from lstm_tui.session import commands
from lstm_tui.widgets.charts.loss_chart import LossChart
from support.snapshots import stock_seen, text_seen
from support.stage import Stage
from support.stepped import tiny_launch, tiny_trainer

SIZE = (120, 40)


def trained(folder: Path, task: str = "text", steps: int = 3, **settings: object) -> Trainer:
    trainer = tiny_trainer(folder, task, **settings)
    for _ in range(steps):
        trainer.step()
    return trainer


async def settled(stage: Stage, pilot: Pilot[int]) -> None:
    """Wait until all that is measured at the start is shown."""
    stage.pilot = pilot
    await stage.until(lambda: stage.latest.figure.full_val_loss is not None and stage.latest.job is None)
    main = stage.app.main_screen
    await stage.until(lambda: main.shown is stage.latest, turns=0)


def passage_read(stage: Stage) -> Passage:
    """The passage that the model has read."""
    passage = text_seen(stage.latest).passage
    assert passage is not None
    return passage


def rival_stage(folder: Path, task: str = "text") -> Stage:
    (folder / "other").mkdir()
    other = trained(folder, task, seed=5)
    stage = Stage(folder, task, eval_only=True, against=Opened(other, None, folder / "other" / "best.safetensors"))
    stage.app.launch.trainer.step()
    return stage


def passage_of(stage: Stage) -> PassageText:
    return stage.app.main_screen.query_one("#passage", PassageText)


# Text


async def test_the_cursor_reads_a_character_its_bits_and_what_was_expected(tmp_path: Path) -> None:
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        await settled(stage, pilot)
        assert isinstance(stage.app.focused, SurprisePane)
        await pilot.press("right", "right", "down")
        passage, cursor = text_seen(stage.latest).passage, passage_of(stage).cursor
        assert passage is not None
        assert cursor > passage.text.index("\n")
        guess, share = passage.guesses(cursor)[0]
        read = stage.text("#surprise-reading")
        assert f"{named(passage.text[cursor])} {passage.bits[cursor]:.2f}" in read
        assert f"expected {named(guess)} {100 * share:.0f} %" in read
        assert all(words in read for words in CLASSES)


async def test_greater_than_goes_to_the_next_surprise_and_less_than_back(tmp_path: Path) -> None:
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        await settled(stage, pilot)
        places = np.flatnonzero(passage_read(stage).bits >= 4)
        await pilot.press("greater_than_sign", "greater_than_sign")
        assert passage_of(stage).cursor in places
        before = passage_of(stage).cursor
        await pilot.press("greater_than_sign", "less_than_sign")
        assert passage_of(stage).cursor == before


async def test_page_down_reads_the_next_passage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_model.tasks.text.surprise.read_passage.__defaults__", (60,))
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        await settled(stage, pilot)
        assert "passage 1 of 2" in str(stage.app.main_screen.query_one(SurprisePane).border_title)
        await stage.press("pagedown")
        await stage.until(lambda: passage_read(stage).number == 1)
        pane = stage.app.main_screen.query_one(SurprisePane)
        await stage.until(lambda: "passage 2 of 2" in str(pane.border_title))
        await stage.press("pagedown")  # there is no third
        assert passage_read(stage).number == 1


async def test_a_lets_the_model_learn_as_it_reads_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (("surprise", "read_passage"), ("adaptation.adaptive", "read_passage_adaptively")):
        monkeypatch.setattr(f"lstm_model.tasks.text.{module}.{name}.__defaults__", (60,))
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        await settled(stage, pilot)
        pane = stage.app.main_screen.query_one(SurprisePane)
        still = passage_read(stage).bits
        await stage.press("a")
        await stage.until(lambda: "passage 1 of 2, learning" in str(pane.border_title))
        beside = passage_read(stage).still_bits
        assert beside is not None
        np.testing.assert_array_equal(beside, still)
        assert f"{beside.mean():.2f} without learning" in str(pane.border_subtitle)
        assert f", still {beside[0]:.2f}" in stage.text("#surprise-reading")
        assert [name for name, _ in losses(stage.latest)][1:3] == ["passage", "learning"]
        await stage.press("pagedown")  # goes on learning
        await stage.until(lambda: "passage 2 of 2, learning" in str(pane.border_title))
        await stage.press("a")
        await stage.until(lambda: passage_read(stage).still is None)


async def test_a_change_of_temperature_writes_a_sample_at_once_and_drops_the_one_half_written(tmp_path: Path) -> None:
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        await settled(stage, pilot)
        before = len(text_seen(stage.latest).samples)
        session = stage.app.sessions.current
        for temperature in (0.9, 1.0, 1.1):
            session.request(commands.Ask(SetTemperature(temperature)))
        await stage.until(lambda: len(text_seen(stage.latest).samples) > before and stage.latest.job is None)
        assert [sample.temperature for sample in text_seen(stage.latest).samples[before:]] == [1.1]
        await stage.press("right_square_bracket")
        await stage.until(lambda: "temperature 1.2" in stage.text("#samples-text"))


def test_while_it_trains_a_change_of_temperature_writes_nothing(tmp_path: Path) -> None:
    stage = Stage(tmp_path, paused=True)
    session = stage.app.sessions.current
    session.request(commands.Ask(SetTemperature(1.0)))
    stage.hand.turn(20)
    assert text_seen(session.look()).temperature == 1.0
    assert text_seen(session.latest).samples == ()


async def test_the_legend_follows_the_theme(tmp_path: Path) -> None:
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        await settled(stage, pilot)
        pane = stage.app.main_screen.query_one(SurprisePane)

        def looks() -> list[object]:
            shown = stage.app.main_screen.query_one("#surprise-reading", Static).render()
            return [span.style for span in shown.spans][:5]  # type: ignore[union-attr]

        before = looks()
        assert before
        stage.app.theme = "lstm-light"
        await stage.until(lambda: looks() != before, turns=0)
        assert str(looks()[0]) != str(before[0])
        assert pane.query_one("#passage", PassageText).legend().spans[0].style != before[0]


async def test_baselines_stand_as_bars_beside_the_model(tmp_path: Path) -> None:
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        await settled(stage, pilot)
        stage.app.sessions.current.request(commands.TakeReferences((("unigram counts", 3.0), ("uniform", 4.0))))
        await stage.until(lambda: "unigram" in stage.text("#baselines-text"))
        this, unigram, uniform = list(filter(None, stage.text("#baselines-text").splitlines()))[:3]
        assert (this.split()[:2], unigram.split()[-1], uniform.split()[-1]) == (["this", "model"], "3.00", "4.00")
        assert uniform.count("█") > unigram.count("█") > 0


async def test_the_loss_chart_gives_way_and_comes_back_with_training(tmp_path: Path) -> None:
    for eval_only in (True, False):
        stage = Stage(tmp_path, eval_only=eval_only)
        async with stage.app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            main = stage.app.main_screen
            shown = [main.query_one(kind).display for kind in (LossChart, SurprisePane, BaselinesPane)]
            assert shown == [not eval_only, eval_only, eval_only]


def test_the_classes_differ_where_there_is_no_colour() -> None:
    bits = np.array([0, 0.99, 1, 1.99, 2, 3.99, 4, 7.99, 8, 50])
    assert class_of(bits).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


async def test_each_class_has_a_mark_beside_its_colour(tmp_path: Path) -> None:
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        await settled(stage, pilot)
        styles = [passage_of(stage).style_of(name) for name in ("0", "1", "2", "3", "4", "cursor")]
        marks = [(bool(style.bold), bool(style.underline), bool(style.reverse)) for style in styles]
        assert len(set(marks)) == len(marks)


def test_every_character_takes_a_cell_and_none_can_steer_the_terminal() -> None:
    assert [cell_text(c, ascii_only=False) for c in "a\n\t\x1b"] == ["a", "⏎", "→", "␛"]
    assert [cell_text(c, ascii_only=True) for c in "\n\t"] == ["$", ">"]
    assert cell_text("\u0301", ascii_only=False) == "◌\u0301"


def test_rows_end_at_new_lines_and_where_they_are_full() -> None:
    text = "abcdef\ngh"
    assert rows_of(text, list(text), 4) == [range(4), range(4, 7), range(7, 9)]
    wide = "日本語"
    assert rows_of(wide, list(wide), 4) == [range(2), range(2, 3)]
    assert rows_of("a", ["\\u202e"], 2) == [range(1)]  # wider than the row: still shown


# Prices


@pytest.mark.parametrize("eval_only", [True, False])
async def test_prices_can_be_zoomed_moved_and_read(tmp_path: Path, eval_only: bool) -> None:
    stage = Stage(tmp_path, "stock", eval_only=eval_only, paused=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: stock_seen(stage.latest).forecast is not None and stage.latest.job is None)
        pane = stage.app.main_screen.query_one(PricesPane)
        pane.focus()
        await stage.until(lambda: pane.last > 0, turns=0)
        await pilot.press("left", "up")
        start, stop = pane.view.span(pane.last)
        assert 0 < stop - start < pane.last
        await pilot.press("less_than_sign")
        assert pane.view.span(pane.last)[0] < start
        forecast = stock_seen(stage.latest).forecast
        assert forecast is not None
        paths = forecast.paths
        await pilot.press("end")
        day = round(pane.last)
        read = str(pane.border_subtitle)
        error = paths.predicted[day] - paths.closes[day]
        assert str(paths.dates[day]) in read
        assert f"true {paths.closes[day]:.2f}  predicted {paths.predicted[day]:.2f}, error {error:+.2f}" in read
        await pilot.press("escape", "escape")
        assert str(pane.border_subtitle).endswith("all days")
        await pilot.press("v")
        assert str(pane.border_subtitle).endswith("validation and test")


@pytest.mark.parametrize("eval_only", [True, False])
async def test_errors_day_by_day_stand_below_prices(tmp_path: Path, eval_only: bool) -> None:
    stage = Stage(tmp_path, "stock", eval_only=eval_only, paused=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: stock_seen(stage.latest).forecast is not None)
        pane = stage.app.main_screen.query_one(PricesPane)
        await stage.until(lambda: pane.last > 0)
        await pilot.pause()
        assert stage.app.main_screen.query_one("#residual-plot").display
        assert str(pane.border_subtitle).endswith("all days" if eval_only else "last 120 days")
        await pilot.press("v")
        assert str(pane.border_subtitle).endswith("validation and test" if eval_only else "all days")


async def test_the_verdict_is_whole_at_80_columns(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "stock", eval_only=True)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: bool(stock_seen(stage.latest).scores) and stage.latest.job is None)
        sentence = stock_seen(stage.latest).scores[-1].metrics["verdict"]
        await stage.until(lambda: sentence in " ".join(stage.text("#scores").split()), turns=0)
        scores = stage.app.main_screen.query_one("#scores")
        assert len(stage.text("#scores").splitlines()) <= scores.size.height


# Two models


async def test_two_text_models_read_one_passage_and_b_swaps_them(tmp_path: Path) -> None:
    stage = rival_stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.pilot = pilot
        await stage.until(
            lambda: stage.latest.rival is not None and stage.latest.rival.figure.full_val_loss is not None
        )
        await stage.until(lambda: stage.latest.job is None and stage.latest.rival.job is None)  # type: ignore[union-attr]
        main = stage.app.main_screen
        await stage.until(lambda: main.shown is stage.latest, turns=0)
        snapshot = stage.latest
        a, b = text_seen(snapshot).passage, text_seen(snapshot.rival).passage
        assert a is not None
        assert b is not None
        assert a.text == b.text
        read = stage.text("#surprise-reading")
        assert f"A {a.bits[0]:.2f} B {b.bits[0]:.2f}" in read
        assert f"B - A {b.bits[0] - a.bits[0]:+.2f} bits" in read
        assert [name for name, _ in losses(snapshot)[:2]] == ["model A", "model B"]
        assert "A = " not in stage.text("#title")  # the launch names no file
        await pilot.press("b")
        assert f"B {b.bits[0]:.2f} A {a.bits[0]:.2f}" in stage.text("#surprise-reading")
        assert "B = other/best.safetensors" in stage.text("#title")
        await pilot.press("b")
        assert f"A {a.bits[0]:.2f} B {b.bits[0]:.2f}" in stage.text("#surprise-reading")


async def test_two_models_of_prices_share_picture_and_table(tmp_path: Path) -> None:
    stage = rival_stage(tmp_path, "stock")
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.pilot = pilot
        await stage.until(
            lambda: bool(
                stage.latest.rival and stock_seen(stage.latest.rival).scores and stock_seen(stage.latest).scores
            )
        )
        pane = stage.app.main_screen.query_one(PricesPane)
        await stage.until(lambda: "Neither" in stage.text("#scores") or "better" in stage.text("#scores"))
        assert stage.text("#scores").splitlines()[0].split() == ["validation", "A", "B", "same"]
        pane.focus()
        await pilot.press("left")
        assert "  A " in str(pane.border_subtitle)
        assert "  B " in str(pane.border_subtitle)


async def test_what_is_asked_of_one_model_is_asked_of_the_other(tmp_path: Path) -> None:
    stage = rival_stage(tmp_path)
    async with stage.app.run_test(size=SIZE) as pilot:
        await settled(stage, pilot)
        await stage.press("right_square_bracket")
        await stage.until(lambda: text_seen(stage.latest.rival).temperature == 0.9)
        await stage.until(lambda: any(s.temperature == 0.9 for s in text_seen(stage.latest.rival).samples))


async def test_b_does_nothing_without_a_second_model(tmp_path: Path) -> None:
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=SIZE) as pilot:
        await settled(stage, pilot)
        assert stage.app.main_screen.check_action("swap", ()) is False
        assert tiny_launch(tmp_path, eval_only=True).against is None
