"""Texts as people have them are read as they are meant, or refused with a way out that works."""

import codecs
import gzip
import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from lstm_model.errors import InputError
from lstm_model.tasks.text.corpus import read_corpus
from lstm_model.tasks.text.reading import decoding
from lstm_model.tasks.text.reading.reader import TextFile
from lstm_model.tasks.text.writing.prompt import decoded_prompt, fitted_prompt
from support.texts import text_of, written

CASES = Path(__file__).parent / "cases"
LINES = "the sea was calm and the boat was small\n" * 60
CAT = "the café sat\n" * 200


# The cases


@pytest.mark.parametrize(
    ("name", "encoding", "starts", "length", "notes"),
    [
        ("cr_only_small.txt", "utf-8", "alpha beta 1\ngamma\nalpha", 8292, ["line ends CR were read as LF"]),
        ("utf16_mark.txt", "utf-8", "the cat sat on the mat\n", 6900, ["read as UTF-16, as its byte order mark says"]),
        ("utf16le_no_mark.txt", "utf-16-le", "the cat sat on the mat\nthe", 6900, []),
        (
            "english90_french10.txt", "utf-8", "Rang and on boat", 17701,
            ["the held-out part has 10 characters that training never shows, 22 % of it: 'é' (U+00E9), 'ê' (U+00EA), "
             "'ù' (U+00F9), ',' (U+002C), '-' (U+002D), '?' (U+003F), 'Ç' (U+00C7), 'ï' (U+00EF) and 2 more"],
        ),
        (
            "t04_40_characters.txt", "utf-8", "to be or not", 40,
            ["the held-out part has 1 character that training never shows, 25 % of it: '\\n' (U+000A)"],
        ),
    ],
)  # fmt: skip
def test_a_case_is_read_as_it_is_meant(name: str, encoding: str, starts: str, length: int, notes: list[str]) -> None:
    corpus = read_corpus(CASES / name, encoding)
    assert text_of(corpus).startswith(starts)
    assert len(corpus.ids) == length
    assert list(corpus.notes) == notes


def test_utf_16_without_a_mark_is_named_and_the_advice_works() -> None:
    path = CASES / "utf16le_no_mark.txt"
    with pytest.raises(InputError) as caught:
        read_corpus(path)
    said, advised = str(caught.value).rsplit(" ", 1)
    assert said == f"{path} looks like UTF-16 without a byte order mark: set `encoding` to"
    assert len(read_corpus(path, advised).ids) == 6900


def test_one_bad_byte_is_found_and_the_advice_works() -> None:
    path = CASES / "one_bad_byte_small.txt"
    with pytest.raises(InputError) as caught:
        read_corpus(path)
    assert str(caught.value) == (
        f"{path} is not utf-8 throughout: byte 0x9d at offset 2,800, line 201, in '\ufffdthe cat sat'. Correct it,"
        " or set `encoding_errors` to replace"
    )
    corpus = read_corpus(path, encoding_errors="replace")
    assert text_of(corpus).count("\ufffd") == corpus.as_read.replaced == 1
    assert corpus.notes[0] == "what is no utf-8 was replaced by U+FFFD: once"


def test_a_decomposed_prompt_is_composed_for_a_model_that_knows_the_letter(tmp_path: Path) -> None:
    prompt = decoded_prompt((CASES / "s01_prime_nfd.txt").read_bytes(), "prompt.txt")
    known = read_corpus(written(tmp_path, CAT.encode())).vocabulary
    assert "\u0301" in prompt
    assert fitted_prompt(prompt, known.characters) == "café "
    known.encode(fitted_prompt(prompt, known.characters))


# Bytes and encodings


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_has_the_last_word(encoding: str, tmp_path: Path) -> None:
    path = written(tmp_path, CAT.encode(encoding))
    for asked in ("utf-8", "latin-1", encoding):
        corpus = read_corpus(path, asked)
        assert text_of(corpus) == CAT
    assert ("read as" in " ".join(read_corpus(path, "latin-1").notes)) is True


def test_utf_16_that_has_no_mark_where_one_was_promised_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "漢字".encode("utf-16-be"))
    with pytest.raises(InputError, match="has no byte order mark: set `encoding` to utf-16-le or utf-16-be"):
        read_corpus(path, "utf-16")
    with pytest.raises(InputError, match="is empty"):
        read_corpus(written(tmp_path, b""), "utf-16")


def test_the_mark_of_the_other_byte_order_is_believed(tmp_path: Path) -> None:
    path = written(tmp_path, codecs.BOM_UTF16_BE + CAT.encode("utf-16-be"))
    assert text_of(read_corpus(path, "utf-16-le")) == CAT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [CAT, "Мороз и солнце; день чудесный!\n" * 50, "天地玄黄 宇宙洪荒。\n" * 50])
def test_wide_encodings_without_a_mark_are_named(encoding: str, text: str, tmp_path: Path) -> None:
    path = written(tmp_path, text.encode(encoding))
    with pytest.raises(InputError, match=f"set `encoding` to {encoding}$"):
        read_corpus(path)
    assert text_of(read_corpus(path, encoding)) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Die Bäume stehen größer über den Häusern; müde Füße.\n"),
        ("cp1252", "x" * 1000 + "café"),
        ("cp1252", "100 €\n"),
        ("cp1252", "the café sat by the sea, and the word was “grey”\n"),
        ("cp1251", "Мороз и солнце; день чудесный! Ещё ты дремлешь, друг прелестный.\n"),
        ("koi8_r", "Мороз и солнце; день чудесный! Ещё ты дремлешь, друг прелестный.\n"),
        ("gb18030", "天地玄黄。宇宙洪荒。日月盈昃。辰宿列张。寒来暑往。秋收冬藏。\n"),
        ("cp932", "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。\n"),
        ("cp949", "나라의 말이 중국과 달라 문자와 서로 통하지 아니하므로\n"),
        ("cp1250", "Zażółć gęślą jaźń. Chrząszcz brzmi w trzcinie w Szczebrzeszynie.\n"),
    ],
)  # fmt: skip
def test_another_encoding_is_named_with_what_it_makes_of_the_place_and_is_not_used(
    encoding: str, text: str, tmp_path: Path
) -> None:
    path = written(tmp_path, (text * 40).encode(encoding))
    with pytest.raises(InputError, match=r"is not utf-8: byte 0x.. at offset .*, line 1, in ") as caught:
        read_corpus(path)
    advice = str(caught.value).split("perhaps to ", 1)[1]
    assert f"{encoding} (" in advice
    first = next(k for k, letter in enumerate(text) if letter > "~")
    assert text[max(0, first - 5) : first + 4].strip() in advice
    assert len(str(caught.value).removeprefix(str(path))) < 240
    assert text_of(read_corpus(path, encoding)) == text * 40


@pytest.mark.parametrize("piece", [1, 7, 1 << 20])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_bad_byte_is_where_an_editor_finds_it(
    piece: int, ends: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "PIECE", piece)
    before = f"é one{ends}two{ends}{ends}fo".encode()
    path = written(tmp_path, before + b"\xffur" + f"{ends}five é{ends}".encode())
    with pytest.raises(InputError) as caught:
        read_corpus(path)
    assert f"byte 0xff at offset {len(before)}, line 4, in 'fo\ufffdur'" in str(caught.value)


@pytest.mark.parametrize("piece", [1, 5, 1 << 20])
@pytest.mark.parametrize(("data", "offset"), [("häß".encode() + b"\xe4x", 5), ("hä".encode() + b"\xf0\x9f\x98", 3)])
def test_the_offset_of_a_bad_byte_does_not_depend_on_the_pieces(
    data: bytes, offset: int, piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "PIECE", piece)
    with pytest.raises(InputError, match=rf"byte 0x{data[offset]:02x} at offset {offset}, line 1"):
        TextFile(written(tmp_path, data))


@pytest.mark.parametrize("piece", [1, 2, 3, 1 << 20])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "cp1252", "gb18030", "shift_jis"])
def test_what_is_replaced_is_counted(
    encoding: str, piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "PIECE", piece)
    bad = {"utf-8": b"\xff", "utf-16-le": b"\x00\xdc", "cp1252": b"\x81", "gb18030": b"\xff", "shift_jis": b"\xff"}[
        encoding
    ]
    good = "abc def\n".encode(encoding)
    path = written(tmp_path, (good + bad) * 5 + good)
    with pytest.raises(InputError, match="`encoding_errors` to replace"):
        read_corpus(path, encoding)
    corpus = read_corpus(path, encoding, encoding_errors="replace")
    assert text_of(corpus) == "abc def\n\ufffd" * 5 + "abc def\n"
    assert corpus.as_read.replaced == 5
    assert corpus.notes[0].endswith("was replaced by U+FFFD: 5 times")


def test_what_the_file_itself_lost_is_not_counted_as_replaced(tmp_path: Path) -> None:
    corpus = read_corpus(written(tmp_path, "lost \ufffd and found\n".encode() * 20), encoding_errors="replace")
    assert corpus.as_read.replaced == 0


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "text")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (gzip.compress(LINES.encode()), "packed by gzip, no plain text: unpack it first"),
        (zipped("xl/workbook.xml"), "an Excel workbook"),
        (zipped("word/document.xml"), "a Word document"),
        (zipped("a.txt"), "a zip archive"),
        (b"%PDF-1.7\n" + LINES.encode(), "a PDF, no plain text: take its text out first"),
        (b"{\\rtf1 text}", "rich text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "a picture"),
        (b"\x40\0\0\0\0\0\0\0" + b'{"a":1}' + b" " * 200, "a saved model"),
        (LINES.encode() + bytes(4000), "is no text: 4,000 of its first 6,400 bytes are zero bytes"),
        (bytes(range(1, 32)) * 40, "control characters"),
    ],
    ids=["gzip", "xlsx", "docx", "zip", "pdf", "rtf", "png", "safetensors", "zeros", "controls"],  # bytes hold the time
)
def test_what_is_no_text_is_named(data: bytes, said: str, tmp_path: Path) -> None:
    for encoding in ("utf-8", "latin-1"):
        with pytest.raises(InputError) as caught:
            read_corpus(written(tmp_path, data), encoding)
        assert said in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [('{"a": [1, 2, 3],\n "b": "c"}\n', "JSON"), ("<!DOCTYPE html><html>\n", "HTML"), ("<?xml version='1'?>\n", "XML")],
)
def test_json_and_html_are_texts_and_are_named(text: str, kind: str, tmp_path: Path) -> None:
    corpus = read_corpus(written(tmp_path, text.encode() * 20))
    assert text_of(corpus) == text * 20
    assert corpus.notes == (f"this is {kind}: its marks are learnt as all other characters are",)


# Files


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="is a pipe or a device: save what it gives in a file"):
        read_corpus(tmp_path / "pipe")
    with pytest.raises(InputError, match="is a directory"):
        read_corpus(tmp_path)
    with pytest.raises(InputError, match="there is no file"):
        read_corpus(tmp_path / "nothing")


@pytest.mark.parametrize("piece", [16, 1000])
def test_a_file_that_grows_is_read_up_to_where_it_was(
    piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "PIECE", piece)
    start = ("é" * 100 + "\n").encode() * 5 + b"\xc3"  # the last letter was being written
    path = written(tmp_path, start)
    file = decoding.Decoding(path, "utf-8")
    texts = []
    for text in file.pieces():
        texts.append(text)
        with path.open("ab") as more:
            more.write(b"\xa9 more and more\n")
    assert "".join(texts) == ("é" * 100 + "\n") * 5
    assert file.notes == (f"the file grew while it was read: its first {len(start):,} bytes count",)
    assert file.fingerprint == hashlib.sha256(start).hexdigest()


def test_what_a_kernel_makes_up_has_no_size_and_is_read(tmp_path: Path) -> None:
    path = Path("/proc/self/status")
    if not path.exists():
        pytest.skip("no /proc here")
    assert "Name:" in text_of(read_corpus(path))
