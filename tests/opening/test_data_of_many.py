"""`--data` with several files, a folder and standard input: trained on, gone on with, measured, shown."""

import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lstm_model.storage.checkpoint import load_checkpoint, save_checkpoint
from lstm_tui.cli import main
from support.runs import TINY, contents

Out = pytest.CaptureFixture[str]
TEXT = "NAME\n    ls, the list of what there is\n\n" * 60


@pytest.fixture
def folder(here: Path) -> Path:
    (here / "texts").mkdir()
    for number in range(12):
        (here / "texts" / f"{number}.md").write_text(f"{number}: {TEXT}", encoding="utf-8")
    (here / "texts" / "x.bin").write_bytes(bytes(300))
    return here / "texts"


def pipe(monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    class Pipe(io.TextIOWrapper):
        def isatty(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", Pipe(io.BytesIO(content.encode())))


def report(capsys: Out, *command: str) -> dict[str, Any]:
    assert main([*command, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_a_run_on_a_folder_goes_on_and_notices_a_changed_file(folder: Path, here: Path, capsys: Out) -> None:
    train = ["train", "--data", str(folder), "--include", "*.md", "--save", "run", *TINY, "--steps", "2"]
    assert main(train) == 0
    assert "note: 12 files, in mixed order" in capsys.readouterr().err
    assert main(["train", "--load", "run", "--steps", "3"]) == 0
    assert report(capsys, "eval", "--load", "run")["chars"] > 100
    before = contents(here / "run")
    (folder / "5.md").write_text(f"5: {TEXT[::-1]}", encoding="utf-8")
    (folder / "7.md").unlink()
    (folder / "9.md").write_bytes(b"\0\1\2\3" * 100)
    for name in ("a", "b", "c", "d"):
        (folder / f"{name}.md").write_text(TEXT, encoding="utf-8")
    assert main(["train", "--load", "run", "--steps", "4"]) == 2
    changes = "5.md has changed, 7.md is missing, 9.md is no text any more, a.md, b.md, c.md and 1 more are new"
    said = f"{changes} since run was trained on the files of texts/: name another folder with --save"
    assert said in capsys.readouterr().err
    assert contents(here / "run") == before
    assert main(["train", "--load", "run", "--steps", "4", "--save", "other"]) == 0
    assert f"{changes} since run was trained on the files of texts/" in capsys.readouterr().err
    assert main(["eval", "--load", "run"]) == 0
    assert f"{changes} since the model was trained on it" in capsys.readouterr().err


def test_a_run_whose_checkpoint_has_no_hash_of_each_file_says_that_they_changed(
    folder: Path, here: Path, capsys: Out
) -> None:
    train = ["train", "--data", str(folder), "--include", "*.md", "--save", "run", *TINY, "--steps", "2"]
    assert main(train) == 0
    file = here / "run" / "last.safetensors"
    checkpoint = load_checkpoint(file)
    data = checkpoint.record.data
    older = {name: value for name, value in data.memory.items() if name != "files"}
    assert len(data.memory["files"]) == 12
    record = replace(checkpoint.record, data=replace(data, memory=older))
    save_checkpoint(file, replace(checkpoint, record=record))
    assert main(["train", "--load", "run", "--steps", "3"]) == 0, "unchanged files are the same by the hash of all"
    save_checkpoint(file, replace(checkpoint, record=record))
    (folder / "5.md").write_text(f"5: {TEXT[::-1]}", encoding="utf-8")
    capsys.readouterr()
    assert main(["train", "--load", "run", "--steps", "4"]) == 2
    assert "texts/ has changed since run was trained on it: name another folder with --save" in capsys.readouterr().err


def test_several_files_are_kept_in_the_settings_and_found_again(folder: Path, here: Path, capsys: Out) -> None:
    files = [f"texts/{number}.md" for number in range(3)]
    assert main(["train", "--data", *files, "--save", "run", *TINY, "--steps", "2"]) == 0
    settings = json.loads((here / "run" / "config.json").read_text())
    assert (settings["data"], settings["more_data"]) == (str(here / files[0]), [str(here / name) for name in files[1:]])
    capsys.readouterr()
    assert main(["train", "--load", "run", "--steps", "3"]) == 0
    assert "note: 3 files, in mixed order" in capsys.readouterr().err
    assert main(["eval", "--load", "run", "--data", files[0]]) == 0
    assert "3 files" not in capsys.readouterr().err


def test_the_order_by_name_is_an_option(folder: Path, capsys: Out) -> None:
    mixed = report(capsys, "data", str(folder), "--include", "*.md")["files"]
    by_name = report(capsys, "data", str(folder), "--include", "*.md", "--order", "name")["files"]
    assert by_name == sorted(mixed) != mixed


def test_data_shows_a_folder_with_what_is_left_out(folder: Path, capsys: Out) -> None:
    found = report(capsys, "data", str(folder))
    assert (found["task"], found["why"]) == ("text", "it is a folder")
    assert (len(found["files"]), found["skipped"][0]["name"]) == (12, "x.bin")
    assert main(["data", str(folder)]) == 0
    assert "files       12 files, " in capsys.readouterr().out


def test_standard_input_is_kept_in_the_runs_folder_and_gone_on_with(
    here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, TEXT)
    assert main(["train", "--data", "-", "--save", "run", *TINY, "--steps", "2"]) == 0
    assert (here / "run" / "standard-input.txt").read_text() == TEXT
    assert main(["train", "--load", "run", "--steps", "3"]) == 0
    assert report(capsys, "eval", "--load", "run")["chars"] > 100


def test_standard_input_is_measured_and_shown_and_nothing_is_left_of_it(
    runs: dict[str, Path], here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch, data: dict[str, Path]
) -> None:
    before = contents(here)
    pipe(monkeypatch, data["text"].read_text())
    from_pipe = report(capsys, "eval", "--load", str(runs["text"]), "--data", "-")
    from_file = report(capsys, "eval", "--load", str(runs["text"]), "--data", str(data["text"]))
    assert {**from_pipe, "data": ""} == {**from_file, "data": ""}
    pipe(monkeypatch, TEXT)
    assert report(capsys, "data", "-")["characters"] == len(TEXT)
    assert contents(here) == before


def test_going_on_with_a_pipe_is_going_on_with_other_data(
    runs: dict[str, Path], here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch, data: dict[str, Path]
) -> None:
    before = contents(runs["text"])
    pipe(monkeypatch, data["text"].read_text() * 2)
    again = ["train", "--load", str(runs["text"]), "--data", "-", "--steps", "8"]
    assert main(again) == 2
    assert "is other data than saves/text-run was trained on" in capsys.readouterr().err.replace(f"{here}/", "")
    assert contents(runs["text"]) == before
    pipe(monkeypatch, data["text"].read_text() * 2)
    assert main([*again, "--save", "new"]) == 0


@pytest.mark.parametrize(
    ("content", "phrase"),
    [("", "standard input is empty: nothing came through the pipe"), ("ab", "has 2 characters: too few for a split")],
)
def test_a_pipe_that_ends_early_is_one_line_and_leaves_nothing(
    content: str, phrase: str, here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, content)
    assert main(["train", "--data", "-", "--steps", "2"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert phrase in line
    assert {name for name, what in contents(here).items() if what != "folder"} == set()
    assert not list(here.glob("saves/*"))


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ("--task stock --data texts/1.md texts/2.md", "--data must be one file for the task stock, not 2"),
        ("--task stock --include *.csv", "--include is for the task text"),
        ("--data empty", "empty is a directory without a file"),
        ("--data texts --include *.tex", "is a directory without a file that fits *.tex"),
        ("--data texts missing.txt", "there is no file"),
        ("--data texts --include=", "--include must be a pattern"),
        ("--data texts --order date", "--order must be mixed or name, not 'date'"),
    ],
)
def test_what_cannot_be_read_is_one_line(options: str, phrase: str, folder: Path, here: Path, capsys: Out) -> None:
    (here / "empty").mkdir()
    assert main(["train", *options.split(), "--steps", "2"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert phrase in line
