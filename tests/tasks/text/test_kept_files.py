"""The hash of each file that a text was made of: what a checkpoint keeps, and what is said of a change."""

from dataclasses import replace
from pathlib import Path

import pytest

from lstm_model.tasks.text.corpus import Corpus, read_corpus
from lstm_model.tasks.text.kept_files import MOST, KeptFiles
from lstm_model.tasks.text.reading.sources import Texts


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.md").write_text(f"{name} and more\n" * 100)
    return read_corpus(Texts((tmp_path / "one/page.md", tmp_path / "two/page.md")))


def test_files_of_the_same_name_are_kept_apart(corpus: Corpus) -> None:
    kept = KeptFiles.of(corpus)
    assert set(kept.hashes) == {"page.md", "page.md (2)"}
    assert len(set(kept.hashes.values())) == 2
    assert KeptFiles.from_memory(kept.memory()) == kept


def test_so_many_files_are_not_kept_that_no_checkpoint_could_be_read(corpus: Corpus) -> None:
    for names in (
        [f"{number}.md" for number in range(MOST + 1)],
        [f"{',' * 20}{number}" for number in range(MOST // 20)],
    ):
        many = replace(corpus, files=tuple(names), hashes=("0" * 64,) * len(names))
        assert KeptFiles.of(many).memory() == {}


@pytest.mark.parametrize("memory", [{}, {"files": None}, {"files": []}, {"files": {"a": 1}}])
def test_a_checkpoint_without_sound_hashes_tells_no_change(memory: dict[str, object], corpus: Corpus) -> None:
    assert KeptFiles.from_memory(memory).changes(KeptFiles.of(corpus)) == ""


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({"a": "1"}, {"a": "1"}, ""),
        ({"a": "1", "b": "2"}, {"a": "1", "b": "3"}, "b has changed"),
        ({"a": "1", "b": "2"}, {"a": "0", "b": "3"}, "a and b have changed"),
        ({"a": "1", "b": "2"}, {"b": "2", "c": "2"}, "a is missing, c is new"),
        (dict.fromkeys("abcdef", "1"), {"a": "1"}, "b, c, d and 2 more are missing"),
    ],
)
def test_a_change_names_the_files(before: dict[str, str], now: dict[str, str], said: str) -> None:
    assert KeptFiles(before).changes(KeptFiles(now)) == said
