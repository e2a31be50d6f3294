"""Rows of any step: what it is called, when the next row will be, and files of other sources."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.tasks.stock.series.calendar import date_after, step_word
from support.series import reading

DAYS = np.datetime64("2024-01-01") + np.arange(40)  # a Monday
WEEKDAYS = np.busday_offset(np.datetime64("2024-01-01"), np.arange(40))
MONTHS = np.datetime64("2023-01", "M") + np.arange(15)
MONTH_ENDS = (MONTHS + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")  # to 2024-03-31
HOURS = np.datetime64("2024-01-01T00:00:00") + 3600 * np.arange(40)


@pytest.mark.parametrize(
    ("dates", "word", "following", "fifth"),
    [
        (WEEKDAYS, "day", "2024-02-26", "2024-03-01"),
        (DAYS, "day", "2024-02-10", "2024-02-14"),  # weekends are traded
        (np.delete(DAYS, [5, 6, 20]), "day", "2024-02-10", "2024-02-14"),  # and some days are missing
        (np.datetime64("2024-01-05") + 7 * np.arange(10), "week", "2024-03-15", "2024-04-12"),
        (MONTHS.astype("datetime64[D]"), "month", "2024-04-01", "2024-08-01"),
        (MONTHS.astype("datetime64[D]") + np.timedelta64(14, "D"), "month", "2024-04-15", "2024-08-15"),
        (MONTH_ENDS, "month", "2024-04-30", "2024-08-31"),
        (np.busday_offset(MONTH_ENDS, 0, roll="backward"), "month", "2024-04-30", "2024-08-30"),
        (np.busday_offset(MONTHS.astype("datetime64[D]"), 0, roll="forward"), "month", "2024-04-01", "2024-08-01"),
        (np.delete(MONTH_ENDS, 7), "month", "2024-04-30", "2024-08-31"),  # one month is missing
        (MONTH_ENDS[2::3], "quarter", "2024-06-30", "2025-06-30"),
        (np.arange("2010", "2020", dtype="datetime64[Y]").astype("datetime64[D]"), "year", "2020-01-01", "2024-01-01"),
        (HOURS, "hour", "2024-01-02T16:00:00", "2024-01-02T20:00:00"),
        (HOURS[::4], "step", "2024-01-02T16:00:00", "2024-01-03T08:00:00"),
        (HOURS[0] + 60 * np.arange(9), "minute", "2024-01-01T00:09:00", "2024-01-01T00:13:00"),
    ],
)  # fmt: skip
def test_the_step_is_named_and_goes_on(dates: np.ndarray, word: str, following: str, fifth: str) -> None:
    assert step_word(dates) == word
    assert (str(date_after(dates)), str(date_after(dates, 5))) == (following, fifth)
    assert date_after(dates).dtype == dates.dtype


def test_a_single_row_has_no_step() -> None:
    assert step_word(DAYS[:1]) == "step"


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("date;open;adj close\n2024-01-02;1,5;2,25\n2024-01-03;1,5;3,25\n", "'adj close' was read as the price"),
        (
            "Date\tClose/Last\tVolume\n01/30/2024\t$2.25\t10\n01/31/2024\t$3.25\t9\n",
            "'Close/Last' was read as the price",
        ),
        ("timestamp,close\n1704153600,2.25\n1704240000,3.25\n", "'timestamp' was read as time since 1970, UTC"),
        ("Open time,Close\n1704153600000,2.25\n1704240000000,3.25\n", "'Open time' was read as time since 1970, UTC"),
        ("Date,Price\n2024-01-02,2.25\n2024-01-03,3.25\n", "there is no column Close: 'Price' was read as the price"),
    ],
)
def test_files_of_other_sources_are_read_and_what_was_taken_is_said(content: str, note: str, tmp_path: Path) -> None:
    prices = reading(tmp_path, content)
    assert prices.close.tolist() == [2.25, 3.25]
    assert prices.dates.dtype == "datetime64[D]"
    assert any(note in said for said in prices.notes)


def test_the_close_is_taken_where_there_is_one(tmp_path: Path) -> None:
    prices = reading(tmp_path, "Date,Adj Close,Close\n2024-01-02,1,2\n2024-01-03,1,3\n")
    assert (prices.close.tolist(), prices.column, prices.notes) == ([2, 3], "Close", ())


def test_numbers_that_may_be_dates_are_no_time_since_1970(tmp_path: Path) -> None:
    hours = reading(tmp_path, "Date,Close\n2024010209,1\n2024010210,2\n").dates
    assert [str(hour) for hour in hours] == ["2024-01-02T09:00:00", "2024-01-02T10:00:00"]
    assert str(reading(tmp_path, "Date,Close\n20240102,1\n20240103,2\n").dates[0]) == "2024-01-02"
    assert str(reading(tmp_path, "timestamp,Close\n946684800,1\n946771200,2\n").dates[0]) == "2000-01-01"
    with pytest.raises(InputError, match="is not a date"):
        reading(tmp_path, "Date,Close\n1704153600,1\nx,2\n1704240000,3\n")
