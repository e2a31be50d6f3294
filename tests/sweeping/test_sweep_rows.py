"""The trials of a sweep as rows: their order, their curves in a row of cells, what gives way on a narrow screen."""

from pathlib import Path

import pytest

from lstm_model.sweeps.standing import Standing
from lstm_model.sweeps.sweep import Sweep
from lstm_model.sweeps.trial import Outcome, Reached
from lstm_tui.charts.sparkline import sparkline
from lstm_tui.sweeping.rows import best_of, ordered, table
from support.roads import RATES, WIDTHS, design


def test_a_sparkline_falls_with_the_loss_and_ends_where_the_trial_is() -> None:
    points = [(0.25, 4.0), (0.5, 2.0), (0.75, 1.0)]
    assert sparkline(points, 4, (1.0, 4.0)) == "█▅▁ "
    assert sparkline(points, 4, (1.0, 4.0), ascii_only=True) == "#=_ "
    assert sparkline(points[:1], 8, (1.0, 4.0)) == " █      "
    assert sparkline([], 3, (0.0, 1.0)) == "   "
    assert sparkline([(1.0, float("inf"))], 1, (1.0, 1.0)) == "█"


@pytest.fixture
def some(tmp_path: Path) -> Standing:
    """Two that are done, one that was given up, one that failed, two that run."""
    sweep = Sweep(design(WIDTHS, RATES, groups=8, pruner="none"), tmp_path / "sweep")
    for k, outcome in enumerate(
        (
            Outcome("done", 2.0),
            Outcome("failed", why="no number"),
            Outcome("done", 1.0),
            Outcome("pruned", 3.0),
            None,
            None,
        )
    ):
        trial = sweep.next()
        assert trial is not None
        sweep.reached(trial, Reached(0.2 + 0.1 * k, 1, 3.0, 3.0))
        if outcome is not None:
            sweep.ended(trial, outcome)
    found = Standing.of(sweep, {4, 5})
    sweep.close()
    return found


def test_those_that_run_stand_first_then_the_best(some: Standing) -> None:
    assert [trial.number for trial in ordered(some, by_number=False)] == [4, 5, 2, 0, 3, 1]
    assert [trial.number for trial in ordered(some, by_number=True)] == [5, 4, 3, 2, 1, 0]
    assert best_of(some) == {2}


@pytest.mark.parametrize("width", [30, 50, 76, 156])
def test_every_row_says_number_loss_and_state_at_any_width(some: Standing, width: int) -> None:
    head, rows = table(some, ordered(some, by_number=False), width)
    lines = ["".join(text for text, _ in row.pieces) for row in rows]
    assert [line.split()[0] for line in lines] == ["5", "6", "3", "1", "4", "2"]
    ends = "running 60%", "running 70%", "done", "done", "given up 50%", "failed"
    assert all(line.rstrip().endswith(end) for line, end in zip(lines, ends, strict=True))
    assert all("1.0000" in line or k != 2 for k, line in enumerate(lines))
    assert ("hidden" in head) is (width >= 50)
    if width >= 50:
        assert max(map(len, lines)) <= width


def test_a_setting_of_any_length_leaves_the_columns_in_line(tmp_path: Path) -> None:
    sweep = Sweep(design(WIDTHS, RATES), tmp_path / "sweep")
    for _ in range(3):
        sweep.next()
    found = Standing.of(sweep, {0, 1, 2})
    sweep.close()
    _, rows = table(found, ordered(found, by_number=True), 80)
    assert len({len(row.pieces[0][0]) for row in rows}) == 1
