"""Pictures are exact in size, lose no spike, show gaps, and say round numbers, whatever the data is."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from lstm_tui.charts import axes, curves
from lstm_tui.charts import picture as p
from lstm_tui.charts.curves import Series
from lstm_tui.charts.picture import Picture, draw, plain_text
from lstm_tui.charts.sheet import Row

FLOATS = st.floats(allow_nan=True, allow_infinity=True)
USUAL = st.floats(min_value=-1e6, max_value=1e6) | st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 1e300, -1e-320])
WIDTHS, HEIGHTS = st.integers(1, 120), st.integers(1, 50)
LIMITS = st.none() | st.tuples(FLOATS, FLOATS)
LABELS = st.text(alphabet="abc é…●\u4e2d\u0301\x1b\n\u200b", max_size=20)
relaxed = settings(deadline=None, max_examples=150)


def series_of(values: st.SearchStrategy[float]) -> st.SearchStrategy[Series]:
    arrays = st.lists(values, max_size=60).map(lambda numbers: np.array(numbers, dtype=np.float64))
    return st.builds(
        Series,
        label=LABELS,
        x=arrays | st.integers(0, 300).map(lambda n: np.arange(float(n))),
        y=arrays,
        role=st.sampled_from(["train", "val"]),
        kind=st.sampled_from(["line", "points"]),
        marker=st.none() | st.sampled_from(["●", "x", "", "two", " ", "\n", "\u4e2d"]),
    )


def pictures(values: st.SearchStrategy[float]) -> st.SearchStrategy[Picture]:
    return st.builds(
        Picture,
        series=st.lists(series_of(values), max_size=4).map(tuple),
        x_ticks=st.none() | st.lists(st.tuples(values, LABELS), max_size=9).map(tuple),
        y_log=st.booleans(),
        x_limits=LIMITS,
        y_limits=LIMITS,
        x_label=LABELS,
        verticals=st.lists(st.tuples(values, st.just("mark")), max_size=2).map(tuple),
        horizontals=st.lists(st.tuples(values, st.just("baseline"), LABELS), max_size=2).map(tuple),
        empty=LABELS,
    )


def texts(rows: list[Row]) -> list[str]:
    return ["".join(text for text, _ in row) for row in rows]


def line(y: object, x: object = None, role: str = "train", **more: object) -> Series:
    values = np.asarray(y, dtype=np.float64)
    return Series("loss", np.arange(float(len(values))) if x is None else np.asarray(x), values, role, **more)  # type: ignore[arg-type]


def canvas(rows: list[str]) -> list[str]:
    """The rows between legend and axis, without the y labels."""
    bottom = next(
        y for y, row in enumerate(rows) if row[axes.LABEL] in "└+" and set(row[axes.GUTTER :]) <= set("─┬-+ step")
    )
    return [row[axes.GUTTER :] for row in rows[1:bottom]]


def columns_drawn(rows: list[str]) -> set[int]:
    return {column for row in rows for column, character in enumerate(row) if character != " "}


# --- never fails, always fits ---


@relaxed
@given(picture=pictures(FLOATS) | pictures(USUAL), width=WIDTHS, height=HEIGHTS, ascii_only=st.booleans())
def test_any_data_at_any_size_gives_rows_of_exactly_the_size(
    picture: Picture, width: int, height: int, ascii_only: bool
) -> None:
    rows = draw(picture, width, height, ascii_only)
    assert len(rows) == height
    assert all(cell_len(text) == width for text in texts(rows))
    assert all(text for row in rows for text, _ in row)
    if ascii_only:
        assert all(text.isascii() and text.isprintable() for text in texts(rows))


@relaxed
@given(picture=pictures(USUAL), width=WIDTHS, height=HEIGHTS, ascii_only=st.booleans())
def test_plain_text_is_plain(picture: Picture, width: int, height: int, ascii_only: bool) -> None:
    text = plain_text(picture, width, height, ascii_only)
    assert "\x1b" not in text
    assert len(text.split("\n")) == height
    assert all(cell_len(row) <= width and row == row.rstrip() for row in text.split("\n"))


@pytest.mark.parametrize(("width", "height"), [(0, 0), (-1, 5), (5, -1), (0, 9), (9, 0)])
def test_no_room_at_all_gives_nothing(width: int, height: int) -> None:
    rows = draw(Picture((line([1, 2]),)), width, height)
    assert "".join(texts(rows)).strip() == ""
    assert len(rows) == max(height, 0)


@pytest.mark.parametrize(("width", "height"), [(11, 20), (40, 3), (3, 1)])
def test_a_small_place_holds_a_sentence_cut_to_size(width: int, height: int) -> None:
    assert "".join(texts(draw(Picture((line([1, 2]),)), width, height))).strip() == "too small"[:width].strip()


@pytest.mark.parametrize("y", [[], [np.nan] * 5, [np.inf, -np.inf]])
def test_nothing_to_draw_says_so(y: list[float]) -> None:
    picture = Picture((line(y),), empty="no step yet")
    assert "no step yet" in "".join(texts(draw(picture, 40, 8)))
    assert "no step yet" in "".join(texts(draw(Picture(empty="no step yet"), 40, 8)))


@pytest.mark.parametrize("y", [[2.5], [0.0], [-3.0, -3.0, -3.0], [1e-300], [5e-324, 0.0], [1e16, 1e16 + 2]])
@pytest.mark.parametrize("y_log", [False, True])
def test_one_point_and_constant_data_are_drawn(y: list[float], y_log: bool) -> None:
    rows = texts(draw(Picture((line(y),), y_log=y_log), 40, 10))
    if not y_log or min(y) > 1e-99:
        assert columns_drawn(canvas(rows))


# --- what the lines say ---


@relaxed
@given(n=st.integers(3, 5000), at=st.floats(0, 1), width=st.integers(20, 120), up=st.booleans(), y_log=st.booleans())
def test_a_spike_is_never_lost(n: int, at: float, width: int, up: bool, y_log: bool) -> None:
    y = np.full(n, 5.0)
    index = round(at * (n - 1))
    y[index] = 10.0 if up else 1.0
    picture = Picture((line(y),), x_limits=(0, n - 1), y_limits=(1.0, 10.0), y_log=y_log)
    rows = canvas(texts(draw(picture, width, 12)))
    column = round(index / (n - 1) * (2 * (width - axes.GUTTER) - 1)) // 2
    assert rows[0 if up else -1][column] != " "


def test_values_outside_the_limits_are_drawn_along_the_edge() -> None:
    y = np.full(100, 1.0)
    y[50] = 1e9
    rows = canvas(texts(draw(Picture((line(y),), y_limits=(0.0, 2.0)), 60, 12)))
    assert rows[0].strip()


@pytest.mark.parametrize("y_log", [False, True])
@pytest.mark.parametrize("missing", [np.nan, np.inf, -np.inf])
def test_what_cannot_be_drawn_is_a_gap(missing: float, y_log: bool) -> None:
    rows = canvas(texts(draw(Picture((line([1, 1, 1, missing, 1, 1, 1]),), y_log=y_log), 67, 10)))
    assert columns_drawn(rows) == {*range(21), *range(39, 60)}  # x = 2 falls on column 20, x = 4 on 39


def test_what_has_no_logarithm_is_a_gap_in_log_mode_only() -> None:
    whole = Picture((line([1, 1, 0, 1, 1]),))
    assert columns_drawn(canvas(texts(draw(whole, 67, 10)))) == set(range(60))
    broken = Picture(whole.series, y_log=True)
    assert not columns_drawn(canvas(texts(draw(broken, 67, 10)))) & set(range(20, 40))


def test_a_value_between_two_gaps_is_a_dot() -> None:
    rows = canvas(texts(draw(Picture((line([1, np.nan, 2, np.nan, 1]),)), 67, 10)))
    assert columns_drawn(rows) == {0, 30, 59}


def test_a_line_is_cut_at_the_limits_and_not_at_the_last_point_inside() -> None:
    rows = canvas(texts(draw(Picture((line([0, 10], x=[0.0, 100.0]),), x_limits=(40, 60)), 67, 10)))
    assert columns_drawn(rows) == set(range(60))


def test_points_stay_apart_and_lines_are_joined() -> None:
    y = [1.0, 2.0, 3.0, 2.0]
    assert len(columns_drawn(canvas(texts(draw(Picture((line(y, kind="points"),)), 67, 12))))) == 4
    assert len(columns_drawn(canvas(texts(draw(Picture((line(y),)), 67, 12))))) == 60


def test_unsorted_x_is_drawn_in_order() -> None:
    x, y = np.array([3.0, 1.0, 0.0, 2.0]), np.array([9.0, 1.0, 0.0, 4.0])
    order = np.argsort(x)
    assert draw(Picture((line(y, x),)), 60, 12) == draw(Picture((line(y[order], x[order]),)), 60, 12)


@relaxed
@given(n=st.integers(1, 3000), columns=st.integers(5, 110), gaps=st.integers(0, 50), seed=st.integers(0, 9))
def test_a_line_costs_two_points_a_column_at_most(n: int, columns: int, gaps: int, seed: int) -> None:
    y = np.random.default_rng(seed).normal(size=n)
    y[:: max(1, n // (gaps + 1))] = np.nan
    curve = curves.clean(line(y), y_log=False)
    across, down, joined = curves.points_of(curve, (2, 4), axes.Scale(0, n), axes.Scale(-3, 3), 20, columns)
    assert len(across) == len(down) == len(joined)
    assert np.bincount(across.astype(int), minlength=1).max(initial=0) <= 2


def test_points_that_a_line_passes_anyway_are_left_out() -> None:
    curve = curves.clean(line(np.arange(1000.0)), y_log=False)
    across, _, joined = curves.points_of(curve, (1, 1), axes.Scale(0, 999), axes.Scale(0, 999), 50, 50)
    assert len(across) == 2
    assert joined.tolist() == [False, True]


def test_later_series_lie_over_earlier_ones() -> None:
    first, second = line([1, 1], role="faint"), line([1, 1], role="train")
    for series, top in (((first, second), "train"), ((second, first), "faint")):
        row = next(row for row in draw(Picture(series), 40, 10)[1:-2] if "⠒" in row[-1][0] or "⠤" in row[-1][0])
        assert row[-1][1] == top


def test_a_line_hides_only_the_cells_it_uses() -> None:
    series = line([0, 0, 0], role="faint"), line([0, 1, 0], role="train")
    roles = {role for row in draw(Picture(series), 60, 14) for _, role in row}
    assert {"faint", "train", "axis"} <= roles


# --- what the labels say ---


def test_y_labels_keep_their_width() -> None:
    for y in ([0, 1], [0, 1e-7], [-1e9, 1e9], [1e6, 1e6 + 1], [0.98, 1.02], [-3e-5, 2e-5], [1e12, 9e98]):
        rows = texts(draw(Picture((line(y),)), 60, 20))[1:-2]
        assert all(row[axes.LABEL] in "│┤" for row in rows)
        assert sum(row[axes.LABEL] == "┤" for row in rows) >= 2


def test_steps_get_round_ticks_and_never_halves() -> None:
    last = texts(draw(Picture((line(np.ones(1600)),)), 78, 12))[-1]
    assert last.split()[:4] == ["0", "200", "400", "600"]
    few = texts(draw(Picture((line([1.0, 2.0, 1.5]),)), 78, 12))[-1]
    assert few.split() == ["0", "1", "2"]


def test_log_ticks_are_plain_numbers() -> None:
    labels = [row[: axes.LABEL].strip() for row in texts(draw(Picture((line([0.01, 1000.0]),), y_log=True), 60, 24))]
    assert [label for label in labels if label] == ["1k", "100", "10", "1", "0.1", "0.01"]
    near = [row[: axes.LABEL].strip() for row in texts(draw(Picture((line([1.2, 4.5]),), y_log=True), 60, 16))]
    assert {"2", "3", "4"} <= set(near)


def test_limits_stay_when_the_data_moves_a_little() -> None:
    first, second = np.linspace(4.5, 1.31, 1010), np.linspace(4.5, 1.30, 1040)
    old, new = (texts(draw(Picture((line(y),)), 78, 16)) for y in (first, second))
    assert [row[: axes.GUTTER] for row in old] == [row[: axes.GUTTER] for row in new]
    assert old[-1] == new[-1]


def test_the_legend_names_every_series_once_and_shortens_what_does_not_fit() -> None:
    series = tuple(
        Series(label, np.arange(9.0), np.arange(9.0), role) for label, role in zip("aab", "xxy", strict=True)
    )
    assert draw(Picture(series), 60, 12)[0][-2:] == (("⠤⠤ a  ", "x"), ("⠤⠤ b", "y"))
    long = Picture((Series("a very long label " * 3, np.arange(9.0), np.arange(9.0), "x"),))
    assert texts(draw(long, 30, 12))[0].endswith("…")
    hidden = Picture((Series("", np.arange(9.0), np.arange(9.0), "x"),))
    assert "┤" in texts(draw(hidden, 30, 12))[0] or "│" in texts(draw(hidden, 30, 12))[0]


def test_reference_lines_and_the_name_of_x_are_shown() -> None:
    series = (line(np.linspace(1, 3, 50)),)
    picture = Picture(series, x_label="step", verticals=((25.0, "mark"),), horizontals=((2.0, "baseline", "chance"),))
    rows = draw(picture, 60, 14)
    assert any("chance" in text and role == "baseline" for row in rows for text, role in row)
    assert sum(any(role == "mark" for _, role in row) for row in rows) > 8
    assert texts(rows)[-2].endswith(" step")
    assert texts(draw(picture, 60, 14, ascii_only=True))[-2].endswith(" step")


# --- without colour, without braille ---


def test_lines_and_points_can_be_told_apart_without_colour() -> None:
    x = np.arange(40.0)
    series = [Series(f"line {i}", x, np.full(40, float(i)), f"role {i}") for i in range(5)]
    points = [Series(f"dots {i}", x[::9], np.full(5, i + 0.5), f"other {i}", "points", "●") for i in range(2)]
    for ascii_only in (False, True):
        rows = plain_text(Picture((*series, *points)), 100, 30, ascii_only).split("\n")
        swatches = [entry.split()[0] for entry in rows[0].split("  ") if entry.strip()]
        assert len(set(swatches)) == 7
        assert all(any(swatch[0] in row for row in rows[1:]) for swatch in swatches if swatch != "⠤⠤")
    coloured = texts(draw(Picture((series[0], points[0])), 60, 12))
    assert any("●" in row for row in coloured[1:])


def test_pieces_of_one_look_share_their_mark() -> None:
    pieces = tuple(Series("train", np.arange(9.0) + 9 * i, np.ones(9), "train") for i in range(3))
    drawn = set("".join(plain_text(Picture(pieces), 60, 12)))
    assert drawn & set(map(chr, range(0x2801, 0x2900)))  # braille
    assert not drawn & set(p.LINE_MARKS)  # these would tell one from the other


def test_more_series_than_marks_are_drawn_all_the_same() -> None:
    many = tuple(Series(str(i), np.arange(9.0), np.full(9, float(i)), "train") for i in range(40))
    assert len(draw(Picture(many), 80, 30, ascii_only=True)) == 30


# --- a good neighbour ---


def test_the_same_picture_gives_the_same_rows_whatever_the_terminal_is(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Picture((line(np.sin(np.arange(300) / 20)),))
    first = draw(picture, 110, 45)
    assert draw(picture, 110, 45) == first
    monkeypatch.setenv("COLUMNS", "10")
    monkeypatch.setenv("LINES", "3")
    spec = importlib.util.spec_from_file_location("picture_anew", p.__file__)  # it has kept nothing of the terminal
    assert spec is not None
    assert spec.loader is not None
    anew = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "picture_anew", anew)
    spec.loader.exec_module(anew)
    assert anew.draw(picture, 110, 45) == first


def test_the_shared_figure_of_plotext_is_left_alone() -> None:
    import plotext

    before = plotext.figure.size(), plotext.figure._signals._get_length()  # noqa: SLF001
    draw(Picture((line([1, 2, 3]),)), 110, 45)
    assert (plotext.figure.size(), plotext.figure._signals._get_length()) == before  # noqa: SLF001


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    for y in ([], [1.0], [1e16, 1e16 + 2], [1, np.nan, 3]):
        draw(Picture((line(y),)), 40, 12)
        plain_text(Picture((line(y),)), 12, 4)
    assert capfd.readouterr() == ("", "")


def test_the_import_is_light() -> None:
    code = "import sys, lstm_tui.charts.picture; sys.exit(bool({'plotext', 'textual', 'rich'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
    p.preload()
    assert "plotext" in sys.modules


# --- marks stand where their value is ---


@pytest.mark.parametrize("height", range(6, 61))
def test_a_mark_stands_in_the_row_and_column_of_its_value(height: int) -> None:
    values = np.linspace(0.013, 0.987, 23)
    steps = np.linspace(0.0, 100.0, 23)
    fine = line(values, steps, role="train", kind="points")
    star = line(values, steps, role="val", kind="points", marker="★")
    limits = {"x_limits": (0.0, 100.0), "y_limits": (0.0, 1.0)}
    under, over = (draw(Picture((each,), **limits), 80, height) for each in (fine, star))  # type: ignore[arg-type]
    places = [
        {(y, x) for y, row in enumerate(texts(rows)[1:-2]) for x, c in enumerate(row[axes.GUTTER :]) if c != " "}
        for rows in (under, over)
    ]
    assert places[0] == places[1]


@pytest.mark.parametrize("height", range(9, 61))
def test_a_mark_at_a_tick_stands_beside_its_label_and_ticks_are_even(height: int) -> None:
    star = line([0.0, 0.5, 1.0], [0, 50, 100], kind="points", marker="★")
    rows = texts(draw(Picture((star,)), 60, height))[1:-2]
    labels = {row[: axes.LABEL].strip(): y for y, row in enumerate(rows) if row[: axes.LABEL].strip()}
    stars = [y for y, row in enumerate(rows) if "★" in row]
    assert stars[-1] == labels["0"]
    ticks = sorted(labels.values())
    assert len({b - a for a, b in pairwise(ticks)}) == 1


@pytest.mark.parametrize("width", range(30, 130, 7))
def test_each_label_of_x_has_its_tick(width: int) -> None:
    *_, axis, labels = texts(draw(Picture((line(np.arange(1000.0)),), x_label="step"), width, 12))
    for found in re.finditer(r"\S+", labels):
        assert "┬" in axis[found.start() : found.end()], (axis, labels)
    assert axis.endswith(" step")


def test_thick_lines_are_blocks_in_the_rows_of_the_fine_ones_and_what_lies_behind_stays_fine() -> None:
    x = np.arange(40.0)
    picture = Picture((Series("", x, x % 7, "faint"), Series("up", x, x, "train")), y_limits=(0, 40))
    fine, thick = draw(picture, 60, 20), draw(picture, 60, 20, thick=True)
    assert [sum(len(text) for text, _ in row) for row in thick] == [60] * 20

    def rows_of(rows: list[Row], role: str) -> list[int]:
        return [k for k, row in enumerate(rows) if any(each == role and text.strip() for text, each in row)]

    assert rows_of(thick, "train") == rows_of(fine, "train")
    inked = {c for row in thick[1:] for text, role in row if role == "train" for c in text.strip()}
    assert inked <= set("▀▄▌▐▖▗▘▝▞▚▙▛▜▟█")
    assert any(0x2800 < ord(c) < 0x2900 for row in thick for text, role in row if role == "faint" for c in text)
    assert draw(picture, 60, 20, ascii_only=True, thick=True) == draw(picture, 60, 20, ascii_only=True)
