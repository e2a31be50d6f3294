"""A prompt is mended as the text was; what a model does not know is named with what it does know."""

import codecs
import unicodedata

import pytest

from lstm_model.errors import InputError
from lstm_model.tasks.text.corpus import Vocabulary
from lstm_model.tasks.text.writing.prompt import decoded_prompt, fitted_prompt

KNOWN = "\n \"',-.abcdefghimnorstuéfi"


@pytest.mark.parametrize(
    ("typed", "fitted"),
    [
        ("\ufeffthe\r\nfog", "the\nfog"),
        ("the\rfog", "the\nfog"),
        (unicodedata.normalize("NFD", "the café"), "the café"),
        ("a\ufeffb\0c", "abc"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_a_prompt_is_mended_as_a_text_is(typed: str, fitted: str) -> None:
    assert fitted_prompt(typed, KNOWN) == fitted


def test_a_model_that_knows_carriage_returns_keeps_them() -> None:
    assert fitted_prompt("a\rb\r\nc", KNOWN + "\r") == "a\rb\nc"


@pytest.mark.parametrize(
    ("unknown", "said"),
    [
        ("è", "'è' (U+00E8)"),
        ("è", "For 'è' it knows 'e' (U+0065)"),
        ("\u2019", 'it knows "\'" (U+0027)'),
        ("\u2026", "it knows '...' (U+002E U+002E U+002E)"),
        ("\ufb01", "it knows 'fi' (U+0066 U+0069)"),
        ("\u0301", "'\u0301' (U+0301)"),
    ],
)
def test_an_unknown_character_is_named_with_what_could_stand_for_it(unknown: str, said: str) -> None:
    vocabulary = Vocabulary("".join(sorted(set(KNOWN))))
    with pytest.raises(InputError) as caught:
        vocabulary.encode("the " + unknown)
    assert said in str(caught.value)


def test_there_is_no_advice_where_nothing_is_alike() -> None:
    with pytest.raises(InputError, match=r"characters of its text$"):
        Vocabulary("ab").encode("漢")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_prompt_file_may_have_a_byte_order_mark(encoding: str) -> None:
    assert fitted_prompt(decoded_prompt("the café\n".encode(encoding), "p"), KNOWN) == "the café\n"
    assert decoded_prompt(codecs.BOM_UTF16_BE + "é".encode("utf-16-be"), "p") == "é"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"one\r\ntwo\rcaf\xe9", "p.txt is not UTF-8: byte 0xe9 at offset 12, line 3; save it as UTF-8"),
        (b"caf\xe9", "line 1;"),
        (b"one\n\xff", "line 2;"),
        ("the fog".encode("utf-16-le"), "p.txt looks like UTF-16 without a byte order mark; save it as UTF-8"),
    ],
)
def test_a_prompt_that_is_no_text_says_where(raw: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        decoded_prompt(raw, "p.txt")
    assert said in str(caught.value)
