"""Prices: what a CSV file may look like, what is refused and where, and that no window sees its future."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_model.errors import InputError
from lstm_model.tasks.stock.series.features import FEATURES
from lstm_model.tasks.stock.series.prices import Prices, read_prices
from lstm_model.tasks.stock.series.scaler import Scaler
from lstm_model.tasks.stock.series.windows import PriceData
from support.places import DATA
from support.series import random_prices, reading

MSFT = DATA / "MSFT_1d_data.csv"
PLAIN = "Date,Close\n2024-01-30,1234.5\n2024-01-31,5\n"


def same(a: Prices, b: Prices) -> bool:
    pairs = [(a.dates, b.dates), (a.close, b.close), *((a.columns[k], b.columns[k]) for k in a.columns)]
    return a.columns.keys() == b.columns.keys() and all(np.array_equal(left, right) for left, right in pairs)


def test_the_shipped_series_is_read_whole_and_needs_no_mending() -> None:
    prices = read_prices(MSFT, features=FEATURES)
    assert (len(prices.dates), str(prices.dates[0]), str(prices.dates[-1])) == (3270, "2000-03-01", "2013-03-01")
    assert (prices.close[0], prices.close[-1], prices.notes) == (45.405, 27.95, ())
    assert (prices.columns["High"] >= prices.columns["Low"]).all()
    assert abs(np.diff(np.log(prices.close))).max() == pytest.approx(0.179, abs=5e-4)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff\n\n" + PLAIN + ",\n",
        *(("\n" + PLAIN).replace("\n", end) for end in ("\r\n", "\r", "\n\n")),
        PLAIN.replace("Date,Close", ' date , "CLOSE" '),
        PLAIN.replace(",", "\t").encode("utf-16"),
        *(PLAIN.replace(",", ";").replace("1234.5", number) for number in ("1234.5", "1.234,5 €", "1 234,50")),
        *(PLAIN.replace("1234.5", number) for number in ('"$1,234.5"', "1234.50 $", "1'234.5", "+1.2345e3")),
        *(PLAIN.replace("2024-01-", month) for month in ("2024/01/", "2024.1.", "202401")),
        *(
            PLAIN.replace("2024-01-30", form.format(30)).replace("2024-01-31", form.format(31))
            for form in ("1/{}/2024", "{}/01/24", "{}.01.2024", '"Jan {}, 2024"', "{}-Jan-2024 4:00 PM")
        ),
        PLAIN.replace(",1", " 00:00:00-05:00,1").replace(",5", " 00:00:00-04:00,5"),
        PLAIN.replace(",1", "T05:00:00+00:00,1").replace(",5", "T04:00:00Z,5"),
        "Price,Close\nTicker,MSFT\nDate,\n" + PLAIN.split("\n", 1)[1],
    ],
)
def test_common_ways_to_write_the_same_prices_read_alike(content: str | bytes, tmp_path: Path) -> None:
    plain = reading(tmp_path, PLAIN)
    assert plain.dates.dtype == "datetime64[D]"
    assert same(reading(tmp_path, content), plain)


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("Date,Close\n2024-01-03,2\n2024-01-02,1\n", "rows were newest first: sorted by date"),
        ("Date,Close\n2024-01-03,2\n2024-01-02,1\n2024-01-04,3\n", "rows were not in date order: sorted by date"),
        ("Date,Close\n2024-01-02,1\n2024-01-03,2\n2024-01-02,1.0\n2024-01-04,3", "1 repeated row was dropped"),
        ("Date,Close\n2024-01-02,1\n2024-01-03,$2\n2024-01-04,$3\n", "Close: '$2' was read as 2, and 1 more likewise"),
        ("Date,Close\n1/2/2024,1\n1/13/2024,2\n", "dates were read as month/day/year"),
        ("Date,Close\n2024-01-02 00:00:00-05:00,1\n2024-01-03,2", "time zones were dropped: dates are the local ones"),
        ("Price,Close\nTicker,X\nDate,\n2024-01-02,1\n2024-01-03,2\n", "three lines, as yfinance writes it"),
    ],
)
def test_what_is_mended_is_said(content: str, note: str, tmp_path: Path) -> None:
    prices = reading(tmp_path, content)
    assert prices.close[:2].tolist() == [1, 2]
    assert any(note in said for said in prices.notes)


@pytest.mark.parametrize(
    ("content", "phrases"),
    [
        ("", ["the file is empty"]),
        ("Date,Close\n", ["a header and no rows"]),
        (
            "2024-01-02,5,7\n2024-01-03,6,8\n",
            ["row 1", "'2024-01-02' is data, not a header", "such as Date,Close,Column3"],
        ),
        ("clock(3)  Library\nNAME", ["not a CSV file", "'clock(3)  Library'"]),
        (b"Date,Close\n2024-01-02,\xff5\n", ["byte 0xff at offset 22", "UTF-8"]),
        (b"PK\x03\x04\x00\x00", ["an Excel workbook"]),
        ("Shop,Close\nx1,2\nx2,3\n", ["no column 'Date', only 'Shop', 'Close'", "`date_column`"]),
        ("Date,Open\n2024-01-02,2\n", ["no column 'Close', only 'Date', 'Open'", "`column`"]),
        ("Date,Close,close\n2024-01-02,2,3\n", ["2 columns are named 'close'"]),
        ("Date,Close\n2024-01-02,1\n\n2024-01-03,\n2024-01-04,0\n", ["row 5: Close '0' is not positive"]),
        ("Date,Close\n2024-01-02,1\n2024-01-03,\x1b[2J\n", [r"row 3: Close '\x1b[2J' is not a number"]),
        ("Date,Close\n2024-01-02,1_000\n", ["row 2: Close '1_000' is not a number"]),
        ("Date,Close\n2024-01-02,0\n", ["row 2: Close '0' is not positive"]),
        ("Date,Close\n2024-01-02,1e999\n", ["row 2: Close '1e999' is not finite"]),
        ('Date,Close\n2024-01-02,"1,234"\n', ["row 2: Close '1,234' may mean 1234 or 1.234"]),
        ("Date,Close\n2024-01-02,$1\n2024-01-03,€1\n", ["mixes the currencies $ and €"]),
        ("Date,Close\n2024-01-02,1,234\n", ["row 2: 3 fields where the header has 2"]),
        ('Date,Close\n2024-01-02,"1\n', ["row 2: a quotation mark is opened and never closed"]),
        ("Date,Close\n2024-02-30,1\nTotal,1\n", ["row 2: Date '2024-02-30' is not a date (and 1 more like it)"]),
        ("Date,Close\n2024-01-02 25:00,1\n", ["row 2: Date '2024-01-02 25:00' is not a date"]),
        ("Date,Close\ntoday,1\n", ["row 2: Date 'today' is not a date"]),
        ("Date,Close\n1/2/2024,1\n2/2/2024,1\n", ["row 2", "may be month/day/year or day/month/year"]),
        ("Date,Close\n2024-01-02,1\n2024-01-03,1\n2024-01-02,2\n", ["row 4: 2024-01-02 is also in row 2"]),
        ('\nDate,Close,Say\n2024-01-02,1,"a\nb"\n2024-01-03,x,\n', ["row 5: Close 'x'"]),
    ],
)
def test_bad_files_are_refused_and_the_place_named(content: str | bytes, phrases: list[str], tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        reading(tmp_path, content)
    assert all(phrase in str(error.value) for phrase in ["prices.csv", *phrases]), error.value
    assert "\n" not in str(error.value)


def test_missing_files_directories_and_features_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match=rf"{path.name}: cannot be read"):
            read_prices(path)
    with pytest.raises(InputError, match="no column 'Volume', and no other of numbers beside 'Close'"):
        reading(tmp_path, PLAIN, features=["volume"])
    with pytest.raises(InputError, match="no column 'RSI', and of numbers only 'ADX': name one of these"):
        reading(tmp_path, "Date,Close,ADX,Say\n2024-01-02,1,2,a\n2024-01-03,2,3,b\n", features=["RSI"])


def test_volume_may_be_zero_but_not_negative(tmp_path: Path) -> None:
    text = "Date,Close,Volume\n2024-01-02,1,0\n"
    assert reading(tmp_path, text, features=["VOLUME"]).columns["Volume"].tolist() == [0]
    with pytest.raises(InputError, match="row 2: Volume '-1' is not zero or more"):
        reading(tmp_path, text.replace(",0", ",-1"), features=["Volume"])


def test_several_prices_a_day_keep_their_times(tmp_path: Path) -> None:
    prices = reading(tmp_path, "Datetime,Close\n2024-01-02 09:30:00-05:00,1\n2024-01-02 1:30 PM,2\n")
    assert [str(date) for date in prices.dates] == ["2024-01-02T09:30:00", "2024-01-02T13:30:00"]


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(20)))
def test_shuffled_rows_read_as_sorted_ones(order: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    prices = random_prices(20)
    rows = [f"{prices.dates[k]},{prices.close[k]},{prices.columns['Volume'][k]:.0f}" for k in order]
    text = "\n".join(["Date,Close,Volume", *rows])
    read = reading(tmp_path_factory.mktemp("shuffled"), text, features=["Volume"])
    assert same(read, replace(prices, columns={"Volume": prices.columns["Volume"]}))
    assert bool(read.notes) == (order != sorted(order))


targets = pytest.mark.parametrize("target", ["return", "close"])


@targets
@settings(max_examples=40, deadline=None)
@given(data=st.data(), days=st.integers(30, 60), T=st.integers(1, 5), factor=st.floats(0.1, 10))
def test_no_future_value_changes_the_past(target: str, data: st.DataObject, days: int, T: int, factor: float) -> None:
    prices = random_prices(days)
    before = PriceData(prices, T, target=target, features=FEATURES)
    day = data.draw(st.integers(1, days - 1))
    scaler = None if day >= before.parts["train"].stop else before.input_scaler  # training days do shape the scaler
    close, columns = prices.close.copy(), {name: values.copy() for name, values in prices.columns.items()}
    for values in (close, *columns.values()):
        values[day:] = values[day:] * factor + 1
    after = PriceData(replace(prices, close=close, columns=columns), T, target=target, features=FEATURES, scaler=scaler)
    assert (after.scaler_state(), after.parts) == (before.scaler_state(), before.parts)
    assert np.array_equal(after.x[:day], before.x[:day])
    assert np.array_equal(after.y[:day], before.y[:day])
    earlier = np.arange(before.parts["train"].start, day + 1)  # the window of `day` itself must not see it either
    assert np.array_equal(after.windows(earlier)[0], before.windows(earlier)[0])


@targets
def test_windows_are_those_of_the_plain_loop(target: str) -> None:
    T, data = 4, PriceData(random_prices(40), 4, target=target, features=FEATURES)
    days = np.array([9, 5, 39, 12])
    x, y_last, y_every = data.windows(days)
    assert (x.shape, y_last.shape, y_every.shape) == ((T, 4, 5), (4, 1), (T, 4, 1))
    assert x.dtype == np.float32
    for b, day in enumerate(days):
        assert y_last[b] == data.y[day]
        for t in range(T):
            assert np.array_equal(x[t, b], data.x[day - T + t])
            assert y_every[t, b] == data.y[day - T + t + 1]
    for outside in (-1, data.parts["train"].start - 1, 40):
        with pytest.raises(IndexError):
            data.windows(np.array([outside]))
    with pytest.raises(IndexError):
        data.closes(np.array([40]), np.array([0.0]))


def test_features_are_what_the_docstring_says() -> None:
    p = random_prices(30)
    data = PriceData(p, 3, features=["high", "Volume", "HIGH"], dtype=np.float64)
    raw = data.input_scaler.undo(data.x)
    volume = np.log1p(p.columns["Volume"])
    wanted = [np.log(p.close[7] / p.close[6]), np.log(p.columns["High"][7] / p.close[7]), volume[7] - volume[6]]
    assert data.feature_names == ("return", "High", "Volume")
    assert raw[7] == pytest.approx(wanted)
    train = raw[1 : data.parts["train"].stop]
    assert data.input_scaler.mean == pytest.approx(train.mean(axis=0))
    assert data.input_scaler.std == pytest.approx(train.std(axis=0))


@targets
def test_true_targets_rebuild_the_true_closes(target: str) -> None:
    data = PriceData(read_prices(MSFT), 20, target=target)
    for part in data.parts.values():
        _, y_last, _ = data.windows(part)
        assert data.closes(part, y_last[:, None]) == pytest.approx(data.prices.close[part.start : part.stop], rel=1e-6)
    assert data.closes(data.parts["test"], np.full(490, 1e6)).min() > 1e6  # absurd forecasts, and no warning


def test_parts_follow_each_other_and_are_the_same_for_every_window_length() -> None:
    for T in (1, 50):
        parts = PriceData(read_prices(MSFT), T, (80, 10, 10)).parts
        assert parts == {"train": range(T + 1, 2616), "val": range(2616, 2943), "test": range(2943, 3270)}


@targets
def test_too_few_rows_says_what_would_do(target: str) -> None:
    needed, largest = {"return": (45, 26), "close": (44, 27)}[target]
    says = f"40 rows .* `seq_length` 30 and split 70/15/15, which need {needed}: the largest .* would work is {largest}"
    with pytest.raises(InputError, match=says):
        PriceData(random_prices(40), 30, target=target)
    PriceData(random_prices(40), largest, target=target)
    PriceData(random_prices(needed), 30, target=target)
    for days, T in [(40, largest + 1), (needed - 1, 30)]:
        with pytest.raises(InputError, match="too few"):
            PriceData(random_prices(days), T, target=target)
    with pytest.raises(InputError, match="no `seq_length` would work: add rows"):
        PriceData(random_prices(2), 1, target=target)


@targets
def test_a_constant_price_has_std_1_and_no_nan(target: str) -> None:
    flat = np.full(40, 0.1)
    prices = replace(random_prices(40), close=flat, columns={"Open": flat})
    data = PriceData(prices, 5, target=target, features=["Open"])
    assert data.input_scaler.std.tolist() == [1, 1]
    assert np.abs(data.x).max() < 1e-15


def test_the_next_day_is_forecast_from_the_last_window() -> None:
    data = PriceData(read_prices(MSFT), 20)
    assert np.array_equal(data.next_window()[:, 0], data.x[-20:])
    assert data.next_close(data.target_scaler.apply(0.0)) == pytest.approx(27.95)


def test_the_next_date_is_a_weekday_or_one_usual_step_on() -> None:
    first, counted, prices = np.datetime64("2024-01-01"), np.arange(33), random_prices(33)
    for dates, following in [
        (np.busday_offset(first, counted + 2), "2024-02-19"),  # the last is a Friday
        (first + counted, "2024-02-03"),  # a Saturday, for weekends are traded
        (first + 7 * counted - (counted == 10), "2024-08-19"),  # weekly, and once a day early
        (np.datetime64("2024-01-01T00:00:00") + 3600 * counted, "2024-01-02T09:00:00"),
    ]:
        assert str(PriceData(replace(prices, dates=dates), 3).next_date) == following


def test_a_given_scaler_is_used_and_survives_json() -> None:
    fitted = PriceData(random_prices(60), 3)
    state = json.loads(json.dumps(fitted.scaler_state()))
    for scaler in (Scaler.from_state(state), state):
        assert PriceData(random_prices(50, seed=1), 3, scaler=scaler).scaler_state() == fitted.scaler_state()
    with pytest.raises(InputError, match="the scaler is for 1 features and the data has 5"):
        PriceData(random_prices(60), 3, features=FEATURES, scaler=state)
    for bad in ({}, {"mean": [0], "std": [0]}, {"mean": [0], "std": ["x"]}, {"mean": [np.nan], "std": [1]}):
        with pytest.raises(InputError, match="the saved scaler is damaged"):
            Scaler.from_state(bad)


def test_bad_settings_are_refused() -> None:
    prices = random_prices(60)
    usual: dict[str, Any] = {"prices": prices, "T": 3}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"split": (70, 20, 20)}, "`split` needs three numbers that add up to 100"),
        ({"split": (0, 50, 50)}, "each 0 or at least 1, not 0/50/50"),
        ({"split": (110, -5, -5)}, "each 0 or at least 1, not 110/-5/-5"),
        ({"split": (np.nan, 0, 0)}, "each 0 or at least 1, not nan/0/0"),
        ({"T": 0}, "`seq_length` 0: a window needs at least one day"),
        ({"target": "shape"}, "unknown price target 'shape': choose from return, close"),
        ({"prices": replace(prices, columns={}), "features": ["Open"]}, "were read without Open"),
    ]
    for options, phrase in cases:
        with pytest.raises(InputError, match=phrase):
            PriceData(**(usual | options))


def test_a_frame_for_notebooks_holds_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("Date,Open,Close\n2024-01-02,1.5,2.5\n2024-01-03,1.25,2.75\n", encoding="utf-8")
    frame = read_prices(path, features=("Open",)).frame()
    assert list(frame.columns) == ["Close", "Open"]
    assert [str(day.date()) for day in frame.index] == ["2024-01-02", "2024-01-03"]
    assert frame["Close"].tolist() == [2.5, 2.75]
    assert frame.loc["2024-01-03", "Open"] == 1.25
