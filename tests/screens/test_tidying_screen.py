"""The list of runs: names, notes, stars, the trash and pruning by key; nothing goes without a yes."""

from pathlib import Path

import pytest
from textual.widgets import Input

from lstm_model.runs.folder import RunFolder
from lstm_model.runs.keeping.labels import Label, read_label, write_label
from lstm_model.runs.keeping.trash import trashed
from lstm_model.runs.saves import PREVIOUS
from lstm_tui.screens.saved.ask import AskScreen
from lstm_tui.screens.saved.label import LabelScreen
from lstm_tui.screens.saved.load import LoadScreen
from lstm_tui.screens.saved.trash import TrashScreen
from lstm_tui.widgets.title import TitleLine
from support.runs import contents
from support.stage import Dialog, Stage, dialog, opened, toasts
from support.stepped import tiny_trainer


async def asked(shown: Dialog, kind: type) -> None:
    await shown.until(lambda: isinstance(shown.app.screen, kind) and shown.app.screen.is_active)


async def back(shown: Dialog) -> None:
    await shown.until(lambda: shown.app.screen is shown.screen and not shown.screen.is_tidying)


async def test_a_name_a_note_and_a_star_are_given_shown_and_found_by_the_filter(runs: dict[str, Path]) -> None:
    async with dialog() as shown:
        await shown.press("n")
        await asked(shown, LabelScreen)
        await shown.press(*"wide", "tab", *"two layers", "enter")
        await back(shown)
        await shown.until(lambda: "wide" in shown.lines[5])
        assert read_label(runs["text"]) == Label("wide", "two layers")
        await shown.until(lambda: "two layers" in shown.text)
        await shown.press("s")
        await shown.until(lambda: "★ wide" in shown.text)
        await back(shown)
        assert read_label(runs["text"]).star
        for words in ("wide", "layers", "star", "text-run"):
            shown.screen.query_one("#filter", Input).value = words
            await shown.until(lambda: shown.table.row_count == 2)
        shown.screen.query_one("#filter", Input).value = "stock-run"
        await shown.until(lambda: "wide" not in shown.text and shown.table.row_count == 2)
        await shown.press("n")
        await asked(shown, LabelScreen)
        await shown.press(*"wide", "enter")
        await shown.until(lambda: "is that of saves/text-run already" in shown.text)
        await shown.press("escape")
        await back(shown)
        assert read_label(runs["stock"]) == Label()


async def test_a_run_goes_to_the_trash_only_after_a_yes_and_comes_back(runs: dict[str, Path], here: Path) -> None:
    before = contents(here)
    async with dialog() as shown:
        for answer in ("enter", "escape", "n"):
            await shown.press("d")
            await asked(shown, AskScreen)
            await shown.press(answer)
            await back(shown)
        assert contents(here) == before
        await shown.press("d")
        await asked(shown, AskScreen)
        await shown.press("y")
        await shown.until(lambda: shown.table.row_count == 2)
        await back(shown)
        assert [thrown.run for thrown in trashed()] == ["text-run"]
        await shown.until(lambda: "trash" in shown.lines[1] or "trash" in shown.text.split("\n")[0] + shown.lines[2])
        await shown.press("t")
        await asked(shown, TrashScreen)
        await shown.press("enter")
        await shown.until(lambda: shown.table.row_count == 4)
        await back(shown)
        assert contents(here) == before
        await shown.press("d")
        await asked(shown, AskScreen)
        await shown.press("y")
        await back(shown)
        await shown.press("t")
        await asked(shown, TrashScreen)
        await shown.press("e")
        await asked(shown, AskScreen)
        await shown.press("y")
        await shown.until(lambda: not trashed())


async def test_a_run_at_work_is_neither_deleted_nor_pruned_and_says_why(runs: dict[str, Path]) -> None:
    folder = RunFolder.going_on(runs["text"] / "last.safetensors", 6)
    async with dialog(current=runs["text"]) as shown:
        await shown.press("d")
        await asked(shown, AskScreen)
        await shown.press("y")
        await shown.until(lambda: any("in use" in said for said in toasts(shown.app)))
        assert runs["text"].exists()
    folder.release()


async def test_pruning_says_which_files_go_and_how_much_they_take(runs: dict[str, Path], here: Path) -> None:
    trainer = tiny_trainer(here)
    folder = RunFolder.going_on(runs["text"] / "last.safetensors", 6)
    trainer.steps = 7
    folder.save(trainer)
    folder.release()
    write_label(runs["stock"], Label(star=True))
    async with dialog() as shown:
        await shown.press("p")
        await asked(shown, AskScreen)
        assert "Take 1 old checkpoints" in shown.text
        assert f"text-run: {PREVIOUS}, " in shown.text
        await shown.press("y")
        await shown.until(lambda: not (runs["text"] / PREVIOUS).exists())


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_title_names_the_run_and_takes_a_new_name_at_once(size: tuple[int, int], here: Path) -> None:
    stage = Stage(here)
    stage.app.launch.folder.call("wide")  # type: ignore[union-attr]
    async with stage.app.run_test(size=size) as pilot:
        await opened(stage, pilot)
        assert "text  wide  pages.txt" in stage.text("#title")
        await stage.press("s")
        write_label(here / "run", Label("wider"))
        await stage.press("l")
        await stage.until(lambda: isinstance(stage.app.screen, LoadScreen) and stage.app.screen.is_active)
        await stage.press("escape")
        await stage.until(lambda: "text  wider  pages.txt" in str(stage.app.main_screen.query_one(TitleLine).render()))
