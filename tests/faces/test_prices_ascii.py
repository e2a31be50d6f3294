"""Prices without fine dots: the truth lies on top, so a prediction is seen where it is off; marks mean one thing."""

from dataclasses import replace

from lstm_tui.charts.picture import draw
from lstm_tui.charts.view import ALL
from lstm_tui.faces.stock.price_curves import ASCII_MARKS, price_picture
from support.stage import paths


def lines(off: float, *, errors: bool = False, width: int = 46) -> list[str]:
    """The picture in ASCII, of predictions that are off by so much in the test part."""
    of = paths()
    predicted = of.closes.copy()
    predicted[of.parts["test"].start :] += off
    picture = price_picture(replace(of, predicted=predicted), ALL, errors=errors, points="•", ascii_only=True)
    return ["".join(text for text, _ in row) for row in draw(picture, width, 12, ascii_only=True)]


def test_a_prediction_is_seen_where_it_is_off_and_nowhere_else() -> None:
    right, off = lines(0.0)[1:], lines(6.0)[1:]
    assert not any(mark in line for line in right for mark in "ox@")
    assert any("@" in line for line in off)
    assert sum(line.count("*") for line in off) == sum(line.count("*") for line in right)


def test_both_pictures_name_each_part_by_one_mark_and_no_name_is_cut_at_80_columns() -> None:
    above, below = lines(1.0)[0], lines(1.0, errors=True)[0]
    for part, name in (("train", "training"), ("val", "validation"), ("test", "test")):
        assert f"{ASCII_MARKS[part]} {name}" in above
        assert f"{ASCII_MARKS[part]} {name}" in below
    assert "* true close" in above
    assert "~" not in above + below
