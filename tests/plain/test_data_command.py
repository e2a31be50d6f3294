"""`lstm-tui data FILE`: how a file is read is shown before anything is trained, by what training itself uses."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from lstm_model.tasks.data_files import shipped
from lstm_tui.cli import main
from support.price_cases import CASES, ROWS, options

Out = pytest.CaptureFixture[str]
TEXTS = Path(__file__).parents[1] / "tasks/text/cases"


def shown(capsys: Out, *arguments: object) -> str:
    """What the command says of a file that can be read."""
    capsys.readouterr()
    assert main(["data", *map(str, arguments)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def report(capsys: Out, *arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shown(capsys, *arguments, "--json"))
    return found


def refusal(capsys: Out, *arguments: object) -> str:
    """The one line about a file that cannot be read."""
    capsys.readouterr()
    assert main(["data", *map(str, arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert "`" not in line  # the library's names of settings
    return line


def flags(text: str) -> list[str]:
    """The options of a case."""
    given = ((name, ",".join(value) if isinstance(value, list) else value) for name, value in options(text).items())
    return [word for name, value in given for word in (f"--{name.replace('_', '-')}", value)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join([row[0], row[2]]).strip())
def test_every_file_of_prices_is_known_as_one_and_read_as_training_reads_it(row: list[str], capsys: Out) -> None:
    name, _, arguments, right = row
    if right.startswith("refused"):
        assert f"{CASES / name}" in refusal(capsys, CASES / name, "--task", "stock", *flags(arguments))
        return
    found = report(capsys, CASES / name, *flags(arguments))
    assert found["task"] == "stock"
    head = f"{found['rows']} rows, {found['first']} to {found['last']}, {found['column']} "
    assert right.startswith(head)
    assert "; ".join(found["notes"]) == right.partition("; ")[2].replace("`adjust`", "--adjust")


def test_prices_are_shown_with_rows_columns_notes_parts_and_a_picture(capsys: Out) -> None:
    said = shown(capsys, CASES / "04b_split_4_to_1.csv")
    lines = said.splitlines()
    assert "stock: it is a table with dates and numbers" in said
    assert "read        Date, Close" in lines
    assert "rows        420, 2022-06-01 to 2024-01-09, rows by the day" in lines
    assert "validation  63 rows, 2023-07-18 to 2023-10-12" in lines
    assert "2022-06-01   99.71" in lines
    assert "2024-01-09   35.16" in lines
    assert "--adjust 2023-06-28:0.25 would mend it" in said
    assert any(line.startswith("      └") for line in lines)
    assert "prices before 2023-06-28 were multiplied by 0.25" in shown(
        capsys, "--adjust", "2023-06-28:0.25", CASES / "04b_split_4_to_1.csv"
    )
    assert "validation  42 rows" in shown(capsys, CASES / "04b_split_4_to_1.csv", "--split", "80/10/10")
    assert "rows by 5 minutes" in shown(capsys, CASES / "05b_mt4_date_and_time.csv")


def test_what_training_would_refuse_is_said(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "few.csv"
    path.write_text("Date,Close\n" + "".join(f"2024-01-{day:02},{day}\n" for day in range(1, 21)), encoding="utf-8")
    (note,) = report(capsys, path)["notes"]
    assert note.startswith("a run with the usual settings would be refused: 20 rows are too few for --seq 30")
    assert main(["train", "--task", "stock", "--data", str(path), "--steps", "1"]) == 2
    assert "20 rows are too few for --seq 30" in capsys.readouterr().err


def test_a_text_is_shown_with_its_characters_parts_and_what_training_never_shows(capsys: Out) -> None:
    path = TEXTS / "english90_french10.txt"
    said = shown(capsys, path)
    assert "text: it is not a table with dates and prices" in said
    assert "text        17,701 characters, 50 different" in said.splitlines()
    assert "10 of them never in training, 21 % of it" in said
    assert "lines end in LF (469)" in said
    found = report(capsys, path)
    assert (found["characters"], found["vocabulary"], found["encoding"]) == (17_701, 50, "utf-8")
    assert found["characters"] == sum(part["characters"] for part in found["parts"].values())
    assert any("10 characters that training never shows" in note for note in found["notes"])


def test_mended_bytes_and_line_ends_of_a_text_are_told(capsys: Out) -> None:
    assert report(capsys, TEXTS / "cr_only_small.txt")["line_ends"]["CR"] > 1
    assert report(capsys, TEXTS / "utf16_mark.txt")["encoding"].startswith("utf-16")
    line = refusal(capsys, TEXTS / "one_bad_byte_small.txt")
    assert "set --encoding-errors to replace" in line
    found = report(capsys, TEXTS / "one_bad_byte_small.txt", "--encoding-errors", "replace")
    assert found["replaced"] == 1
    assert "--encoding to utf-16-le" in refusal(capsys, TEXTS / "utf16le_no_mark.txt")
    wide = report(capsys, TEXTS / "utf16le_no_mark.txt", "--encoding", "utf-16-le")
    assert wide["characters"] == wide["bytes"] / 2


def test_what_ships_is_known_as_what_it_is(capsys: Out) -> None:
    found = report(capsys, shipped("stock"))
    assert (found["task"], found["rows"], found["column"], found["date_column"]) == ("stock", 3270, "Close", "Date")
    assert (found["first"], found["last"]) == ("2000-03-01", "2013-03-01")
    assert found["parts"]["train"]["first"] == "2000-03-01"
    assert report(capsys, shipped("stock"), "--task", "text")["characters"] == shipped("stock").stat().st_size


def test_an_option_of_one_task_alone_says_what_the_file_is_for(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "rates.txt"
    rows = "".join(f"2024-01-{day:02},{day},{day / 2}\n" for day in range(1, 31))
    path.write_text(f"Date,Yen,Dollar\n{rows}", encoding="utf-8")
    assert "no column 'Close', only 'Date', 'Yen', 'Dollar'" in refusal(capsys, path)
    found = report(capsys, path, "--column", "Yen")
    assert (found["why"], found["column"], found["last_row"]) == ("--column is for it", "Yen", {"Yen": 30.0})
    assert "--column is for the task stock and means nothing for text" in refusal(
        capsys, path, "--task", "text", "--column", "Rate"
    )
    assert "--encoding-errors is for the task text" in refusal(
        capsys, path, "--task", "stock", "--encoding-errors", "replace"
    )
    assert "unknown option '--hidden'" in refusal(capsys, path, "--hidden", "8")


@pytest.mark.parametrize(
    ("content", "phrase"),
    [
        (b"once upon a time\n", "not a CSV file"),
        (b"", "the file is empty"),
        (b'{"a": 1}', "this is JSON, not CSV"),
        (b"date,word\n2024-01-01,x\n2024-01-02,y\n", "no column 'Close', only 'date', 'word'"),
    ],
)
def test_a_refusal_says_which_task_the_file_was_read_for(
    content: bytes, phrase: str, tmp_path: Path, capsys: Out
) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(content)
    line = refusal(capsys, path)
    assert phrase in line
    assert line.endswith("(read for the task stock: its name ends in .csv)")


def test_what_is_no_plain_file_is_refused(tmp_path: Path, capsys: Out) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "is a pipe or a device" in refusal(capsys, tmp_path / "pipe")
    assert "is a directory" in refusal(capsys, tmp_path)
    assert "there is no file" in refusal(capsys, tmp_path / "missing.txt")
    assert "FILE is missing" in refusal(capsys)


def test_nothing_of_a_file_steers_the_terminal(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "odd.txt"
    path.write_text("\x1b[31mred\x07\n" * 200, encoding="utf-8")
    said = shown(capsys, path)
    assert not set(said) & {"\x1b", "\x07"}
