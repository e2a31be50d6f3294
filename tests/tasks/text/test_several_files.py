"""Several files are one text: which are taken, in which order, where parts begin, and what is left out and why."""

import os
import shutil
from pathlib import Path

import pytest

from lstm_model.errors import InputError
from lstm_model.settings.config import Config
from lstm_model.tasks.text.corpus import Corpus, Vocabulary, read_corpus
from lstm_model.tasks.text.reading import sources
from lstm_model.tasks.text.reading.joined import between_files
from lstm_model.tasks.text.reading.sources import Texts, find_files

PAGES = {f"page{number:02}.md": f"# Page {number}\n\nIt says {number} times nothing.\n" * 20 for number in range(40)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty pages, some of them below a folder of their own."""
    for number, (name, text) in enumerate(PAGES.items()):
        path = tmp_path / "texts" / ("more" if number % 3 == 0 else "") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "texts"


def text_of(corpus: Corpus) -> str:
    return corpus.vocabulary.decode(corpus.ids)


def names(texts: Texts) -> list[str]:
    return [each.name for each in find_files(texts).files]


# Which, and in which order


def test_a_folder_is_all_its_files_one_after_the_other(folder: Path) -> None:
    corpus = read_corpus(Texts((folder,), order="name"))
    assert text_of(corpus) == "".join((folder / name).read_text(encoding="utf-8") for name in corpus.files)
    assert sorted(Path(name).name for name in corpus.files) == sorted(PAGES)
    assert corpus.files == tuple(sorted(corpus.files))
    assert corpus.name == "texts/"


def test_the_mixed_order_follows_from_names_alone(folder: Path, tmp_path: Path) -> None:
    mixed = names(Texts((folder,)))
    assert mixed != sorted(mixed)
    other = Path(shutil.copytree(folder, tmp_path / "elsewhere"))
    for path in other.rglob("*.md"):
        path.write_text("something else\n", encoding="utf-8")
    assert names(Texts((other,))) == mixed
    held_out = set(mixed[-8:])
    assert {name.startswith("more/") for name in held_out} == {True, False}  # each part has some of every kind


def test_files_are_taken_by_patterns_of_their_names_or_of_their_paths(folder: Path) -> None:
    (folder / "notes.txt").write_text("no page", encoding="utf-8")
    assert names(Texts((folder,), ("*.txt",))) == ["notes.txt"]
    assert set(names(Texts((folder,), ("*.txt", "more/*")))) == {
        "notes.txt", *(f"more/{path.name}" for path in (folder / "more").iterdir())
    }  # fmt: skip


def test_a_file_that_is_named_twice_comes_once(folder: Path) -> None:
    assert len(names(Texts((folder, folder / "page01.md", folder)))) == len(PAGES)


def test_a_file_that_does_not_end_its_last_line_gets_a_line_end(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"{name} says no more" * 3, encoding="utf-8")
    paths = (tmp_path / "a", tmp_path / "b")
    corpus = read_corpus(Texts(paths, order="name"))
    assert text_of(corpus) == f"{'a says no more' * 3}\n{'b says no more' * 3}\n"
    assert corpus.name == "a and 1 more"
    known = Vocabulary("".join(sorted(set("abc says no more"))))  # of a model that has no line ends
    assert "\n" not in text_of(read_corpus(Texts(paths), vocabulary=known))


def test_one_file_is_read_as_ever(folder: Path) -> None:
    path = folder / "page01.md"
    one = read_corpus(path)
    assert (one.files, one.notes, text_of(one)) == ((), (), PAGES["page01.md"])


# Where parts begin


def test_parts_begin_with_files(folder: Path) -> None:
    corpus = read_corpus(Texts((folder,)), split=(70, 20, 10))
    for name in ("val", "test"):
        start = corpus.parts[name].start
        assert text_of(corpus)[:start].endswith("nothing.\n")
        assert text_of(corpus)[start:].startswith("# Page ")
        whole = text_of(corpus)[:start].count("# Page") % 20
        assert whole == 0  # of each page twenty lines
    assert [part.stop for part in corpus.parts.values()][-1] == len(corpus.ids)
    assert not any("begins within a file" in note for note in corpus.notes)


def test_a_cut_moves_a_fifth_of_the_smaller_part_at_most() -> None:
    parts = {"train": range(900), "val": range(900, 950), "test": range(950, 1000)}
    moved, inside = between_files(parts, [0, 500, 891, 961])
    assert (moved["train"], moved["val"], inside) == (range(891), range(891, 950), ("test",))
    moved, inside = between_files(parts, [0, 890, 960])
    assert (moved, inside) == ({"train": range(890), "val": range(890, 960), "test": range(960, 1000)}, ())


def test_a_part_that_is_empty_stays_so() -> None:
    parts = {"train": range(90), "val": range(90, 100), "test": range(100, 100)}
    moved, _ = between_files(parts, [0, 91])
    assert (moved["val"], len(moved["test"])) == (range(91, 100), 0)


# What is left out


def test_what_is_no_text_is_left_out_and_said_with_the_reason(folder: Path) -> None:
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (folder / "zeros.dat").write_bytes(bytes(range(32)) * 40)
    (folder / "latin.md").write_bytes("caf\xe9 ".encode("latin-1") * 30)
    (folder / "nothing.md").write_bytes(b"")
    (folder / ".hidden").write_text("not shown", encoding="utf-8")
    corpus = read_corpus(Texts((folder,)))
    assert {each.name: each.kind for each in corpus.skipped} == {
        "picture.png": "no text", "zeros.dat": "no text", "latin.md": "in another encoding", "nothing.md": "empty",
    }  # fmt: skip
    (latin,) = [each.why for each in corpus.skipped if each.name == "latin.md"]
    assert "byte 0xe9 at offset 3, line 1" in latin
    assert "40 files, in mixed order" in corpus.notes
    (said,) = [note for note in corpus.notes if note.startswith("left out: ")]
    for phrase in (
        "no text 2 (",
        "picture.png",
        "in another encoding 1 (latin.md)",
        "empty 1 (nothing.md)",
        "hidden 1",
    ):
        assert phrase in said
    assert "é" not in corpus.vocabulary.characters


def test_nothing_of_a_file_that_fails_in_its_middle_stays(folder: Path) -> None:
    (folder / "half.md").write_bytes("字".encode() * 40 + b"\xff")
    corpus = read_corpus(Texts((folder,)))
    assert "字" not in corpus.vocabulary.characters
    assert text_of(corpus).count("# Page") == 20 * len(PAGES)


def test_bytes_that_are_no_text_can_be_replaced_in_all(folder: Path) -> None:
    (folder / "latin.md").write_bytes("caf\xe9 ".encode("latin-1") * 30)
    corpus = read_corpus(Texts((folder,)), encoding_errors="replace")
    assert not corpus.skipped
    assert text_of(corpus).count("\ufffd") == corpus.as_read.replaced == 30


def test_if_no_file_is_left_the_first_reason_is_the_error(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(500))
    (tmp_path / "b.bin").write_bytes(bytes(500))
    with pytest.raises(
        InputError, match=r"none of 2 files can be read; .*\.bin is no text: 500 of its first 500 bytes"
    ):
        read_corpus(Texts((tmp_path,)))


def test_notes_on_many_files_come_once(folder: Path) -> None:
    for name in ("a.md", "b.md"):
        (folder / name).write_bytes(b"one\r\ntwo\r\n" * 30)
    (said,) = [note for note in read_corpus(Texts((folder,))).notes if "CR" in note]
    assert said.endswith("(2 files)")


# Bad input


def test_an_empty_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory without a file: name one that has texts, or a file"):
        find_files(Texts((tmp_path,)))
    (tmp_path / "a.txt").write_text("text", encoding="utf-8")
    with pytest.raises(InputError, match=r"a file that fits \*\.md \(left out: not asked for by `include` 1\)"):
        find_files(Texts((tmp_path,), ("*.md",)))


def test_a_circle_of_links_is_not_walked(folder: Path) -> None:
    (folder / "more" / "up").symlink_to(folder)
    (folder / "loop").symlink_to(folder / "loop")
    found = find_files(Texts((folder,)))
    assert len(found.files) == len(PAGES)
    assert found.left_out == {"links to folders": 1, "links that lead nowhere": 1}


def test_pipes_in_a_folder_are_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert find_files(Texts((folder,))).left_out == {"pipes and devices": 1}


@pytest.mark.parametrize(
    ("bound", "phrase"), [("MOST_FILES", "more than 12 files"), ("MOST_ENTRIES", "more than 12 ent")]
)
def test_a_folder_with_too_many_files_is_left_at_once(
    bound: str, phrase: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, bound, 12)
    with pytest.raises(InputError, match=phrase):
        find_files(Texts((folder,)))


def test_a_path_that_is_not_there_is_an_error_beside_others(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no file .*missing: name a text file"):
        find_files(Texts((folder, tmp_path / "missing")))


# Going on


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename"])
def test_whatever_changes_in_a_folder_changes_its_fingerprint(change: str, folder: Path) -> None:
    before = read_corpus(Texts((folder,))).fingerprint
    assert read_corpus(Texts((folder,))).fingerprint == before
    page = folder / "page01.md"
    match change:
        case "edit":
            page.write_text(PAGES[page.name].replace("nothing", "nothinG", 1), encoding="utf-8")
        case "add":
            (folder / "new.md").write_text("new\n", encoding="utf-8")
        case "remove":
            page.unlink()
        case "rename":
            page.rename(folder / "page99.md")
    assert read_corpus(Texts((folder,))).fingerprint != before


def test_other_data_take_the_place_of_all_files() -> None:
    config = Config.of("text", data="/a", more_data=("/b", "/c"))
    assert config.changed(data="/d").more_data == ()
    assert config.changed(seed=2).more_data == ("/b", "/c")
    assert Config.from_dict(config.as_dict()) == config
