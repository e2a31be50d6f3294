"""Marked runs over each other, told apart by letters as well as by colour; two of them in evaluation."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from lstm_model.runs.comparing.curves import Compared
from lstm_tui.charts.picture import plain_text
from lstm_tui.cli import main
from lstm_tui.screens.saved.compare import CompareScreen
from lstm_tui.screens.saved.load import LoadScreen
from lstm_tui.screens.saved.pair import PairScreen
from lstm_tui.session.snapshot import Status
from lstm_tui.widgets.charts.compare_picture import compare_picture, usual_part
from support.runs import TINY
from support.stage import Stage, dialog, opened, rows, toasts

Files = dict[str, Path]


@pytest.fixture
def two(runs: Files, data: Files, here: Path) -> list[Path]:
    """Two runs of the same text that differ in width, beside those of `runs`."""
    shutil.rmtree(runs["text"])
    made = []
    for hidden in (8, 12):
        folder = here / "saves" / f"wide-{hidden}"
        options = ["--task", "text", "--data", str(data["text"]), "--steps", "8", *TINY, "--hidden", str(hidden)]
        assert main(["train", "--save", str(folder), *options]) == 0
        made.append(folder)
    return made


async def test_marked_runs_lie_over_each_other_with_letters_and_what_differs(two: list[Path]) -> None:
    async with dialog((100, 30)) as shown:
        await shown.press("c")
        assert "mark runs with space first" in toasts(shown.app)[-1]
        shown.table.filter("wide last")
        await shown.press("space", "down", "space")
        await shown.until(lambda: [str(shown.table.get_row(row)[0]).strip() for row in shown.table.rows] == ["A", "B"])
        await shown.press("c")
        await shown.until(lambda: isinstance(shown.app.screen, CompareScreen) and shown.app.screen.is_active)
        await shown.until(lambda: "by step" in shown.text)
        told = [line for line in shown.lines if "wide-" in line]
        assert [line.split()[1] for line in told] == ["A", "B"]
        assert [line.split()[4] for line in told] == ["12", "8"]  # the newer one first
        for key, words in (("x", "by time"), ("x", "by epoch"), ("y", "epoch, log"), ("v", "Validation loss")):
            await shown.press(key)
            await shown.until(lambda words=words: words in shown.text)  # type: ignore[misc]
        assert "e evaluation" not in shown.text  # there is nobody who could open them
        await shown.press("escape")
        await shown.until(lambda: shown.app.screen is shown.screen)
        await shown.press("space")
        await shown.until(lambda: [str(shown.table.get_row(row)[0]).strip() for row in shown.table.rows] == ["A", ""])


async def test_runs_of_two_tasks_and_more_than_six_are_refused(two: list[Path]) -> None:
    for k in range(5):
        shutil.copytree(two[0], two[0].with_name(f"copy-{k}"))
    async with dialog() as shown:
        await shown.press("space", "end", "space", "c")
        await shown.until(lambda: any("are no one measure" in said for said in toasts(shown.app)))
        await shown.press("space", "home", "down", "space", "down", "space", "down", "space", "down", "space")
        await shown.press("down", "space", "down", "space")
        await shown.until(lambda: any("6 are marked already" in said for said in toasts(shown.app)))


@pytest.mark.parametrize("ascii_only", [True, False])
def test_every_line_bears_its_letter_twice_without_any_colour(two: list[Path], ascii_only: bool) -> None:
    compared = [Compared.read(run / "last.safetensors") for run in two]
    assert usual_part(compared) == "training"  # one validation is no curve
    for axis in ("step", "time", "epoch"):
        picture = compare_picture(compared, axis, "training", log_scale=False)
        chart = plain_text(picture, 80, 20, ascii_only).split("\n", 1)[1]
        assert chart.count("A") + chart.count("B") >= 3
        ends = {series.marker: series.x[-1] for series in picture.series if series.kind == "points"}
        assert set(ends) == {"A", "B"}
    steps = compare_picture(compared, "step", "training", log_scale=False).series
    np.testing.assert_array_equal(steps[0].x, np.arange(1, 9))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_two_marked_runs_open_in_evaluation_with_the_verdict_and_training_waits(
    size: tuple[int, int], two: list[Path], here: Path
) -> None:
    stage = Stage(here)
    async with stage.app.run_test(size=size) as pilot:
        await opened(stage, pilot)
        await stage.press("l")
        await stage.until(lambda: isinstance(stage.app.screen, LoadScreen) and stage.app.screen.is_active)
        load = stage.app.screen
        assert isinstance(load, LoadScreen)
        await stage.until(lambda: load.run_at_hand is not None)
        await stage.press(*"/", *"wide last", "enter", "space", "down", "space", "c")
        await stage.until(lambda: isinstance(stage.app.screen, CompareScreen) and stage.app.screen.is_active)
        await stage.press("e")
        await stage.until(lambda: isinstance(stage.app.screen, PairScreen) and stage.app.screen.is_active)
        await stage.until(lambda: "is better: " in "\n".join(rows(stage.app)), turns=20)
        await stage.until(lambda: "\n".join(rows(stage.app)).count("mean ") >= 2, turns=20)
        assert stage.latest.status is Status.PAUSED
        step = stage.latest.figure.step
        names = [line for line in rows(stage.app) if "A  mean" in line]
        assert ("B  mean" in names[0]) == (size[0] >= 100)  # beside each other where there is room
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, CompareScreen) and stage.app.screen.is_active)
        await stage.press("escape", "escape", "escape")
        await stage.until(lambda: stage.latest.status is Status.TRAINING and stage.latest.figure.step > step)
