"""The app, pressed key by key over sessions that step on command; a few tests with the real thread."""

from pathlib import Path

import pytest
from textual.widgets import DataTable, Input

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.settings.known_tasks import KINDS
from lstm_model.tasks.text.task import TextTask
from lstm_tui.app import LstmApp
from lstm_tui.faces.stock.prices import PricesPane
from lstm_tui.faces.text.samples.pane import SamplesPane
from lstm_tui.faces.text.samples.prompt import PromptScreen, escaped, unescaped
from lstm_tui.keys.table import KEYS
from lstm_tui.opening.launch import Launch
from lstm_tui.screens.help import HelpScreen
from lstm_tui.screens.saved.load import LoadScreen
from lstm_tui.session.snapshot import Status
from lstm_tui.widgets.charts.loss_chart import LossChart
from lstm_tui.widgets.figures import FiguresPane
from lstm_tui.widgets.pane import Pane
from lstm_tui.widgets.status import StatusLine
from support.snapshots import text_seen
from support.stage import Stage, opened, toasts
from support.stepped import tiny_launch, tiny_trainer


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture(autouse=True)
def saves_in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path))


async def test_it_opens_training_and_the_figures_move(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        assert "TRAINING" in stage.status
        assert "text" in stage.status
        step = stage.latest.figure.step
        await stage.until(lambda: f"{step + 5:,}" in stage.text("#figures-text"))
        assert "pages.txt" in stage.text("#title")


@pytest.mark.parametrize("key", ["space", "p"])
async def test_pause_stops_before_the_next_step_and_the_same_key_goes_on(stage: Stage, key: str) -> None:
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        await stage.press(key)
        assert stage.status.lstrip().startswith("PAUSED")
        step = stage.latest.figure.step
        stage.hand.turn(5)
        assert stage.app.sessions.current.look().figure.step == step
        await stage.press(key)
        await stage.until(lambda: "TRAINING" in stage.status and stage.latest.figure.step > step)


async def test_g_writes_a_sample_with_its_step_temperature_and_prompt(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        await stage.press("g")
        await stage.until(lambda: "temperature 0.8, prompt" in stage.text("#samples-text"))
        assert stage.text("#samples-text").startswith("step ")


async def test_a_prompt_is_edited_in_a_dialog_and_used(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        await pilot.press("i")
        assert isinstance(stage.app.screen, PromptScreen)
        field = stage.app.screen.query_one(Input)
        assert field.value == r"\n\nSYNOPSIS\n"
        field.value = r"NAME\n"
        await stage.press("enter")
        await stage.until(lambda: any(sample.prompt == "NAME\n" for sample in text_seen(stage.latest).samples))


async def test_brackets_change_the_temperature_and_signs_the_rate(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        await stage.press("left_square_bracket", "left_square_bracket")
        await stage.until(lambda: text_seen(stage.latest).temperature in (0.6, 0.7))
        rate = stage.latest.figure.base_rate
        await stage.press("plus")
        assert stage.latest.figure.base_rate == pytest.approx(1.25 * rate)
        await stage.press("minus")
        assert stage.latest.figure.base_rate == pytest.approx(rate)


async def test_s_saves_under_the_number_of_the_step_and_says_where(stage: Stage, tmp_path: Path) -> None:
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        await stage.press("space", "s")
        await stage.until(lambda: bool(list((tmp_path / "run").glob("step-*.safetensors"))))
        assert any("saved step" in notice.text for notice in stage.latest.notices)


async def test_e_measures_the_whole_validation_part(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        await stage.press("e")
        await stage.until(lambda: "whole part" in stage.text("#figures-text"))


async def test_t_switches_to_prices_and_back_to_the_same_text_run(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        await stage.press("t")
        await stage.until(lambda: "stock" in stage.status and "RMSE" in stage.text("#scores"))
        assert stage.app.main_screen.query_one(PricesPane).display
        assert not stage.app.main_screen.query_one(SamplesPane).display
        assert "next day" in stage.text("#scores")
        left_at = stage.hand.sessions[0].latest.figure.step
        for _ in list(KINDS)[1:]:
            await stage.press("t")
        await stage.until(lambda: "text" in stage.status and stage.latest.figure.step > left_at)
        assert len(stage.hand.sessions) == len(KINDS)


async def test_l_lists_saves_and_enter_loads_the_one_under_the_cursor(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        await stage.press("space", "s")
        saved_at = stage.latest.figure.step
        await stage.press("space")
        await stage.until(lambda: stage.latest.figure.step > saved_at + 3)
        await stage.press("space", "l")
        assert isinstance(stage.app.screen, LoadScreen)
        table = stage.app.screen.query_one(DataTable)
        await stage.until(lambda: table.row_count > 0)
        files = [Path(str(row.value)).stem for row in table.rows]
        table.move_cursor(row=files.index(f"step-{saved_at:06d}"))
        await pilot.press("enter")
        await stage.until(lambda: stage.latest.figure.step == saved_at)


async def test_v_and_y_change_the_view_of_the_chart(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        chart = stage.app.main_screen.query_one(LossChart)
        assert chart.border_subtitle == "all"
        await pilot.press("v", "y")
        assert chart.border_subtitle == "recent, log"


async def test_z_gives_the_focused_pane_the_screen_and_keeps_the_status_line(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        figures = stage.app.main_screen.query_one(FiguresPane)
        figures.focus()
        await pilot.press("z")
        assert stage.app.screen.maximized is figures
        assert stage.app.main_screen.query_one(StatusLine).region.height == 1
        await pilot.press("z")
        assert stage.app.screen.maximized is None


async def test_help_lists_every_key_of_the_table(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 60)) as pilot:
        await opened(stage, pilot)
        await pilot.press("question_mark")
        assert isinstance(stage.app.screen, HelpScreen)
        svg = stage.app.export_screenshot().replace("&#160;", " ")
        for key in KEYS:
            assert key.meaning.split(";")[0][:20].lower() in svg.lower()
        await pilot.press("escape")
        assert not isinstance(stage.app.screen, HelpScreen)


async def test_every_key_is_in_the_command_palette(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        offered = {command.title for command in stage.app.get_system_commands(stage.app.screen)}
        swap = next(key.meaning for key in KEYS if key.action == "swap")  # there is no second model
        assert {key.meaning for key in KEYS} - offered == {"Go on after a pause", swap}
        await stage.press("p")
        offered = {command.title for command in stage.app.get_system_commands(stage.app.screen)}
        assert {key.meaning for key in KEYS} - offered == {"Pause the training", swap}


async def test_every_key_before_the_first_step_is_harmless(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        stage.pilot = pilot
        for key in KEYS:
            if key.action != "quit":
                await pilot.press(key.keys.split(",")[0])
                await pilot.press("escape")
        await stage.until(lambda: stage.latest.figure.step > 0 or stage.latest.status is Status.PAUSED)
        assert not any(notice.severity == "error" for notice in stage.latest.notices)


async def test_keys_of_the_other_task_are_not_offered(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "stock")
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        screen = stage.app.main_screen
        assert not screen.check_action("of_task", ("edit_prompt",))
        assert screen.check_action("pause", ())


async def test_evaluation_only_shows_the_model_and_offers_no_training(tmp_path: Path) -> None:
    stage = Stage(tmp_path, eval_only=True)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: "EVAL-ONLY" in stage.status and stage.latest.figure.full_val_loss is not None)
        await stage.press("space", "s")
        assert stage.status.lstrip().startswith("EVAL-ONLY")
        assert stage.latest.figure.step == 0
        assert not stage.app.main_screen.check_action("pause", ())
    assert not (tmp_path / "run").exists()


async def test_an_idle_session_still_gets_its_chart_drawn(tmp_path: Path) -> None:
    stage = Stage(tmp_path, paused=True)
    for _ in range(5):
        stage.app.launch.trainer.step()
    async with stage.app.run_test(size=(120, 40)) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: stage.latest.number > 0)
        run = stage.hand.sessions[0].run
        assert run is not None
        while run.job:
            stage.hand.turn()
        await stage.until(lambda: "training" in stage.app.export_screenshot(), turns=0)


async def test_quitting_saves_and_says_where_and_how_to_go_on(stage: Stage, tmp_path: Path) -> None:
    async with stage.app.run_test() as pilot:
        await opened(stage, pilot)
        await pilot.press("q")
        await stage.until(lambda: not stage.app.is_running)
    assert (tmp_path / "run" / "last.safetensors").exists()
    *_, line = stage.app.sessions.farewell()
    assert f"lstm-tui --load {tmp_path / 'run'}" in line


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60), (300, 100)])
@pytest.mark.parametrize("task", ["text", "stock"])
async def test_every_pane_has_room_at_usual_sizes(tmp_path: Path, size: tuple[int, int], task: str) -> None:
    stage = Stage(tmp_path, task)
    async with stage.app.run_test(size=size) as pilot:
        await opened(stage, pilot)
        below = SamplesPane if task == "text" else PricesPane
        figures = () if size[0] < 72 else (FiguresPane,)  # the status line has the dearest of them
        for pane in (LossChart, *figures, below, StatusLine):
            region = stage.app.main_screen.query_one(pane).region
            assert region.height >= 1
            assert region.right <= size[0]
            assert region.bottom <= size[1]
        assert not stage.app.main_screen.query_one(FiguresPane).region.overlaps(
            stage.app.main_screen.query_one(below).region
        )


async def test_on_a_low_terminal_tab_brings_one_pane_after_the_other_to_the_front(stage: Stage) -> None:
    async with stage.app.run_test(size=(60, 16)) as pilot:
        await opened(stage, pilot)
        main = stage.app.main_screen

        def visible() -> list[type[Pane]]:
            return [type(pane) for pane in main.query(Pane) if pane.region.area]

        for kind in (LossChart, FiguresPane, SamplesPane, LossChart):
            assert visible() == [kind]
            assert main.query_one(kind).region.height >= 10
            await pilot.press("tab")
            await pilot.pause()
        await pilot.press("shift+tab", "shift+tab", "t")
        await stage.until(lambda: "stock" in stage.status)
        assert visible()


async def test_a_resize_at_any_moment_keeps_what_is_shown(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        for size in ((60, 16), (30, 8), (300, 100), (40, 10), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            step = stage.latest.figure.step
            await stage.until(lambda step=step: stage.latest.figure.step > step)  # type: ignore[misc]
        await stage.until(lambda: f"step {stage.latest.figure.step:,}" in stage.status)


@pytest.mark.parametrize("size", [(39, 30), (100, 9), (10, 3)])
async def test_below_the_smallest_size_one_line_says_so(stage: Stage, size: tuple[int, int]) -> None:
    async with stage.app.run_test(size=size) as pilot:
        stage.pilot = pilot
        await stage.until(lambda: stage.latest.figure.step > 2)
        assert f"too small: {size[0]}x{size[1]}, needs 40x10" in stage.text("#too-small")
        assert stage.app.main_screen.query_one("#too-small").region.area
        assert not any(pane.region.area for pane in stage.app.main_screen.query(Pane))


async def test_what_a_model_writes_cannot_steer_the_terminal(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        await stage.press("space")
        run = stage.app.sessions.current.run
        assert run is not None
        assert isinstance(run.trainer.task, TextTask)
        run.trainer.task.corpus.vocabulary.characters = "\x1b[m\u202e" * 20  # whatever it draws is hostile
        await stage.press("g")
        await stage.until(lambda: bool(text_seen(stage.latest).samples))
        await stage.until(lambda: "step" in stage.text("#samples-text"))
        shown = stage.text("#samples-text")
        assert "\x1b" not in shown
        assert "\u202e" not in shown


async def test_with_the_real_thread_it_trains_pauses_and_saves(tmp_path: Path) -> None:
    app = LstmApp(tiny_launch(tmp_path))
    async with app.run_test() as pilot:
        session = app.sessions.current
        while session.look().figure.step < 20:
            await pilot.pause(0.01)
        await pilot.press("space")
        while session.latest.status is not Status.PAUSED:
            await pilot.pause(0.01)
        await pilot.press("q")
        assert session.join(10)
    assert (tmp_path / "run" / "last.safetensors").exists()


async def test_a_run_with_another_cell_is_named_trained_sampled_and_saved(tmp_path: Path) -> None:
    run = RunFolder.new("text", tmp_path / "run")
    stage = Stage.of(Launch(tiny_trainer(tmp_path, cell="gru"), run, Plan(look_length=30, autosave=1e9)))
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await opened(stage, pilot)
        assert "default gru 1x8" in stage.text("#title")
        step = stage.latest.figure.step
        await stage.press("g")
        await stage.until(lambda: bool(text_seen(stage.latest).samples) and stage.latest.figure.step > step)
        await stage.press("s")
        await stage.until(lambda: any(run.path.glob("step-*.safetensors")))


@pytest.mark.parametrize("prompt", ["\n\n\n", "a\\nb", "tab\there", "\\", "plain", "\\\\n\n"])
def test_an_escaped_prompt_comes_back_as_it_was(prompt: str) -> None:
    assert unescaped(escaped(prompt)) == prompt
    assert "\n" not in escaped(prompt)


async def test_b_shows_the_curve_of_the_run_before_and_says_when_there_is_none(stage: Stage, tmp_path: Path) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(stage, pilot)
        chart = stage.app.main_screen.query_one(LossChart)
        await pilot.press("b")
        await stage.until(lambda: any("no other text run" in said for said in toasts(stage.app)))
        before = tiny_trainer(tmp_path)
        before.step()
        RunFolder.new("text", tmp_path / "earlier").save(before)
        await pilot.press("b")
        await stage.until(lambda: chart.look.ghost is not None)
        assert "beside earlier" in str(chart.border_subtitle)
        await pilot.press("b")
        assert chart.look.ghost is None


async def test_a_wider_terminal_shows_more_of_a_status_that_stands_still(stage: Stage) -> None:
    async with stage.app.run_test(size=(45, 24)) as pilot:
        await opened(stage, pilot)
        await stage.press("p")
        assert "chars/s" not in stage.status
        await pilot.resize_terminal(140, 24)
        await stage.until(lambda: "chars/s" in stage.status, turns=0)
