"""Every file in cases/ is read as its README says, and each advice of a refusal works when it is tried."""

import re
from pathlib import Path

import pytest

from lstm_model.errors import InputError
from lstm_model.tasks.stock.series.prices import read_prices
from support.price_cases import CASES, ROWS, options


def describe(path: Path, text: str) -> str:
    """How a file is read, in a line."""
    try:
        prices = read_prices(path, **options(text))
    except InputError as error:
        return "refused: " + str(error).replace(str(path), "").removeprefix(", ").removeprefix(": ").replace("|", "\\|")
    close = [f"{price:.10g}" for price in prices.close[[0, -1]]]
    columns = "".join(f", {name} {values[0]:.10g}" for name, values in prices.columns.items())
    notes = "".join(f"; {note}" for note in prices.notes)
    days = " to ".join(str(date) for date in prices.dates[[0, -1]])
    return f"{len(prices.dates)} rows, {days}, {prices.column} {' to '.join(close)}{columns}{notes}".replace("|", "\\|")


def test_the_table_names_every_file() -> None:
    assert {row[0] for row in ROWS} == {path.name for path in CASES.iterdir()} - {"README.md"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join([row[0], row[2]]).strip())
def test_a_file_is_read_as_the_table_says(row: list[str]) -> None:
    name, _, arguments, right = row
    assert describe(CASES / name, arguments).replace("\\|", "|") == right


@pytest.mark.parametrize(
    ("name", "advice", "change"),
    [
        ("01d_typo_year_2203.csv", "correct the date", ("2203-12-28", "2022-12-28")),
        ("01f_last_row_9999-12-31.csv", "delete the row", ("9999-12-31,103.05\n", "")),
        ("06c_one_hour_twice_message.csv", "keep one row a date", ("2023-01-06 03:00:00,55\n", "")),
        ("14b_typo_month_no_clash.csv", "Correct the date", ("2023-11-18", "2022-12-28")),
        ("p56_typo_year_past.csv", "Correct the date", ("2002-05-03", "2022-05-03")),
        ("p38_comma_groups_all.csv", "write it without the comma", (";2,002", ";2002")),
        ("p39_point_groups_all_de.csv", "write it without the point", (";2.002", ";2002")),
        ("p72_ddmm_ambiguous.csv", "write it as 2024-01-31", ("0(\\d)/01/2024", "2024-01-0\\1")),
        (
            "16l_decimal_comma_comma_separated.csv",
            "write a decimal point",
            ("(?m)^(\\S+),(\\d+),(\\d+)$", "\\1,\\2.\\3"),
        ),
        ("16l_decimal_comma_comma_separated.csv", "part the fields by semicolons", ("(?m)^(\\d+-\\d+-\\d+),", "\\1;")),
        ("p69_thousands_unquoted.csv", "put quotes round a value", ("(?m)^(\\d+-\\d+-\\d+),(.*)$", '\\1,"\\2"')),
        ("p93_two_currencies.csv", "keep one", ("£", "$")),
    ],
)
def test_an_edit_that_a_refusal_advises_works(name: str, advice: str, change: tuple[str, str], tmp_path: Path) -> None:
    text = (CASES / name).read_text(encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(advice)):
        read_prices(CASES / name)
    changed = re.sub(*change, text)
    assert changed != text
    (tmp_path / name).write_text(
        changed.replace("Date,Close", "Date;Close") if ";" in change[1] else changed, encoding="utf-8"
    )
    assert len(read_prices(tmp_path / name).dates) > 2


@pytest.mark.parametrize(
    ("name", "rows"), [("2024-01-02,5,7,1\n2024-01-03,6,8,1\n", 2), ("a;2024-01-02;3;4\nb;2024-01-03;3;5\n", 2)]
)
def test_a_first_line_that_a_refusal_gives_works(name: str, rows: int, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(name, encoding="utf-8")
    with pytest.raises(InputError, match="add a first line such as") as error:
        read_prices(path)
    title = str(error.value).rsplit(" ", 1)[1]
    path.write_text(f"{title}\n{name}", encoding="utf-8")
    assert len(read_prices(path).dates) == rows
