"""CSV files that are broken, huge or hostile: read, or refused in one short line, soon, and shown without harm."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lstm_model.errors import InputError
from lstm_model.tasks.stock.reading.table import MOST_COLUMNS
from lstm_model.tasks.stock.series.prices import read_prices
from lstm_tui.cli import main
from support.hostile_text import LINE, NAME, assert_aligned, assert_clean, unclean

Out = pytest.CaptureFixture[str]
DAYS = "".join(
    f"2024-{month:02}-{day:02},{10 + month + day / 10:.1f}\n" for month in range(1, 6) for day in range(1, 29)
)
GOOD = "Date,Close\n" + DAYS
BIG = 2_000_000  # characters; time grows in step with it, and ten million take some three seconds at most
SMALL = ["--hidden", "8", "--batch", "4", "--seq", "5"]


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "prices.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(folder: Path, content: str | bytes) -> str:
    with pytest.raises(InputError) as error:
        read_prices(written(folder, content))
    return str(error.value).removeprefix(str(folder))


cells = st.sampled_from(
    ["Date", "Close", "2024-01-02", "1", "1,5", "9999-12-31", "0001-01-01", "nan", "$1", NAME, *LINE]
)
pieces = st.sampled_from([",", ";", "\t", "|", '"', "\n", "\r", "\r\n", "\ufeff", "\x00", "\\", " "])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.lists(st.one_of(cells, pieces), max_size=40).map("".join), st.binary(max_size=80)))
@example("Date,Close\n" + LINE + ",1\n")
@example(f"Date,Close,{LINE}\n" + "2024-01-02,1,2\n")
@example('"')
@example("\ufeff")
def test_whatever_a_file_holds_it_is_read_or_refused_in_a_short_line(tmp_path: Path, content: str | bytes) -> None:
    try:
        prices = read_prices(written(tmp_path, content))
    except InputError as error:
        line = str(error).removeprefix(str(tmp_path))
        assert len(line.splitlines()) == 1
        assert len(line) < 400
    else:
        assert len(prices.dates) == len(prices.close) > 0
        assert (prices.close > 0).all()


@pytest.mark.parametrize(
    ("content", "phrase"),
    [
        (GOOD + "2025-01-01," + "a" * BIG, "row 142: Close 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...' is not a number"),
        (GOOD + "2025-01-01," + "1" * BIG, "is not a number"),
        (GOOD + '2025-01-01,"1' + ",111" * (BIG // 4) + '"', "is not a number"),
        (GOOD + "2" * BIG + ",1", "row 142: Date '2222222222222222222222222222222222222...' is not a date"),
        (GOOD + "1T1:" * (BIG // 4) + ",1", "is not a date"),
        (GOOD + "1" + " " * BIG + "x,1", "is not a date"),
        (GOOD + "1" + "," * BIG + "1", f"row 142: {BIG + 1} fields where the header has 2"),
        (GOOD + '2025-01-01,"1' + "x\n" * (BIG // 2), "row 142: a quotation mark is opened and never closed"),
        ("a" * BIG, "no comma, semicolon or tab in its first line 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'"),
        ("," * BIG, f"{BIG + 1:,} columns, and {MOST_COLUMNS:,} are read at most"),
        ("Day," + ",".join(f"{k:050}" for k in range(9000)) + "\n", "a header and no rows"),
        (
            "Day," + ",".join(f"{k:050}" for k in range(900)) + "\n1" + ",1" * 900,
            "no column 'Close', only 'Day', '0000",
        ),
        (GOOD.replace("\n", ",\x00\n", 1), "a zero byte at offset 11"),
    ],
    ids=lambda value: value[:40] if len(value) < 200 else "file",
)
def test_a_huge_cell_or_line_is_refused_soon_and_not_quoted_whole(content: str, phrase: str, tmp_path: Path) -> None:
    begun = time.process_time()
    line = refusal(tmp_path, content)
    assert time.process_time() - begun < 3
    assert phrase in line
    assert len(line) < 300


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text.replace("\n", "\r"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(",", ";"),
        lambda text: (
            text.replace("Date,Close\n", f'Date,Close,"{NAME}"\n')
            .replace(".1\n", f'.1,"{LINE[:90]}"\n')
            .replace("\x00", "")
        ),
    ],
    ids=["BOM and CR", "CR LF", "semicolons", "columns nobody asked for"],
)
def test_what_does_not_matter_is_read_over(change: Callable[[str], str], tmp_path: Path) -> None:
    plain, other = (read_prices(written(tmp_path, content)) for content in (GOOD, change(GOOD)))
    assert (plain.dates == other.dates).all()
    assert (plain.close == other.close).all()


def test_the_first_year_of_the_calendar_is_a_date_and_the_last_is_after_today(here: Path, capsys: Out) -> None:
    path = written(here, f"Date,Close\n0001-01-01,9\n{DAYS}9999-12-31,20\n")
    with pytest.raises(InputError, match="row 143: 9999-12-31 is after today"):
        read_prices(path)
    path = written(here, f"Date,Close\n0001-01-01,9\n{DAYS}")
    assert str(read_prices(path).dates[0]) == "0001-01-01"
    assert main(["train", "--task", "stock", "--data", str(path), "--save", "run", "--steps", "2", *SMALL]) == 0
    assert main(["eval", "--load", "run"]) == 0
    assert "from 0001-01-01 to 2024-05-28" in capsys.readouterr().out


@pytest.mark.parametrize("bad", ["Close", "Date"])
def test_a_hostile_cell_is_quoted_without_its_effects(bad: str, here: Path, capsys: Out) -> None:
    row = f'"{NAME}",1\n' if bad == "Date" else f'2025-01-01,"{NAME}"\n'
    written(here, GOOD + row)
    assert main(["train", "--task", "stock", "--data", "prices.csv", "--steps", "1", *SMALL]) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert unclean(err) == set()
    assert f"{bad} '\\x1b]0;owned" in err


def test_a_column_with_a_hostile_name_is_named_without_its_effects(here: Path, capsys: Out) -> None:
    name = NAME.replace("\n", " ").strip()
    written(here, GOOD.replace("Close", f'"{name}"', 1))
    options = ["--task", "stock", "--data", "prices.csv", "--column", name, "--save", "run", "--steps", "2", *SMALL]
    assert main(["train", *options]) == 0
    assert main(["eval", "--load", "run"]) == 0
    out, err = capsys.readouterr()
    assert "column ␛]0;owned" in out
    assert unclean(out + err) == set()
    assert main(["train", *options[:5], "none", "--steps", "2", *SMALL]) == 2
    err = capsys.readouterr().err
    assert "no column 'none', only 'Date', '\\x1b]0;owned" in err
    assert unclean(err) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_the_app_shows_a_hostile_series_and_stays_in_its_frames(here: Path) -> None:
    from support.terminal import Terminal

    name = NAME.replace("\n", " ").strip()
    written(here, GOOD.replace("Date,Close", f'Date,"{name}"', 1)).rename(here / NAME)
    (here / "bad.csv").write_text(GOOD + f'2025-01-01,"{NAME}"\n', encoding="utf-8")
    options = ["--task", "stock", "--data", NAME, "--column", name, *SMALL]
    with Terminal(*options, folder=here, env={"LSTM_TUI_SAVES": os.fspath(here / NAME) + "-saves"}) as terminal:
        terminal.wait(r"TRAINING +stock +step [1-9]")
        terminal.wait(r"RMSE")
        assert_aligned(terminal.screen)
        terminal.press("n")
        terminal.wait("New run")
        terminal.wait("owned")
        terminal.press("\t\x01\x0b")  # the data field: to its start, delete all
        terminal.wait("those that ship")
        terminal.press("bad.csv")
        terminal.wait("bad.csv")
        terminal.press("\r")
        terminal.wait(r"row[\s│]+142:[\s│]+Close '")  # wherever the line is folded
        terminal.press("\x1b")
        terminal.wait(r"^╭.*Loss")
        assert_aligned(terminal.screen)
        terminal.press("q")
        assert terminal.end() == 0
    assert_clean(terminal.raw)
