"""The load dialog: nothing is cut at usual sizes, the preview follows the cursor, and it waits for nothing."""

import os
import shutil
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from lstm_model.runs.folder import RunFolder
from lstm_model.runs.saves import Saved, list_saves
from lstm_model.runs.story import read_story
from lstm_tui.app import LstmApp
from lstm_tui.screens.saved import listing
from lstm_tui.screens.saved.load import LoadScreen
from lstm_tui.widgets.charts.plot import Plot
from lstm_tui.widgets.saves import LEAST_RUN, SavesTable, _cells, columns_that_fit
from support.stage import dialog, toasts
from support.stepped import Hand, tiny_launch, tiny_trainer

SIZES = [(60, 20), (80, 24), (120, 40), (160, 45)]
SAMPLE = "--- step 6  temperature 0.8  prompt ' '\n[bold]ls\x1b[31m - list   \n    [OPTION]...\n\n"


@pytest.fixture
def usual(here: Path) -> Path:
    """Five runs with usual names and large steps under saves/; gives the newest."""
    for age, (task, second) in enumerate([("text", 1), ("stock", 2), ("text", 3), ("stock", 4), ("text", 5)]):
        trainer = tiny_trainer(here, task)
        for _ in range(4):
            trainer.step()
        trainer.record_validation(1.2345)
        trainer.steps = 987_654
        folder = RunFolder.new(task, here / "saves" / f"{task}-20261125-10000{second}-2")
        for kind in ("last", "best", "step"):
            path = folder.save(trainer, kind)
            at = time.time() - (59 - age) * 60 - 30
            os.utime(path, (at, at))
        (folder.path / "samples.txt").write_text(SAMPLE)
    return folder.path


# What is shown


@pytest.mark.parametrize("size", SIZES)
async def test_what_matters_is_uncut_and_nothing_scrolls_sideways(size: tuple[int, int], usual: Path) -> None:
    async with dialog(size) as shown:
        table = shown.table
        assert table.virtual_size.width <= table.scrollable_content_region.width
        assert "…" not in "".join(str(cell) for row in table.rows for cell in table.get_row(row))
        first = next(line for line in shown.lines if "last " in line)
        for word in ("20261125-100005-2", "last", "987,654", "1.23", "55 min"):  # run, file, step, val, age
            assert word in first, first
        assert "step-987654" in shown.text
        assert "text" in first
        assert "escape closes" in shown.lines[-1] or size[1] > 30


@pytest.mark.parametrize("size", SIZES)
async def test_the_preview_lies_beside_the_list_or_below_it_with_room_for_both(
    size: tuple[int, int], usual: Path
) -> None:
    async with dialog(size) as shown:
        listed, preview = shown.table.region, shown.preview.region
        beside = size[0] >= 112
        assert (preview.x >= listed.right) == beside
        assert (preview.y >= listed.bottom) != beside
        assert listed.height >= 6  # five rows and the head
        assert preview.right <= size[0]
        assert preview.bottom <= size[1]
        plot = shown.screen.query_one(Plot).region
        assert preview.contains_region(plot)
        for fact in (
            "1x8, preset default",
            "2 x 5, seed 1",
            "pages.txt",
            "987,654 in 0:00",
            "1.2345 at 4",
            "55 min old",
        ):
            assert fact in shown.text, fact


async def test_on_a_very_low_screen_the_list_has_it_all(usual: Path) -> None:
    async with dialog((80, 14)) as shown:
        assert not shown.preview.display
        assert shown.table.region.height >= 10


def test_columns_fit_any_width_and_the_run_takes_what_is_left(usual: Path) -> None:
    rows = [_cells(entry, time.time(), ()) for entry in list_saves()]
    for width in range(44, 200):
        gap, widths = columns_that_fit(rows, width)
        assert sum(widths.values()) + gap * (len(widths) - 2) + ("task" in widths) == width
        for name, wide in widths.items():
            assert wide >= (LEAST_RUN if name.endswith("run") else max(cell_len(row[name]) for row in rows))


async def test_a_new_size_chooses_columns_and_place_again_and_the_cursor_stays(usual: Path) -> None:
    async with dialog((160, 45)) as shown:
        await shown.press("down", "down")
        name = await shown.told()
        assert "loss  " in shown.lines[4]
        await shown.pilot.resize_terminal(60, 20)
        await shown.until(lambda: shown.preview.region.y >= shown.table.region.bottom)
        await shown.until(lambda: "loss" not in shown.lines[2] and "age" in shown.lines[2])
        assert await shown.told() == name
        assert shown.table.virtual_size.width <= shown.table.scrollable_content_region.width


async def test_the_run_on_the_screen_is_marked_and_named(usual: Path) -> None:
    async with dialog(current=usual) as shown:
        marked = [str(shown.table.get_row(row)[0]).strip() for row in shown.table.rows]
        assert marked == ["*"] * 3 + [""] * 12
        assert "last, on the screen" in shown.text


async def test_text_from_files_is_shown_and_neither_obeyed_nor_wrapped(runs: dict[str, Path]) -> None:
    hostile = runs["text"].with_name("[red]x\x1b[0m y")
    runs["text"].rename(hostile)
    (hostile / "samples.txt").write_text(SAMPLE)
    async with dialog() as shown:
        await shown.until(lambda: "[bold]ls" in shown.text)
        assert "\x1b" not in shown.text
        assert "[red]x␛[0m y" in shown.text
        ends = [line.rstrip(" │") for line in shown.lines]
        assert any(line.endswith("[bold]ls␛[31m - list") for line in ends)
        assert any(line.endswith("    [OPTION]...") for line in ends)


async def test_without_saves_it_says_where_they_come_from(here: Path) -> None:
    async with dialog() as shown:
        assert "no saved runs in saves yet" in shown.text
        assert "every minute" in shown.text
        assert not shown.preview.region
        await shown.press("down", "enter", "escape")
        assert shown.answers == [None]


# Keys and mouse


async def test_the_preview_follows_the_cursor(usual: Path) -> None:
    async with dialog((80, 24)) as shown:
        for key, row in (("down", 1), ("end", 14), ("home", 0), ("pagedown", None), ("pageup", 0), ("up", 0)):
            await shown.press(key)
            name = await shown.told()
            assert name in shown.text
            assert row is None or shown.table.cursor_row == row


async def test_enter_gives_the_row_under_the_cursor(runs: dict[str, Path]) -> None:
    async with dialog() as shown:
        await shown.press("down", "down", "enter")
        await shown.until(lambda: bool(shown.answers))
    assert [path.resolve() for path in shown.answers] == [(runs["stock"] / "last.safetensors").resolve()]


@pytest.mark.parametrize("key", ["escape", "q", "l"])
async def test_it_closes_without_a_choice(key: str, runs: dict[str, Path]) -> None:
    async with dialog() as shown:
        await shown.press(key)
        assert shown.answers == [None]


async def test_tab_goes_to_the_preview_which_then_scrolls(usual: Path) -> None:
    async with dialog((60, 20)) as shown:
        assert "[OPTION]" not in shown.text
        await shown.press("tab")
        assert shown.app.focused is shown.preview
        await shown.press("end")
        await shown.until(lambda: "[OPTION]" in shown.text)
        assert shown.table.cursor_row == 0


async def test_the_mouse_looks_first_and_a_second_click_loads(runs: dict[str, Path]) -> None:
    async with dialog() as shown:
        await shown.pilot.click(SavesTable, offset=(10, 3))
        assert await shown.told() == "stock-run/last"
        assert shown.answers == []
        await shown.pilot.click(SavesTable, offset=(10, 3))
        await shown.until(lambda: bool(shown.answers))
    assert shown.answers[0].parent.name == "stock-run"


# The filter


async def test_the_filter_takes_all_letters_and_escape_leaves_it_before_the_dialog(usual: Path) -> None:
    async with dialog() as shown:
        columns = shown.lines[4][:55]
        await shown.press("slash", *"ql")
        field = shown.screen.query_one(Input)
        assert field.value == "ql"
        assert "Nothing matches" in shown.text
        assert shown.table.row_count == 0
        assert not shown.preview.border_title
        field.value = "stock best"
        await shown.pilot.pause()
        assert shown.table.row_count == 2
        assert shown.lines[4][:55] == columns  # they do not jump with what is typed
        assert await shown.told() == "stock-20261125-100004-2/best"
        await shown.press("escape")
        assert (field.value, shown.table.row_count, shown.answers) == ("", 15, [])
        assert shown.app.focused is shown.table
        assert await shown.told() == "stock-20261125-100004-2/best"
        await shown.press("escape")
        assert shown.answers == [None]


async def test_enter_keeps_the_filter_and_goes_to_the_list(usual: Path) -> None:
    async with dialog() as shown:
        await shown.press("slash")
        shown.screen.query_one(Input).value = "1x8 100003"
        await shown.press("enter")
        assert shown.app.focused is shown.table
        assert shown.table.row_count == 3
        await shown.press("down", "enter")
        await shown.until(lambda: bool(shown.answers))
    assert shown.answers[0].parts[-2:] == ("text-20261125-100003-2", "best.safetensors")


def all_are(table: SavesTable, task: str) -> bool:
    return {str(row.value).split("-")[0] for row in table.rows} == {task}


async def test_as_many_matches_as_before_are_still_other_ones(runs: dict[str, Path]) -> None:
    async with dialog() as shown:
        field = shown.screen.query_one(Input)
        for task in ("text", "stock"):
            field.value = task
            await shown.until(partial(all_are, shown.table, f"saves/{task}"))


# Files that cannot be read


async def test_a_disk_that_fails_is_told_and_ends_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(**options: Any) -> Any:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(listing, "list_saves", failing)
    async with dialog() as shown:
        assert "Input/output error" in shown.text
        await shown.press("escape")
        assert shown.answers == [None]


@pytest.fixture
def damaged(runs: dict[str, Path]) -> Path:
    path = runs["text"] / "last.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    return path


async def test_a_damaged_file_is_listed_and_the_preview_says_what_is_wrong(damaged: Path) -> None:
    async with dialog() as shown:
        assert await shown.told() == "text-run/last"
        assert "! -" in shown.text
        assert "is not a whole" in shown.text
        assert "preset" not in shown.text
        await shown.press("down")
        await shown.until(lambda: "preset" in shown.text)
        assert "is not a whole" not in shown.text


async def test_enter_on_a_damaged_file_explains_and_keeps_the_dialog(damaged: Path) -> None:
    async with dialog() as shown:
        await shown.press("enter")
        await shown.until(lambda: bool(toasts(shown.app)))
        (said,) = toasts(shown.app)
        assert "is not a whole checkpoint" in said
        assert shown.answers == []
        assert shown.app.screen is shown.screen


async def test_a_file_that_has_gone_since_is_explained_too(runs: dict[str, Path]) -> None:
    async with dialog() as shown:
        shutil.rmtree(runs["text"])
        await shown.press("enter")
        await shown.until(lambda: "there is no checkpoint" in shown.text)
        assert shown.answers == []


# Nothing waits


async def test_it_opens_at_once_while_the_saves_are_still_being_read(
    runs: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(*arguments: Any, **options: Any) -> Any:
        go_on.wait()
        return list_saves(*arguments, **options)

    monkeypatch.setattr(listing, "list_saves", slow)
    try:
        async with dialog(wait=False) as shown:
            await shown.until(lambda: "reading saves ..." in shown.text)
            await shown.press("enter", "down", "slash", *"stock")  # all answered, though there is nothing yet
            assert shown.screen.query_one(Input).value == "stock"
            assert shown.answers == []
            assert "reading saves ..." in shown.text
            go_on.set()
            await shown.until(lambda: shown.table.row_count == 2)
            assert await shown.told() == "stock-run/last"
            assert "reading saves" not in shown.text
    finally:
        go_on.set()


async def test_a_slow_file_holds_up_no_key_and_comes_too_late_for_its_preview(
    runs: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, read = threading.Event(), read_story
    late = threading.Event()

    def slow(path: Path) -> Any:
        if path.parent.name == "text-run" and path.name == "last.safetensors":
            go_on.wait()
            late.set()
        return read(path)

    monkeypatch.setattr(listing, "read_story", slow)
    try:
        async with dialog(wait=False) as shown:
            await shown.until(lambda: shown.table.row_count == 4)
            await shown.press("down", "down")
            assert await shown.told() == "stock-run/last"
            go_on.set()
            await shown.until(late.is_set)
            await shown.app.workers.wait_for_complete([w for w in shown.app.workers if not w.is_cancelled])
            await shown.pilot.pause()
            assert await shown.told() == "stock-run/last"
    finally:
        go_on.set()


async def test_it_has_no_timer_that_runs(usual: Path) -> None:
    async with dialog() as shown:
        for keys in (["slash", "s"], ["enter"], ["tab"]):
            await shown.press(*keys)
            await shown.pilot.pause()
            nodes = (shown.screen, *shown.screen.query("*"))
            timers = [timer for node in nodes for timer in node._timers]  # noqa: SLF001 - Textual has no public way
            running = [timer for timer in timers if timer._active.is_set()]  # noqa: SLF001 - likewise
            assert running == []


async def test_in_the_app_l_opens_it_with_the_current_run_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path))
    hand = Hand()
    launch = tiny_launch(tmp_path)
    assert launch.folder is not None
    launch.folder.save(launch.trainer)
    app = LstmApp(launch, hand.begin)
    async with app.run_test(size=(120, 40)) as pilot:
        for _ in range(500):
            hand.turn()
            await pilot.pause(0.01)
            if app.sessions.current.latest.files.folder:
                break
        await pilot.press("l")
        screen = app.screen
        assert isinstance(screen, LoadScreen)
        table = screen.query_one(SavesTable)
        for _ in range(500):
            await pilot.pause(0.005)
            if table.row_count:
                break
        assert isinstance(table.chosen, Saved)
        assert str(table.get_row_at(0)[0]).strip() == "*"
