"""The figures: losses first and whole, each with where it goes; nothing that the status line shows, nothing cut."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from textual.color import Color
from textual.css.query import NoMatches

from lstm_model.curves.history import Buckets
from lstm_tui.app import LstmApp
from lstm_tui.session.session import Session
from lstm_tui.session.snapshot import Glimpse, Snapshot, Status
from lstm_tui.session.units import in_bits
from lstm_tui.terminal.themes import THEMES
from lstm_tui.widgets.figures import FiguresPane, direction, figure_groups, step_down, written
from lstm_tui.widgets.pane import Pane
from lstm_tui.widgets.status import StatusLine, parts_shown
from support.snapshots import changed
from support.stage import still
from support.stepped import tiny_launch

FRAME = 3.0  # WCAG 2.2, 1.4.11: contrast of what shows where a part of the screen is


def curve(*means: float) -> Buckets:
    steps, values = np.arange(1.0, len(means) + 1), np.array(means)
    return Buckets(steps, values, values, values)


def rows_of(snapshot: Snapshot, width: int, rows: int, said: tuple[str, ...] = ()) -> list[str]:
    return written(figure_groups(snapshot, said), width, rows).plain.split("\n")


@pytest.mark.parametrize("width", [12, 20, 26, 30])
def test_no_name_and_no_value_is_cut_however_long_the_value_is(width: int) -> None:
    snapshot = changed(still("text"), best_val_loss=1234.5678, best_step=123_456_789, loss=9999.1234)
    rows = rows_of(snapshot, width, 40)
    text = "\n".join(rows)
    for name, value in (
        ("best at 123,456,789", "1234.5678 ★"),
        ("training loss", "9999.1234"),
        ("learning rate", "9.80e-03"),
    ):
        at = text.index(name)
        assert value in text[at : at + len(name) + 2 * width + 1]


def test_losses_come_first_then_the_run_then_the_machine_set_apart_by_empty_rows() -> None:
    rows = [row.split("  ")[0] for row in rows_of(still("text"), 30, 20)]
    losses, run, machine = (part.split("\n") for part in "\n".join(rows).rstrip().split("\n\n"))
    assert [row.rstrip() for row in losses] == [
        "training loss",
        "validation loss",
        "best at 1,200",
        "whole part at 1,000",
    ]
    assert [row.rstrip() for row in run] == ["step", "learning rate", "gradient norm", "temperature"]
    assert [row.rstrip() for row in machine] == ["chars/s", "elapsed", "epoch ends in", "saved at step"]


@pytest.mark.parametrize(
    ("width", "left"), [(200, set()), (80, {"epoch ends in"}), (40, {"chars/s", "elapsed", "epoch ends in"})]
)
def test_what_the_status_line_shows_is_not_said_again(width: int, left: set[str]) -> None:
    snapshot = still("text")
    names = {name for group in figure_groups(snapshot, parts_shown(snapshot, width)) for _, name, _ in group.lines}
    assert names & {"step", "chars/s", "elapsed", "epoch ends in"} == left
    assert not [name for name in names if name.startswith("bits")]  # one unit for all, which a key chooses
    assert len(figure_groups(in_bits(snapshot))[0].lines) == len(figure_groups(snapshot)[0].lines)


def test_a_first_look_says_over_how_little_it_was_and_is_followed_by_the_measure_that_counts() -> None:
    snapshot = changed(
        still("text"), val_loss=None, full_val_loss=None, best_val_loss=None, glimpse=Glimpse(9, 2.345, 8192)
    )
    rows = rows_of(snapshot, 30, 20)
    assert rows[1].split("  ")[-1].strip() == "about 2.35"
    assert rows[2].strip() == "on 8,192 characters"
    after = replace(
        snapshot,
        figure=replace(snapshot.figure, glimpse=None, val_loss=2.0),
        about=replace(snapshot.about, validated_on="65,536 characters"),
    )
    rows = rows_of(after, 30, 20)
    assert "2.0000" in rows[1]
    assert rows[2].strip() == "on 65,536 characters"


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([5 - 0.02 * k for k in range(200)], "falls"),
        ([1 + 0.02 * k for k in range(200)], "rises"),
        ([2.0] * 200, "level"),
        ([2.0, 1.9], ""),
        ([], ""),
        ([float("nan")] * 50, ""),
    ],
)  # fmt: skip
def test_a_sign_says_where_the_recent_part_of_the_training_loss_goes(values: list[float], word: str) -> None:
    assert direction(curve(*values)) == word


def test_noise_alone_seldom_falls_or_rises_and_a_fall_is_seen_through_it() -> None:
    noise = np.random.default_rng(1).normal(2, 0.2, (60, 300))
    assert sum(direction(curve(*each)) in ("falls", "rises") for each in noise) <= 6
    falling = noise + np.linspace(1.5, 0, 300)
    assert sum(direction(curve(*each)) == "falls" for each in falling) >= 54


@pytest.mark.parametrize(
    ("values", "word"), [([2, 1.9], "falls"), ([2, 2.1], "rises"), ([2, 2.001], "level"), ([2], "")]
)
def test_of_validations_the_last_is_held_against_the_one_before(values: list[float], word: str) -> None:
    assert step_down(curve(*values)) == word


def luminance(color: Color) -> float:
    """Relative luminance, WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.normalized]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Color, other: Color) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


async def test_frames_of_panes_without_the_focus_can_be_seen_in_every_look_of_our_own(tmp_path: Path) -> None:
    def begin(session: Session) -> None:
        session.mailbox.put(still("text"))

    app = LstmApp(tiny_launch(tmp_path), begin)
    async with app.run_test(size=(120, 40)) as pilot:
        for theme in THEMES:
            app.theme = theme.name
            await pilot.pause()
            for pane in app.main_screen.query(Pane):
                _, color = pane.styles.border_top
                behind = pane.background_colors[0]
                assert contrast(behind + color, behind) >= FRAME, (theme.name, pane)
        # and once more on the screen: the pane and the line have what they show from one snapshot, and share nothing
        try:
            shown = str(app.main_screen.query_one("#figures-text").render())
            status = str(app.main_screen.query_one(StatusLine).render())
        except NoMatches:
            raise AssertionError("the figures are away") from None
        assert "step" in status
        assert "chars/s" in status
        assert "chars/s" not in shown
        assert isinstance(app.main_screen.query_one("#figures"), FiguresPane)
        assert Status.TRAINING in status
