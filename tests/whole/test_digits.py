"""Numbers that differ are written so that one sees it, with four digits or more, and no more than that takes."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_model.digits import MOST_DIGITS, alike, apart, number

numbers = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e90, max_value=1e90)
close = st.tuples(st.floats(1e-9, 1e12), st.integers(-11, 0)).map(
    lambda pair: (pair[0], pair[0] * (1 + 10.0 ** pair[1]))
)


@pytest.mark.parametrize(("values", "texts"), [
    ((1.407e-05, 1.406e-05), ["1.407e-05", "1.406e-05"]),
    ((7.80041, 7.80038, 7.80044), ["7.80041", "7.80038", "7.80044"]),
    ((27169852.89522, 27387185.4843), ["2.717e+07", "2.739e+07"]),
    ((555.01, 701.79, 440.07), ["555.01", "701.79", "440.07"]),
    ((0.3679, 0.3857), ["0.3679", "0.3857"]),
    ((0.36788, 0.36792), ["0.36788", "0.36792"]),
    ((1234.5, 98.7), ["1,234.50", "98.70"]),
    ((100.0, 100.001), ["100.000", "100.001"]),
    ((0.0, -2.5), ["0", "-2.500"]),
    ((None, 3.0), ["-", "3.000"]),
    ((math.nan, 3.0), ["no number", "3.000"]),
    ((), []),
])  # fmt: skip
def test_examples(values: tuple[float | None, ...], texts: list[str]) -> None:
    assert apart(*values) == texts


@settings(max_examples=500, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=6) | close.map(list))
def test_what_differs_is_written_apart_and_with_as_few_digits_as_that_takes(values: list[float]) -> None:
    texts = apart(*values)
    assert len(texts) == len(values)
    for a, x in zip(texts, values, strict=True):
        assert float(a.replace(",", "")) == pytest.approx(x, rel=5.1e-4)
        for b, y in zip(texts, values, strict=True):
            assert alike(x, y) or a != b
    more = next(more for more in range(MOST_DIGITS + 1) if texts == [number(value, more) for value in values])
    if more:  # with a digit less some two of them would look alike
        ordered = sorted(set(values))
        assert any(number(x, more - 1) == number(y, more - 1) and not alike(x, y) for x, y in pairwise(ordered))


@settings(deadline=None)
@given(st.lists(numbers, min_size=2, max_size=6))
def test_what_rounds_alike_by_chance_is_the_same_whatever_the_order(values: list[float]) -> None:
    assert apart(*values) == apart(*reversed(values))[::-1]


@settings(deadline=None)
@given(st.lists(numbers, min_size=1, max_size=6), st.integers(4, 20))
def test_a_width_is_kept_unless_the_usual_digits_need_more(values: list[float], width: int) -> None:
    for text, value in zip(apart(*values, width=width), values, strict=True):
        assert len(text) <= max(width, len(number(value)))
