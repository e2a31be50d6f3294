"""What the stages of reading say and where, files that are none or that change, and settings of the reader."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.tasks.stock.reading.cells import find_rows
from lstm_model.tasks.stock.reading.columns import Wish
from lstm_model.tasks.stock.reading.read import STAGES, read_file
from lstm_model.tasks.stock.series.prices import read_prices

CASES = Path(__file__).parent / "cases"
ROWS = "".join(f"2024-01-{day:02},{100 + day}\n" for day in range(1, 29))
TODAY = int(np.datetime64("2024-06-01", "us").astype(np.int64))


def written(folder: Path, text: str) -> Path:
    path = folder / "prices.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_notes_come_in_the_order_of_the_stages_and_know_their_place(tmp_path: Path) -> None:
    text = "A list of prices\nDate;Price;Name\n" + ROWS.replace(",", ";").replace(";120", ";")
    read = read_file(written(tmp_path, text), Wish())
    assert [note.stage for note in read.notes] == ["table", "columns", "rows"]
    assert set(STAGES) > {note.stage for note in read.notes}
    assert [note.row for note in read.notes] == [1, None, 22]
    assert (read.taken, read.left, read.separator, read.line_ends) == (("Date", "Price"), ("Name",), ";", "LF")
    assert read.series.lines.tolist() == [line for line in range(3, 31) if line != 22]


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    told: list[float] = []
    read_prices(written(tmp_path, "Date,Close\n" + ROWS), tell=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_file_that_grows_while_it_is_read_is_read_as_it_was(tmp_path: Path) -> None:
    path = written(tmp_path, "Date,Close\n" + ROWS + "2024-01-29,1")

    def grow(_: float) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write("29\n")

    prices = read_prices(path, tell=grow)
    assert (str(prices.dates[-1]), prices.close[-1]) == ("2024-01-28", 128)
    assert any("grew" in note for note in prices.notes)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such pipes")
def test_a_pipe_and_a_directory_are_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="pipe: is a pipe or a device: write what comes out of it to a file"):
        read_prices(tmp_path / "pipe")
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\): name a CSV file"):
        read_prices(tmp_path)


def test_nothing_is_later_than_today(tmp_path: Path) -> None:
    path = written(tmp_path, "Date,Close\n" + ROWS + "2024-06-10,130\n")
    with pytest.raises(InputError, match=r"row 30: 2024-06-10 is after today: correct the date"):
        read_file(path, Wish(), now=TODAY)
    plan = "".join(f"{year},{year}\n" for year in range(1950, 2041))
    notes = read_file(written(tmp_path, "Year,Value\n" + plan), Wish(), now=TODAY).notes
    assert any(note.text == "16 rows were after today (first row 77, 2025-01-01)" for note in notes)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("1962-01-02", "1970-06-02"),
        ("1998-03-02", "2003-03-03"),
        ("1930-01-06", "1965-01-04"),
        ("2010-01-04", "2024-05-20"),
    ],
)
@pytest.mark.parametrize("newest_first", [False, True])
def test_years_of_two_digits_get_their_century(first: str, last: str, newest_first: bool, tmp_path: Path) -> None:
    days = np.arange(first, last, 7, dtype="datetime64[D]")
    texts = [f"{day.day}-{day:%b}-{day:%y},{k + 1}\n" for k, day in enumerate(days.tolist())]
    path = written(tmp_path, "Date,Close\n" + "".join(texts[::-1] if newest_first else texts))
    read = read_file(path, Wish(), now=TODAY).series.dates
    assert (read == days).all()


def test_what_a_jump_advises_mends_it() -> None:
    path = CASES / "04b_split_4_to_1.csv"
    note = next(note for note in read_prices(path).notes if "`adjust`" in note)
    advice = note.split("`adjust` ")[1].split()[0]
    mended = read_prices(path, adjust=[advice])
    assert not any("factor" in note for note in mended.notes)
    assert np.abs(np.diff(np.log(mended.close))).max() < 0.1


@pytest.mark.parametrize("name", ["16d_gbk.csv", "16n_latin1.csv", "p48_shift_jis.csv", "p50_cp1252_euro.csv"])
def test_an_encoding_that_is_advised_reads_the_file(name: str) -> None:
    with pytest.raises(InputError, match="set `encoding` to") as error:
        read_prices(CASES / name)
    encoding = str(error.value).split("`encoding` to ")[1].split(",")[0]
    assert len(read_prices(CASES / name, encoding=encoding).dates) > 50


@pytest.mark.parametrize(
    "name", ["04g_two_tickers_alternate_days.csv", "p31_two_tickers_long.csv", "08g_yf_two_tickers.csv"]
)
def test_each_series_that_is_named_can_be_chosen(name: str) -> None:
    with pytest.raises(InputError, match=r"set `(symbol|column)` to one of them") as error:
        read_prices(CASES / name)
    for choice in ("AAA", "BBB"):
        assert choice in str(error.value)
        assert len(read_prices(CASES / name, symbol=choice).dates) > 80


@pytest.mark.parametrize(
    "text",
    [
        'a,"b, c",d\n1,2,3\n',
        'a,"b\nc",d\n1,2,3',
        'a,5" pipe,c\n1,2,3\n',
        '"a","b ""x"" y","c"\n"1","2","3"\n',
        "a,b\n\n1,2,3,4\n",
    ],
)
def test_rows_and_fields_are_those_of_the_csv_module(text: str) -> None:
    import csv
    import io

    grid = find_rows(text.encode(), ord(","))
    ours = [[grid.cell(row, k) for k in range(int(grid.counts[row]) + 1)] for row in range(len(grid))]
    theirs = list(csv.reader(io.StringIO(text)))
    assert [row for row in ours if row != [""]] == [row for row in theirs if row]
