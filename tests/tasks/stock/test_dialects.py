"""A known series, written as people and programs write it, is read back equal; bytes of any kind never end badly."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lstm_model.errors import InputError
from lstm_model.tasks.stock.series.prices import read_prices

MANY = 10_000
_quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
ENGLISH = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
GERMAN = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
          "Dezember")  # fmt: skip
DAYS = {
    "iso": "{Y}-{m:02}-{d:02}", "slashes, year first": "{Y}/{m}/{d}", "compact": "{Y}{m:02}{d:02}",
    "dots": "{d:02}.{m:02}.{Y}", "dots, short": "{d}.{m}.{y:02}", "day first": "{d:02}/{m:02}/{Y}",
    "month first": "{m}/{d}/{Y}", "month first, short": "{m:02}/{d:02}/{y:02}",
    "day first, dashes": "{d:02}-{m:02}-{Y}",
    "year first, short": "{y:02}-{m:02}-{d:02}", "month in words": "{d:02}-{B:.3}-{Y}",
    "short, in words": "{d}-{B:.3}-{y:02}",
    "long": "{B} {d}, {Y}", "day, long": "{d} {B} {Y}", "German": "{d}. {G} {Y}", "Chinese": "{Y}年{m}月{d}日",
    "Excel": "{excel}", "seconds": "{s}", "milliseconds": "{s}000", "microseconds": "{s}000000",
}  # fmt: skip
TIMES = {
    "minutes": "{H:02}:{M:02}", "seconds": "{H:02}:{M:02}:{S:02}", "fraction": "{H:02}:{M:02}:{S:02}.000",
    "half": "{h}:{M:02} {half}", "UTC": "{H:02}:{M:02}:{S:02}+00:00", "Z": "{H:02}:{M:02}:{S:02}Z",
}  # fmt: skip
NAMES = {
    "English": ("Date", "Close", "Volume"), "capitals": ("DATE", "CLOSE", "VOLUME"),
    "brackets": ("<DATE>", "<CLOSE>", "<VOL>"),
    "German": ("Datum", "Schlusskurs", "Volumen"), "French": ("Date", "Clôture", "Volume"),
    "Spanish": ("Fecha", "Último", "Vol."),
    "Chinese": ("日期", "收盘", "成交量"), "numbered": ("timestamp", "4. close", "5. volume"),
    "stars": ("Date", "Close*", "Volume"),
    "unnamed": ("", "Close", "Volume"), "none": ("Date", "Close/Last", "Volume"),
    "Binance": ("Open time", "close", "volume"),
}  # fmt: skip
MISSING = ("", ".", "null", "N/A", "\u2013", "NaN", "#N/A")


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    day: str
    time: str  # "" for days
    apart: bool  # time in a column of its own
    names: str
    separator: str
    decimals: int
    comma: bool  # the decimal mark
    group: str
    sign: str  # a currency before or behind
    quoted: bool
    order: str
    line_end: str
    encoding: str
    before: int  # lines before the header
    footer: bool
    comments: bool
    missing: str | None
    ahead: int  # columns that nobody asks for, before the price
    again: bool  # the header comes again in the middle
    sep_line: bool


dialects = st.builds(
    Dialect,
    day=st.sampled_from(sorted(DAYS)), time=st.sampled_from(["", "", *sorted(TIMES)]), apart=st.booleans(),
    names=st.sampled_from(sorted(NAMES)), separator=st.sampled_from(",;\t|"), decimals=st.sampled_from([0, 1, 2, 4, 5]),
    comma=st.booleans(), group=st.sampled_from(["", "", "mark", " ", "'", "\u00a0", "\u202f"]),
    sign=st.sampled_from(["", "", "", "$ ", " €", " USD", "£"]), quoted=st.booleans(),
    order=st.sampled_from(["rising", "falling"]), line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"]), before=st.integers(0, 4),
    footer=st.booleans(), comments=st.booleans(), missing=st.none() | st.sampled_from(MISSING),
    ahead=st.integers(0, 3), again=st.booleans(), sep_line=st.booleans(),
)  # fmt: skip


def number(value: float, how: Dialect) -> str:
    """A price as the dialect writes it."""
    mark, other = (",", ".") if how.comma else (".", ",")
    text = f"{value:_.{how.decimals}f}"
    group = other if how.group == "mark" else how.group
    if how.decimals == 0 and group == other:
        group = ""  # 1.234 alone may mean two numbers, and is refused
    text = text.replace(".", mark).replace("_", group)
    return how.sign + text if how.sign.strip() in ("$", "£") else text + how.sign


def moment(when: np.datetime64, how: Dialect) -> tuple[str, str]:
    """A date, and a time if the dialect has any, as it writes them."""
    d = when.astype("datetime64[s]").item()
    fields = {
        "Y": d.year, "y": d.year % 100, "m": d.month, "d": d.day, "B": ENGLISH[d.month - 1], "G": GERMAN[d.month - 1],
        "H": d.hour, "M": d.minute, "S": d.second, "h": d.hour % 12 or 12, "half": "PM" if d.hour > 11 else "AM",
        "s": int(when.astype("datetime64[s]").astype(np.int64)),
        "excel": int(when.astype("datetime64[D]").astype(np.int64)) + 25_569,
    }  # fmt: skip
    counted = how.day in ("Excel", "seconds", "milliseconds", "microseconds")
    return DAYS[how.day].format(**fields), "" if counted or not how.time else TIMES[how.time].format(**fields)


def written(dates: np.ndarray, values: np.ndarray, how: Dialect) -> bytes:
    """The file."""
    date_name, price_name, volume = NAMES[how.names]
    timed = [moment(when, how) for when in dates]
    apart = how.apart and any(time for _, time in timed) and date_name != "Open time" and date_name != "timestamp"
    header = [date_name, *(["Time"] if apart else []), *(f"Extra {k}" for k in range(how.ahead)), price_name, volume]
    rows = []
    for k, ((day, time), value) in enumerate(zip(timed, values, strict=True)):
        when = [day, time] if apart else [f"{day} {time}".strip()]
        rows.append([*when, *(f"note {k % 7}" for _ in range(how.ahead)), number(value, how), str(1000 + k)])
    if how.missing is not None:  # a holiday, on a date of its own
        gap = moment(dates[len(dates) // 2] + (dates[1] - dates[0]) // 2, how)
        when = list(gap) if apart else [" ".join(gap).strip()]
        if dates.dtype == np.dtype("datetime64[s]") and how.time and how.day not in ("Excel",):
            rows.insert(len(dates) // 2 + 1, [*when, *["note"] * how.ahead, how.missing, ""])
    if how.order == "falling":
        rows.reverse()
    if how.again:
        rows.insert(len(rows) // 2, header)
    out = io.StringIO()
    if how.sep_line and not how.before:
        out.write(f"sep={how.separator}\n")
    for k in range(how.before):
        out.write(
            ["Some prices of something\n", "Source: made up, for a test\n", "\n", "https://www.example.invalid/a\n"][k]
        )
    if how.comments:
        out.write("# unit: made up\n")
    parted = partial(csv.writer, out, delimiter=how.separator, lineterminator="\n")
    writer = parted(quoting=csv.QUOTE_ALL) if how.quoted else parted(quoting=csv.QUOTE_MINIMAL)
    writer.writerows([header, *rows])
    if how.footer:
        out.write("Downloaded from example.invalid\n")
    return out.getvalue().replace("\n", how.line_end).encode(how.encoding)


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, Dialect]:
    how = draw(dialects)
    n = draw(st.integers(40, 60))
    start = np.datetime64(draw(st.dates(min_value=date(1975, 1, 1), max_value=date(2024, 6, 1))))
    counted = how.day in ("Excel", "seconds", "milliseconds", "microseconds")
    if how.time and (not counted or how.day != "Excel"):
        step = draw(st.sampled_from([300, 1800, 3600, 7200]))
        step *= -(-40 * 86_400 // (n * step))  # so that a day above 12 shows which number is the month
        dates = start.astype("datetime64[s]") + step * np.arange(n)
    else:
        step = draw(st.sampled_from([1, 1, 7]))
        dates = np.busday_offset(start, np.arange(n), roll="forward") if step == 1 else start + 7 * np.arange(n)
    level = draw(st.sampled_from([3.0, 80.0, 990.0, 25_000.0, 2_000_000.0]))
    moves = np.random.default_rng(draw(st.integers(0, 2**31))).normal(0, 0.01, n)
    values = np.round(level * np.exp(np.cumsum(moves)), how.decimals)
    return dates, values, how


def assert_read_back(table: tuple[np.ndarray, np.ndarray, Dialect], path: Path) -> None:
    dates, values, how = table
    path.write_bytes(written(dates, values, how))
    prices = read_prices(path)
    assert (prices.dates.astype("datetime64[s]") == dates.astype("datetime64[s]")).all(), (prices.dates[:3], dates[:3])
    assert prices.close.tolist() == values.tolist()


@settings(max_examples=200, deadline=None, suppress_health_check=_quiet)
@given(tables())
def test_a_series_in_any_dialect_is_read_back_equal(
    tmp_path: Path, table: tuple[np.ndarray, np.ndarray, Dialect]
) -> None:
    assert_read_back(table, tmp_path / "prices.csv")


@pytest.mark.slow
@settings(max_examples=MANY, deadline=None, suppress_health_check=_quiet)
@given(tables())
def test_ten_thousand_dialects(tmp_path: Path, table: tuple[np.ndarray, np.ndarray, Dialect]) -> None:
    assert_read_back(table, tmp_path / "prices.csv")


@settings(max_examples=100, deadline=None, suppress_health_check=_quiet)
@given(table=tables(), data=st.data())
def test_a_damaged_file_is_read_or_refused_in_a_line(
    tmp_path: Path, table: tuple[np.ndarray, np.ndarray, Dialect], data: st.DataObject
) -> None:
    raw = bytearray(written(*table))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        what = data.draw(st.sampled_from(["byte", "cut", "copy", "end"]))
        if what == "byte":
            raw[at] = data.draw(st.integers(0, 255))
        elif what == "cut":
            del raw[at : at + data.draw(st.integers(1, 50))]
        elif what == "copy":
            raw[at:at] = raw[data.draw(st.integers(0, len(raw) - 1)) :][:60]
        else:
            raw = raw[: max(at, 10)]
        if not raw:
            break
    path = tmp_path / "prices.csv"
    path.write_bytes(raw)
    try:
        prices = read_prices(path)
    except InputError as error:
        line = str(error).removeprefix(str(path))
        assert len(line.splitlines()) == 1
        assert len(line) < 500
    else:
        assert len(prices.dates) == len(prices.close)
        assert (np.diff(prices.dates).astype(np.int64) > 0).all()
        assert (prices.close > 0).all()
