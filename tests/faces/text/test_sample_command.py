"""`sample`: how many texts, when they end, and how they are shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from lstm_tui.cli import main
from lstm_tui.faces.text import writer

Out = pytest.CaptureFixture[str]


@pytest.fixture
def asked(runs: dict[str, Path]) -> list[str]:
    return ["sample", "--load", str(runs["text"]), "--prime", "NAME", "--length", "40"]


def as_json(asked: list[str], capsys: Out, *more: str) -> dict[str, Any]:
    assert main([*asked, "--json", *more]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def text(asked: list[str], capsys: Out, *more: str) -> str:
    assert main([*asked, *more]) == 0
    return capsys.readouterr().out


def test_each_of_several_has_the_next_seed_and_is_what_that_seed_writes(asked: list[str], capsys: Out) -> None:
    found = as_json(asked, capsys, "--count", "3", "--seed", "5")
    assert [each["seed"] for each in found["samples"]] == [5, 6, 7]
    for each in found["samples"]:
        assert text(asked, capsys, "--seed", str(each["seed"])) == "NAME" + each["text"]
        assert len(each["text"]) == 40
        assert 0 < each["loss"] < 10
        assert not each["ended"]
    assert (found["prompt"], found["temperature"]) == ("NAME", 0.8)


def test_more_than_are_written_at_a_time_come_in_their_order(
    asked: list[str], capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    def texts() -> list[tuple[int, str]]:
        found = as_json(asked, capsys, "--count", "5", "--seed", "1")["samples"]
        return [(each["seed"], each["text"]) for each in found]

    whole = texts()
    monkeypatch.setattr(writer, "SIDE_BY_SIDE", 2)
    assert texts() == whole


def test_several_are_shown_each_below_a_line_that_says_which_it_is(asked: list[str], capsys: Out) -> None:
    found = as_json(asked, capsys, "--count", "2", "--seed", "5")["samples"]
    shown = text(asked, capsys, "--count", "2", "--seed", "5")
    for number, each in enumerate(found, 1):
        head = f"--- {number} of 2, seed {each['seed']}, {each['loss']:.3f} nats per character ---"
        assert f"{head}\nNAME{each['text']}\n" in shown


def test_a_text_ends_with_what_was_to_end_it(asked: list[str], capsys: Out) -> None:
    whole = text(asked, capsys, "--seed", "5")
    until = whole[10:12]
    end = whole.index(until, 4) + 2
    assert text(asked, capsys, "--seed", "5", "--until", until) == whole[:end]
    (found,) = as_json(asked, capsys, "--seed", "5", "--until", until)["samples"]
    assert ("NAME" + found["text"], found["ended"]) == (whole[:end], True)


def test_a_search_writes_the_same_text_each_time_and_the_likeliest_first(asked: list[str], capsys: Out) -> None:
    found = as_json(asked, capsys, "--beam", "4", "--count", "3")
    assert found["beam"] == 4
    losses = [each["loss"] for each in found["samples"]]
    assert losses == sorted(losses)
    assert len(losses) == 3
    assert "seed" not in found["samples"][0]
    assert text(asked, capsys, "--beam", "4") == "NAME" + found["samples"][0]["text"]


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        ("--beam 3 --temperature 1", "--temperature means nothing with --beam"),
        ("--beam 3 --seed 1", "--seed means nothing with --beam"),
        ("--beam 3 --count 4", "--count 4 is more than the 3 beams there are"),
        ("--beam 1001", "--beam must be at most 1,000, not 1,001"),
        ("--count 0", "--count must be 1 or more"),
        ("--until=", "--until is empty"),
        ("--until 字", "the model has never seen '字'"),
    ],
)
def test_what_makes_no_sense_is_one_line(asked: list[str], options: str, phrase: str, capsys: Out) -> None:
    assert main([*asked, *options.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert phrase in line
