"""What is mended in a text: line ends, marks, zero characters, accents. Whatever befell it, it comes back."""

import codecs
import hashlib
import itertools
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lstm_model.errors import InputError
from lstm_model.tasks.text.corpus import Vocabulary, read_corpus
from lstm_model.tasks.text.reading import decoding
from lstm_model.tasks.text.reading.mending import Mending, joins_on, mended
from lstm_model.tasks.text.reading.reader import TextFile
from lstm_model.tasks.text.writing.prompt import fitted_prompt
from support.texts import text_of, written

MANY = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LINES = "the sea was calm and the boat was small\n" * 60
CAT = "the café sat\n" * 200

# What is mended


def test_marks_and_zero_characters_are_left_out_and_counted(tmp_path: Path) -> None:
    corpus = read_corpus(written(tmp_path, ("\ufeffone\n" + LINES + "\ufefftwo\0\n" + LINES + "\ufeff\0.\n").encode()))
    assert text_of(corpus) == "one\n" + LINES + "two\n" + LINES + ".\n"
    assert corpus.notes[:3] == (
        "the byte order mark was left out",
        "2 byte order marks in the middle of the text were left out",
        "2 zero characters (U+0000) were left out",
    )


def test_line_ends_of_all_kinds_are_counted(tmp_path: Path) -> None:
    corpus = read_corpus(written(tmp_path, b"a\r\nb\rc\n\r\r\nd\n" * 9))
    assert text_of(corpus) == "a\nb\nc\n\n\nd\n" * 9
    assert corpus.as_read.line_ends == {"CR LF": 18, "CR": 18, "LF": 18}
    assert corpus.notes == ("line ends CR LF (18), CR (18), LF (18) were read as LF",)


def test_letters_are_composed_and_that_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, unicodedata.normalize("NFD", "é ü 각 x̂\n" * 30).encode())
    corpus = read_corpus(path)
    assert text_of(corpus) == "é ü 각 x̂\n" * 30
    assert corpus.notes == ("letters and accents that stood apart were composed (NFC): 120 of them",)
    (single,) = read_corpus(written(tmp_path, "5 k\u2126\n".encode() * 30)).notes
    assert single == "some characters were replaced by their usual form (NFC)"


def test_whatever_can_melt_with_what_stands_before_it_joins_on() -> None:
    for letter in map(chr, range(0x110000)):
        for before, after in itertools.pairwise(unicodedata.normalize("NFD", letter)):
            assert joins_on(after) or unicodedata.is_normalized("NFC", before + after)
        if unicodedata.combining(letter) or not unicodedata.is_normalized("NFC", letter):
            assert joins_on(letter)


@pytest.mark.parametrize("kept", ["\r", "\0", "\ufeff"])
def test_a_model_that_knows_a_character_that_is_mended_now_reads_it_as_it_did(kept: str, tmp_path: Path) -> None:
    text = (LINES + kept + "x") * 3
    known = Vocabulary("".join(sorted(set(text))))
    corpus = read_corpus(written(tmp_path, text.encode()), vocabulary=known)
    assert text_of(corpus) == text
    assert mended(text, known.characters) == text


def test_a_model_made_of_decomposed_letters_reads_them_so(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", CAT)
    known = Vocabulary("".join(sorted(set(apart))))
    corpus = read_corpus(written(tmp_path, apart.encode()), vocabulary=known)
    assert text_of(corpus) == apart
    assert (
        fitted_prompt("café", known.characters) == unicodedata.normalize("NFD", "café") or "é" not in known.characters
    )


# Properties

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "gb18030"]
LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"])
WRITTEN = st.text(
    st.one_of(st.sampled_from("abc é\u0301\u0302 각\u1100\u1161ßñ😀漢\n"), LETTERS),
    min_size=1,
    max_size=60,
).filter(lambda text: "\ufeff" not in text)  # fmt: skip


@MANY
@given(
    text=WRITTEN,
    piece=st.integers(1, 40),
    encoding=st.sampled_from(ENCODINGS),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    form=st.sampled_from(["NFC", "NFD"]),
)
def test_a_text_comes_back_whatever_it_was_written_in(
    text: str, piece: int, encoding: str, ends: str, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "PIECE", piece)
    expected = unicodedata.normalize("NFC", text)
    raw = unicodedata.normalize(form, text).replace("\n", ends).encode(encoding)  # type: ignore[arg-type]
    path = written(tmp_path, raw)
    file = TextFile(path, encoding)
    vocabulary = Vocabulary("".join(sorted(set(expected))))
    assert sorted(file.characters) == sorted(set(expected))
    assert vocabulary.decode(file.take_ids(vocabulary.encode(file.characters))) == expected
    assert file.fingerprint == hashlib.sha256(raw).hexdigest()
    assert file.as_read.size == len(raw)
    assert sum(file.as_read.line_ends.values()) == text.count("\n")


@MANY
@given(
    text=st.text(st.sampled_from("ab\r\n\ufeff\0e\u0301\u0302é\u0323"), max_size=40), cuts=st.lists(st.integers(0, 40))
)
def test_mending_does_not_depend_on_where_pieces_end(text: str, cuts: list[int]) -> None:
    places = sorted({0, *(cut for cut in cuts if cut < len(text)), len(text)})
    pieces = [text[a:b] for a, b in itertools.pairwise(places)]
    in_pieces, whole = Mending(), Mending()
    assert "".join(in_pieces.pieces(iter(pieces))) == "".join(whole.pieces(iter([text])))
    assert in_pieces.notes == whole.notes
    assert mended(mended(text)) == mended(text) or text.startswith("\ufeff")


TORN = [b"the ", b"caf\xc3\xa9", b"\xe9", b"\r", b"\n", b"\0", b"\xff\xfe", codecs.BOM_UTF8, b"\xd8\x00"]
BYTES = st.one_of(
    st.binary(max_size=200),
    st.lists(st.sampled_from(TORN), max_size=60).map(b"".join),
    st.tuples(
        st.sampled_from([b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"PK\x03\x04", b"+/v8"]), st.binary(max_size=80)
    ).map(b"".join),
)


@MANY
@given(
    data=BYTES,
    piece=st.integers(1, 64),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le", "latin-1", "cp1252", "gb18030", "cp932", "utf-7",
                              "iso2022_jp", "utf-32", "koi8_r", "ascii", "hz", "big5hkscs"]),
    errors=st.sampled_from(["strict", "replace"]),
)  # fmt: skip
def test_no_bytes_end_in_anything_but_a_text_or_one_line(
    data: bytes, piece: int, encoding: str, errors: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "PIECE", piece)
    path = written(tmp_path, data)
    said, file = "", None
    try:
        file = TextFile(path, encoding, errors)  # type: ignore[arg-type]
    except InputError as error:
        said = str(error)
    if file is None:
        assert len(said.splitlines()) == 1
        assert str(path) in said
        return
    ids = file.take_ids(np.arange(len(file.characters), dtype=np.uint16))
    assert len(ids) > 0
    assert ids.max() < len(file.characters)
