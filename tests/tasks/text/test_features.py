"""Features of a text are what a reader would say of each place."""

import numpy as np
import pytest

from lstm_model.tasks.text.features import FEATURES

TEXT = 'NAME\n    ls - "list" (x [1])\n\nSEE ALSO\n    cp <a>\n'


def values(name: str, text: str = TEXT) -> np.ndarray:
    (feature,) = (feature for feature in FEATURES if feature.name == name)
    found = np.asarray(feature.of(text))
    assert found.shape == (len(text),)
    return found


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("column in the line", "ab\nc\n", [1, 2, 0, 1, 0]),
        ("indentation", "  a b\nc", [1, 2, 2, 2, 2, 0, 0]),
        ("position in the word", "ab c1d", [1, 2, 0, 1, 0, 1]),
        ("lines since a blank line", "a\n\nb\nc\n", [0, 1, 0, 0, 1, 1, 2]),
        ("lines since a heading", "NAME\n  x\ny\n", [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2]),
        ("line of the page", "a\nb\n\n\nc\nd", [0, 1, 1, 2, 3, 0, 0, 1, 1]),
        ("inside quotes", 'a"b"c', [0, 1, 1, 0, 0]),
        ("inside quotes", '"a\n\nb', [1, 1, 1, 0, 0]),
        ("inside parentheses", "(a(b)c)d", [1, 1, 1, 1, 1, 1, 0, 0]),
        ("inside parentheses", ")a(", [0, 0, 1]),
        ("inside square brackets", "[1]", [1, 1, 0]),
        ("inside curly brackets", "{}", [1, 0]),
        ("inside angle brackets", "<a>b", [1, 1, 0, 0]),
        ("in an upper-case word", "ABc DE", [0, 1, 0, 0, 0, 1]),
        ("in a number", "a12 3", [0, 1, 1, 0, 1]),
    ],
)
def test_features_are_what_a_reader_would_say(name: str, text: str, expected: list[int]) -> None:
    assert values(name, text).astype(int).tolist() == expected


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_no_feature_knows_what_comes(feature: object) -> None:
    (of,) = (f.of for f in FEATURES if f is feature)
    whole = np.asarray(of(TEXT))
    for stop in range(1, len(TEXT)):
        assert np.asarray(of(TEXT[:stop]))[-1] == whole[stop - 1], repr(TEXT[:stop])


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_feature_takes_the_oddest_texts(feature: object) -> None:
    (of,) = (f.of for f in FEATURES if f is feature)
    for text in ("\n", "a", "\n\n\n", "\r\n \t\f", "é\u2028x"):
        assert len(of(text)) == len(text)
