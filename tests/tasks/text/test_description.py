"""What is said of a text before anything is trained on it: its bytes, characters, parts, what training never shows."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.tasks.text.corpus import read_corpus
from lstm_model.tasks.text.description import describe_text
from lstm_model.tasks.text.judging.verdict import LEAST_CHARACTERS, text_verdict
from lstm_model.tasks.text.unseen import PIECE, Unseen, unseen_characters
from support.texts import text_of, written

CASES = Path(__file__).parent / "cases"
COUNTED = {"uniform": 2.0, "context_0": 1.5, "context_1": 1.0}


def test_a_text_is_described_as_it_is_read(tmp_path: Path) -> None:
    text = "to be or not to be, that is the question\n" * 200 + "zebra é\n"
    path = written(tmp_path, text.replace("\n", "\r\n").encode())
    found = describe_text(path)
    assert (found.as_read.size, found.as_read.encoding) == (path.stat().st_size, "utf-8")
    assert found.as_read.line_ends == {"CR LF": 201, "CR": 0, "LF": 0}
    assert found.length == len(text) == sum(found.counts.values())
    assert {character: text.count(character) for character in set(text)} == found.counts
    assert list(found.counts.values()) == sorted(found.counts.values(), reverse=True)
    assert found.rarest(2) == {"é": 1, "z": 1}
    assert [(part.name, len(part.characters)) for part in found.parts] == [("train", 7387), ("val", 411), ("test", 410)]
    train, val, test = found.parts
    assert (train.copies, train.unseen.counts) == ({}, {})
    assert val.copies == {"20": 1.0, "50": 1.0, "100": 1.0}
    assert 0.9 < test.copies["50"] < 1
    assert test.unseen.counts == {"z": 1, "é": 1}
    assert not test.judgeable
    assert train.judgeable
    assert (found.start, found.end) == (text[:200], text[-200:])
    assert found.notes == read_corpus(path).notes
    assert [part.copies for part in describe_text(path, with_copies=False).parts] == [{}, {}, {}]


def test_the_progress_of_a_description_is_told(tmp_path: Path) -> None:
    told: list[float] = []
    describe_text(written(tmp_path, b"to be or not to be\n" * 400), tell=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)


# Characters that training never shows


def test_characters_that_training_never_shows_are_counted_in_the_part() -> None:
    corpus = read_corpus(CASES / "english90_french10.txt")
    text, train = text_of(corpus), corpus.parts["train"]
    for part in (corpus.held_out, corpus.parts["val"], corpus.parts["test"]):
        words = text[part.start : part.stop]
        expected = {c: words.count(c) for c in set(words) - set(text[: train.stop])}
        found = corpus.unseen(part)
        assert found.counts == expected
        assert list(found.counts.values()) == sorted(expected.values(), reverse=True)
        assert found.share == sum(expected.values()) / len(words)
    assert corpus.unseen(train).sentence() == ""


def test_a_character_that_comes_late_in_a_long_training_part_is_seen() -> None:
    train = np.zeros(2 * PIECE + 5, np.uint8)
    train[-1] = 1
    found = unseen_characters(train, np.array([0, 1, 2, 2], np.uint8), "abc")
    assert found == Unseen({"c": 2}, 4)
    assert found.sentence("test part") == (
        "the test part has 1 character that training never shows, 50 % of it: 'c' (U+0063)"
    )


# The verdict


def test_there_is_no_verdict_on_too_few_characters() -> None:
    assert text_verdict(0.5, COUNTED, {}, length=LEAST_CHARACTERS).startswith("Better than every counting model")
    assert text_verdict(0.5, COUNTED, {}, length=LEAST_CHARACTERS - 1) == (
        "No verdict: 999 characters are too few to judge by, 1,000 are the least."
    )
    assert text_verdict(0.5, COUNTED, {}, length=1).startswith("No verdict: one character is too few")


def test_the_verdict_says_what_training_never_shows() -> None:
    said = text_verdict(0.5, COUNTED, {}, length=2000, unseen=Unseen({"é": 440}, 2000))
    assert "Training never shows 22 % of the part's characters" in said
    assert text_verdict(0.5, COUNTED, {}, 2000, Unseen({}, 2000)) == text_verdict(0.5, COUNTED, {})
