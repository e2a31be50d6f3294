"""The figures and tables of the book are what its tools make."""

import re
import xml.etree.ElementTree as ET

import pytest
from book import carried, growth, units
from book.figures import FIGURES, guesses

from lstm_model.tasks.text.features import FEATURES
from support.book import BOOK, FOLDER, one_line, page, table_under

NUMBER = re.compile(r"\d+\.\d+|\d+")


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_what_its_function_draws(name: str) -> None:
    drawn, kept = FIGURES[name](), (FOLDER / "figures" / name).read_text(encoding="utf-8")
    assert NUMBER.sub("", drawn) == NUMBER.sub("", kept)
    pairs = list(zip(NUMBER.findall(drawn), NUMBER.findall(kept), strict=True))
    assert all(abs(float(a) - float(b)) <= 2 for a, b in pairs)  # a pixel or two: processors round differently


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_stands_alone_is_small_and_says_what_it_shows(name: str) -> None:
    text = (FOLDER / "figures" / name).read_text(encoding="utf-8")
    assert len(text.encode()) < 12_000
    assert set(re.findall(r"https?://[^\"\s]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(image|script|style)|@font-face", text)
    described = {element.tag.rpartition("}")[2]: element.text for element in ET.fromstring(text)}
    assert described["title"]
    assert len(described["desc"] or "") > 50
    assert f"](figures/{name})" in BOOK


def test_the_unrolled_network_shows_what_the_shipped_model_guesses() -> None:
    text = (FOLDER / "figures" / "unrolled.svg").read_text(encoding="utf-8")
    shown = [float(number) for number in re.findall(r">(?:guess: . |. has )(0\.\d\d)<", text)]
    assert len(shown) == 10
    for k, (_, _, p, _, of_following) in enumerate(guesses()):
        assert shown[2 * k : 2 * k + 2] == pytest.approx([p, of_following], abs=0.01)


def test_a_wrong_state_costs_what_the_table_says() -> None:
    rows = table_under("the state before the piece")
    found = carried.losses()
    assert [next(iter(row.values())) for row in rows] == list(found)
    for row, nats in zip(rows, found.values(), strict=True):
        assert [float(each) for each in list(row.values())[1:]] == pytest.approx(list(nats), abs=0.02)
    assert "costs three times as much there" in one_line(BOOK)
    assert 2.7 < found["zeros"][0] / found["carried on"][0] < 3.5


def test_the_features_are_as_many_as_the_page_says() -> None:
    assert len(FEATURES) == 13
    assert "thirteen features of the text" in one_line(page("11-what-it-learnt"))


@pytest.mark.slow
def test_a_network_learns_as_fast_as_the_page_says() -> None:
    """Two minutes on an idle core. The samples themselves differ where a processor rounds otherwise."""
    losses = re.compile(r"^Step [\d,]+, (\d\.\d\d) nats:$", re.MULTILINE)
    said = [float(loss) for loss in losses.findall(page("10-writing-text"))]
    found = [float(loss) for loss in losses.findall(growth.sampled())]
    assert len(said) == len(growth.STEPS)
    assert found == pytest.approx(said, abs=0.05)


@pytest.mark.slow
def test_the_units_that_have_a_name_are_those_of_the_table() -> None:
    assert units.table() in page("11-what-it-learnt")
    named, _ = units.names()
    clearest = {name.feature: name.unit for name in reversed(named)}
    assert {clearest[feature.split(" (")[0]] for feature in units.SHOWN.values()} == set(units.SHOWN)
