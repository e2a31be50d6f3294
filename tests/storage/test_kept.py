"""What is kept of files is never what a file does not hold."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from lstm_model.storage import kept
from lstm_model.storage.cache import cache_folder
from lstm_model.storage.kept import Kept


class Reader:
    """Reads files, and knows which."""

    def __init__(self) -> None:
        self.files: list[str] = []

    def __call__(self, file: Path) -> list[Any]:
        self.files.append(file.name)
        return [file.read_text()]


@pytest.fixture(autouse=True)
def worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "WORTH_IT", 1)
    monkeypatch.setattr(kept, "SETTLED", -1.0)  # as if every file had rested


def ask(folder: Path, kind: str = "test 1") -> tuple[dict[str, str], list[str]]:
    """What is told of each file, and which of them were read for it."""
    reader, keeper = Reader(), Kept(kind, folder)
    told = {file.name: keeper.of(file, reader)[0] for file in sorted(folder.iterdir())}
    keeper.close()
    return told, reader.files


def test_a_file_that_is_as_it_was_is_read_once(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text(name)
    assert ask(tmp_path) == ({"a": "a", "b": "b"}, ["a", "b"])
    assert ask(tmp_path) == ({"a": "a", "b": "b"}, [])
    (tmp_path / "c").write_text("c")
    assert ask(tmp_path) == ({"a": "a", "b": "b", "c": "c"}, ["c"])


def test_other_contents_of_the_same_size_and_date_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("one")
    os.utime(file, (1_000, 1_000))
    ask(tmp_path)
    file.write_text("two")  # in place: the same place on the disk, the same size
    os.utime(file, (1_000, 1_000))
    assert ask(tmp_path) == ({"a": "two"}, ["a"])
    other = tmp_path / "other"
    other.write_text("six")
    os.utime(other, (1_000, 1_000))
    other.replace(file)  # as a checkpoint replaces the one before
    assert ask(tmp_path) == ({"a": "six"}, ["a"])


def test_what_has_just_changed_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "SETTLED", 1e6)
    (tmp_path / "a").write_text("a")
    ask(tmp_path)
    assert ask(tmp_path) == ({"a": "a"}, ["a"])
    later = time.time() + 2e6
    monkeypatch.setattr("time.time", lambda: later)
    ask(tmp_path)
    assert ask(tmp_path) == ({"a": "a"}, [])


def test_what_changes_while_it_is_read_is_not_kept(tmp_path: Path) -> None:
    file, keeper = tmp_path / "a", Kept("test 1", tmp_path)
    file.write_text("old")

    def read_slowly(file: Path) -> list[Any]:
        text = file.read_text()
        file.write_text("newer")
        return [text]

    keeper.of(file, read_slowly)
    keeper.close()
    assert ask(tmp_path) == ({"a": "newer"}, ["a"])


def test_another_kind_or_damage_reads_anew(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    before = set(cache_folder("test").glob("*"))
    ask(tmp_path)
    assert ask(tmp_path, "test 2") == ({"a": "a"}, ["a"])
    for file in set(cache_folder("test").glob("*")) - before:
        values = json.loads(file.read_text())
        file.write_text(json.dumps(values | {"body": values["body"].replace('["a"]', '["b"]')}))
    assert ask(tmp_path) == ({"a": "a"}, ["a"])
    for file in cache_folder("test").glob("*"):
        file.write_bytes(b"\xff{")
    assert ask(tmp_path) == ({"a": "a"}, ["a"])


def test_errors_come_through_and_are_not_kept(tmp_path: Path) -> None:
    keeper = Kept("test 1", tmp_path)
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            keeper.of(tmp_path / "none", Reader())
