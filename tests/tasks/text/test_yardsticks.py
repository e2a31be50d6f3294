"""What a text model is held against: compressors, copies, and the cache that keeps them."""

import bz2
import gzip
import json
import lzma
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_model.errors import InputError
from lstm_model.storage import cache
from lstm_model.tasks.text.corpus import Vocabulary, read_corpus
from lstm_model.tasks.text.judging import yardsticks
from lstm_model.tasks.text.judging.compressors import compressed_bits
from lstm_model.tasks.text.judging.counting_names import COUNTING
from lstm_model.tasks.text.judging.overlap import copied_share
from lstm_model.tasks.text.judging.verdict import text_verdict
from lstm_model.tasks.text.judging.yardsticks import counting_of, of_text
from support.places import ROOT
from support.stepped import PAGE

KNOWN = Vocabulary("".join(sorted({*PAGE, "é"})))
TRAIN, PART = KNOWN.encode(PAGE * 9), KNOWN.encode(PAGE[7:])


@pytest.fixture(autouse=True)
def an_empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_model.storage.cache.user_cache_path", lambda name, appauthor: tmp_path / "cache" / name)


# Compressors


def test_compressors_need_what_their_commands_would() -> None:
    train, part = b"so much to read, so little time; " * 10_000, b"so little to read in so much time"
    bits = compressed_bits(train, part)
    commands: dict[str, Callable[[bytes], int]] = {
        "gzip": lambda data: len(gzip.compress(data, 9)),
        "bzip2": lambda data: len(bz2.compress(data, 9)),
        "xz": lambda data: len(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)),
    }
    for name, size in commands.items():
        assert bits[name] == 8 * (size(train + part) - size(train)), name


def test_a_python_without_a_compressor_leaves_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = of_text(TRAIN, PART, KNOWN.characters)
    assert list(whole.compressors) == ["gzip", "bzip2", "xz"]
    monkeypatch.setitem(sys.modules, "lzma", None)
    monkeypatch.setitem(sys.modules, "bz2", None)
    assert of_text(TRAIN, PART, KNOWN.characters).compressors == {"gzip": whole.compressors["gzip"]}


def test_compressors_read_the_text_and_not_its_numbers() -> None:
    text = "né ls" * 100
    found = of_text(KNOWN.encode(text), KNOWN.encode("é" * 50), KNOWN.characters).compressors
    assert found["gzip"] * 50 == compressed_bits(text.encode(), ("é" * 50).encode())["gzip"]


# Copies


@settings(max_examples=100, deadline=None)
@given(
    train=st.lists(st.integers(0, 2), max_size=60),
    part=st.lists(st.integers(0, 2), min_size=7, max_size=40),
    width=st.integers(1, 7),
    piece=st.sampled_from([1, 3, 1000]),
)
def test_copies_are_those_that_a_set_of_windows_finds(
    train: list[int], part: list[int], width: int, piece: int
) -> None:
    there = {tuple(train[i : i + width]) for i in range(len(train) - width + 1)}
    windows = [tuple(part[i : i + width]) for i in range(len(part) - width + 1)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lstm_model.tasks.text.judging.overlap.PIECE", piece)
        share = copied_share(np.array(train, np.uint8), np.array(part, np.uint8), width)
    assert share == pytest.approx(sum(window in there for window in windows) / len(windows))


def test_windows_of_one_hash_are_no_copies_unless_they_are_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    alike = lambda ids, width: np.zeros(len(ids) - width + 1, np.uint64)  # noqa: E731
    monkeypatch.setattr("lstm_model.tasks.text.judging.overlap._hashes", alike)
    assert copied_share(np.zeros(50, np.uint8), np.ones(30, np.uint8), 20) == 0


def test_a_part_shorter_than_a_window_has_no_share_of_copies() -> None:
    with pytest.raises(InputError, match="fewer than a window of 20"):
        copied_share(TRAIN, PART[:19], 20)
    assert list(of_text(TRAIN, PART[:60], KNOWN.characters).overlap) == ["20", "50"]
    assert of_text(TRAIN, PART[:3], KNOWN.characters).overlap == {}


# The cache


def test_what_was_found_once_is_not_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = of_text(TRAIN, PART, KNOWN.characters)
    for name in ("counting_losses", "compressed_bits", "copied_share"):
        monkeypatch.setattr(
            f"lstm_model.tasks.text.judging.yardsticks.{name}", lambda *_: pytest.fail("computed again")
        )
    assert of_text(TRAIN, PART, KNOWN.characters) == first
    assert counting_of(TRAIN, PART, KNOWN.characters) == first.counting


def test_what_the_screen_has_counted_serves_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = counting_of(TRAIN, PART, KNOWN.characters)
    monkeypatch.setattr(
        "lstm_model.tasks.text.judging.yardsticks.counting_losses", lambda *_: pytest.fail("counted again")
    )
    found = of_text(TRAIN, PART, KNOWN.characters)
    assert found.counting == counted
    assert found.compressors
    assert found.overlap


def test_other_texts_have_figures_of_their_own() -> None:
    other = "".join(reversed(KNOWN.characters))
    texts = [(TRAIN, PART), (TRAIN[1:], PART), (TRAIN, PART[1:]), (TRAIN[:-1], np.append(TRAIN[-1:], PART))]
    for train, part in texts:
        of_text(train, part, KNOWN.characters)
    of_text(TRAIN, PART, other)
    assert len(list(cache.cache_folder().iterdir())) == 5


@pytest.mark.parametrize(
    "damage",
    ["", "[]", "[" * 100_000, '{"counting": 3}', '{"counting": {"uniform": 1.0}}', "\x00\xff", "NaN", "much too long"],
)
def test_a_damaged_file_is_computed_anew_and_mended(damage: str) -> None:
    first = of_text(TRAIN, PART, KNOWN.characters)
    (file,) = cache.cache_folder().iterdir()
    good = file.read_bytes()
    if damage == "much too long":
        damage = good.decode().replace(str(first.counting["uniform"]), "1e999")
    file.write_text(damage, encoding="latin-1")
    assert of_text(TRAIN, PART, KNOWN.characters) == first
    assert json.loads(file.read_bytes()) == json.loads(good)


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    assert of_text(TRAIN, PART, KNOWN.characters) == of_text(TRAIN, PART, KNOWN.characters)


def test_only_the_newest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_model.storage.cache.MOST_FILES", 2)
    for age, key in enumerate("abc"):
        cache.remember(key, {"age": age})
        os.utime(cache.cache_folder() / f"{key}.json", (1_000 + age, 1_000 + age))
    cache.remember("d", {})
    assert sorted(file.name for file in cache.cache_folder().iterdir()) == ["c.json", "d.json"]
    assert cache.recall("c") == {"age": 2}
    assert cache.recall("a") == {}


# All together


def test_progress_grows_to_one() -> None:
    shares: list[float] = []
    of_text(TRAIN, PART, KNOWN.characters, shares.append)
    assert shares == sorted(shares)
    assert len(shares) > 15
    assert shares[-1] == 1


def test_of_long_texts_the_nearest_characters_are_read_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yardsticks, "MOST_COUNTED", 60)
    found = of_text(TRAIN, PART, KNOWN.characters)
    assert found.notes == (
        "counting, compressors and copies know 60 characters of each text at most, the nearest ones",
    )
    assert found.counting == counting_of(TRAIN[-60:], PART[:60], KNOWN.characters)
    assert of_text(TRAIN[-60:], PART[:60], KNOWN.characters).notes == ()


COUNTED = dict(zip(COUNTING, (4.0, 3.0, 2.5, 2.0, 1.5, 1.4, 1.3, 1.2, 1.25, 1.35), strict=True))
PACKED = {"gzip": 3.0, "xz": 2.0}  # bits: 2.08 and 1.39 nats


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        (5.0, "No better than uniform. Not fewer bits than gzip or xz."),
        (float("nan"), "No better than uniform. Not fewer bits than gzip or xz."),
        (4.0, "No better than uniform. Not fewer bits than gzip or xz."),
        (3.5, "Better than uniform, not better than any counting model. Not fewer bits than gzip or xz."),
        (2.7, "Better than unigram counts, not better than 2- to 9-gram counts. Not fewer bits than gzip or xz."),
        (2.2, "Better than 1- and 2-gram counts, not better than 3- to 9-gram counts. Not fewer bits than gzip or"
              " xz."),
        (1.9, "Better than 1- to 3-gram counts, not better than 4- to 9-gram counts. Fewer bits than gzip, not fewer"
              " than xz."),
        (1.32, "Better than 1- to 5- and 9-gram counts, not better than 6- to 8-gram counts. Fewer bits than gzip and"
               " xz."),
        (1.1, "Better than every counting model; the best of them, 7-gram counts, has 1.200 nats. Fewer bits than"
              " gzip and xz."),
    ],
)  # fmt: skip
def test_the_verdict_names_what_is_beaten_and_what_is_not(loss: float, said: str) -> None:
    assert text_verdict(loss, COUNTED, PACKED) == said


def test_the_verdict_makes_do_with_what_there_is() -> None:
    assert text_verdict(1.0, {"uniform": 2.0}, {}) == "Better than uniform."


@pytest.mark.slow
def test_the_published_figures_of_the_shipped_text_are_reproduced() -> None:
    corpus = read_corpus(ROOT / "data" / "linux_man.txt", split=(90, 10, 0))
    train, part = (corpus.ids[corpus.parts[name].start : corpus.parts[name].stop] for name in ("train", "val"))
    found = of_text(train, part, corpus.vocabulary.characters)
    assert found.compressors == pytest.approx({"gzip": 2.144, "bzip2": 1.511, "xz": 1.360}, rel=0.01)
    assert found.overlap == pytest.approx({"20": 0.287, "50": 0.105, "100": 0.050}, abs=0.001)
