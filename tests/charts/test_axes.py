"""Ticks are round, brief, true to their value, and their labels stand apart."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_tui.charts import axes

relaxed = settings(deadline=None, max_examples=150)


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (0.0, 0.5, "0"),
        (1.5, 0.5, "1.5"),
        (2.0, 1.0, "2"),
        (0.30000000000000004, 0.1, "0.3"),
        (500.0, 500.0, "500"),
        (1000.0, 500.0, "1k"),
        (1500.0, 500.0, "1.5k"),
        (1050.0, 50.0, "1050"),
        (2_500_000.0, 500_000.0, "2.5M"),
        (-250.0, 50.0, "-250"),
        (0.0002, 0.0002, "0.0002"),
        (0.00015, 0.00005, "1.5e-4"),
        (3e-9, 1e-9, "3e-9"),
        (1_000_050.0, 50.0, "~1e6"),
    ],
)
def test_ticks_are_said_briefly(value: float, step: float, text: str) -> None:
    assert axes.tick_text(value, step) == text


@relaxed
@given(index=st.integers(-40, 40), size=st.sampled_from([1, 2, 5]), power=st.integers(-20, 20))
def test_a_tick_says_its_value_or_owns_up_to_rounding(index: int, size: int, power: int) -> None:
    step = size * 10.0**power
    text = axes.tick_text(index * step, step)
    assert len(text) <= axes.LABEL
    assert text or (index < 0 and abs(power) > 8)  # a minus sign and an exponent of two digits leave too little
    if text and not text.startswith("~"):
        unit = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}.get(text[-1], 1.0)
        assert float(text.rstrip("kMGT")) * unit == pytest.approx(index * step, abs=step / 10)


@relaxed
@given(low=st.floats(-1e6, 1e6), span=st.floats(1e-3, 1e7), columns=st.integers(5, 113), whole=st.booleans())
@example(low=0.0, span=1037.0, columns=43, whole=True)
def test_x_labels_are_whole_inside_and_apart(low: float, span: float, columns: int, whole: bool) -> None:
    check_placed(axes.place_x_ticks(None, axes.Scale(low, low + span), columns, whole), columns)


@relaxed
@given(
    ticks=st.lists(st.tuples(st.floats(-10, 110), st.sampled_from(["2019-01", "1", "March 2020", ""])), max_size=40),
    columns=st.integers(5, 113),
)
def test_given_x_labels_are_thinned_until_they_stand_apart(ticks: list[tuple[float, str]], columns: int) -> None:
    placed = axes.place_x_ticks(tuple(ticks), axes.Scale(0, 100), columns, whole=False)
    check_placed(placed, columns)
    if any(0 <= x <= 100 and len(label) <= columns for x, label in ticks):
        assert placed


def test_labels_of_prices_that_hardly_differ_show_their_last_digits() -> None:
    labels = [label for _, label in axes.y_ticks_of(axes.Scale(7.80035, 7.80047), 14, log=False)]
    assert len(labels) > 2
    assert set(labels) <= {f"..00{k}" for k in range(35, 48)}


def test_labels_that_can_be_said_stay_and_the_others_go() -> None:
    labels = [label for _, label in axes.y_ticks_of(axes.Scale(1.2e-5, 1.4e-5), 14, log=False)]
    assert labels == ["1.2e-5", "1.3e-5", "1.4e-5"]


@relaxed
@given(
    low=st.floats(1e-9, 1e12), narrow=st.floats(-8, 1), rows=st.integers(4, 40), log=st.booleans(), sign=st.booleans()
)
@example(low=7.8, narrow=-5, rows=14, log=False, sign=False)
def test_labels_differ_as_their_values_do(low: float, narrow: float, rows: int, log: bool, sign: bool) -> None:
    high = low * (1 + 10**narrow)
    ends = (math.log10(low), math.log10(high)) if log else ((-high, -low) if sign else (low, high))
    labels = [label for _, label in axes.y_ticks_of(axes.Scale(*ends), rows, log)]
    assert len(labels) > 1
    assert len(set(labels)) == len(labels)
    assert all(0 < len(label) <= axes.LABEL for label in labels)


def check_placed(placed: list[tuple[int, int, str]], columns: int) -> None:
    free = 0
    for column, start, label in placed:
        assert 0 <= column < columns
        assert start >= free
        assert start + len(label) <= axes.GUTTER + columns
        free = start + len(label) + 2


# --- even ticks ---


@relaxed
@given(
    low=st.floats(-1e4, 1e4).map(lambda x: round(x, 3)),
    span=st.floats(0.01, 1e4).map(lambda x: round(x, 3)),
    rows=st.integers(7, 60),
)
def test_ticks_of_an_even_axis_stand_equally_far_apart_on_an_axis_that_holds_all(
    low: float, span: float, rows: int
) -> None:
    asked = axes.Scale(low, low + span)
    scale = axes.even(asked, rows)
    assert scale.low <= low + 1e-6 * span
    assert scale.high >= low + span * (1 - 1e-6)
    assert scale.high - scale.low <= axes.MOST_LONGER * span * (1 + 1e-9)
    cells = [scale.cell(value, rows, 4) for value, _ in axes.y_ticks_of(scale, rows, log=False)]
    assert len({b - a for a, b in pairwise(cells)}) <= 1


def test_two_ends_of_a_narrow_logarithmic_axis_are_told_apart() -> None:
    scale = axes.Scale(math.log10(0.5), math.log10(0.5 * (1 + 10**-4.75)))
    (_, low), (_, high) = axes.y_ticks_of(scale, 4, log=True)
    assert low != high
