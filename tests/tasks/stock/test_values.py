"""Series that are no prices: targets at or below 0, any columns of numbers as features, and no word of money."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.errors import InputError
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.base import finish
from lstm_model.tasks.registry import open_task
from lstm_model.tasks.stock.judging.walk_forward import judge
from lstm_model.tasks.stock.series.prices import Prices, read_prices
from lstm_model.tasks.stock.series.windows import PriceData
from lstm_model.tasks.stock.task import StockTask
from lstm_tui.cli import main
from lstm_tui.faces.stock.price_curves import price_picture
from support.stepped import write_series

Out = pytest.CaptureFixture[str]
SMALL = ["--seq", "12", "--hidden", "8", "--batch", "16", "--threads", "1", "--lr", "0.01"]
targets = pytest.mark.parametrize("target", ["value", "change"])
MONEY = re.compile(r"\bprices?\b|\bcloses?\b|\bcurrency\b|[$]")


def temperatures(months: int = 480) -> np.ndarray:
    """Of a place with a winter: around 4, from some -12 to 20."""
    rng = np.random.default_rng(0)
    return 4 - 14 * np.cos(2 * np.pi * np.arange(months) / 12) + rng.normal(0, 1.5, months)


def write_temperatures(folder: Path, name: str = "temperature") -> Path:
    """A row a month, with the wind and a sky that is in words."""
    values = temperatures()
    wind = np.random.default_rng(1).normal(0, 3, len(values))
    months = np.arange(np.datetime64("1980-01"), np.datetime64("1980-01") + len(values)).astype(str)
    path = folder / "weather.csv"
    rows = [f"{month}-01,{value:.3f},{gust:.3f},grey" for month, value, gust in zip(months, values, wind, strict=True)]
    path.write_text("\n".join([f"Date,{name},Wind,Sky", *rows]) + "\n", encoding="utf-8")
    return path


def trained(here: Path, target: str, *options: str) -> Path:
    data = write_temperatures(here)
    given = ["--data", str(data), "--column", "temperature", "--target", target, "--save", "run", *SMALL, *options]
    assert main(["train", "--task", "stock", *given]) == 0
    return data


def judged(capsys: Out) -> tuple[dict[str, Any], str]:
    capsys.readouterr()
    assert main(["eval", "--load", "run", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert main(["eval", "--load", "run"]) == 0
    return report, re.sub(r"\s+", " ", capsys.readouterr().out)


@targets
def test_a_series_below_zero_trains_goes_on_and_is_measured_without_a_word_of_money(
    target: str, here: Path, capsys: Out
) -> None:
    trained(here, target, "--steps", "4", "--horizon", "1", "5")
    assert main(["train", "--load", "run", "--steps", "8"]) == 0
    said = capsys.readouterr().out
    report, text = judged(capsys)
    assert (report["step"], report["target"], report["column"]) == (8, target, "temperature")
    assert report["mape"] is None
    assert report["theil_u"] is None
    assert set(report["horizons"]) == {"5"}
    assert not MONEY.search(said + text), MONEY.findall(said + text)


def test_a_season_is_learnt_and_its_naive_forecast_shown(here: Path, capsys: Out) -> None:
    trained(here, "value", "--steps", "150")
    report, text = judged(capsys)
    assert "seasonal naive, 12" in text
    assert report["baselines"]["seasonal_12"]["rmse"] < report["persistence_rmse"] / 2
    assert report["verdict"].startswith("Skill: ")
    assert report["rmse"] < report["persistence_rmse"] / 2


@targets
@pytest.mark.parametrize("h", [1, 5])
def test_targets_are_what_they_say_and_lead_back_to_the_values(target: str, h: int) -> None:
    values = temperatures(100)
    dates = np.datetime64("2024-01-01") + np.arange(100)
    data = PriceData(Prices(dates, values, {}, "t", ()), 6, target=target, dtype=np.float64, horizons=(h,))
    raw = data.target_scaler.undo(data.y)
    for day in (20, 60, 100 - h):
        then, known = values[day + h - 1], values[day - 1]
        assert raw[day, 0] == pytest.approx(then if target == "value" else then - known)
        assert data.closes(np.array([day]), data.y[[day], 0]) == pytest.approx([then])
    fitted = raw[data.days("train")]
    assert abs(float(data.y[data.days("train")].mean())) < 0.1, "standardised on the training part"
    assert data.target_scaler.std[0] == pytest.approx(fitted.std(), rel=0.1)
    days = data.days("test")
    nothing = data.closes(days, data.no_change(days)[:, 0])
    assert nothing == pytest.approx(values[days - 1])
    scaled = data.no_change(days)[-1, 0] if target == "change" else data.target_scaler.apply(values[-1:])[0]
    assert data.next_close(scaled) == pytest.approx(values[-1])


@pytest.mark.parametrize("target", ["return", "close"])
def test_a_target_of_prices_refuses_values_below_zero_and_names_the_way_out(
    target: str, here: Path, capsys: Out
) -> None:
    data = write_series(here, temperatures(120))
    command = ["train", "--task", "stock", "--data", str(data), "--steps", "1", "--save", "run", *SMALL, "--target"]
    assert main([*command, target]) == 2
    said = capsys.readouterr().err
    assert "is not positive" in said
    assert "or set --target to value or change" in said
    for way in ("value", "change"):
        assert main([*command, way, "--overwrite"]) == 0
    prices = Prices(np.datetime64("2024-01-01") + np.arange(120), temperatures(120), {}, "t", ())
    with pytest.raises(InputError, match=r"`target` .* needs values above 0: set it to value or change"):
        PriceData(prices, 6, target=target)


@pytest.mark.parametrize(("target", "name", "words"), [
    ("return", "Close", "true close"), ("close", "AAPL.Close", "true close"), ("return", "Kurs", "true close"),
    ("value", "Close", "true value"), ("change", "Close", "true value"), ("return", "CO2", "true value"),
    ("close", "value", "true value"),
])  # fmt: skip
def test_money_is_spoken_of_where_the_column_or_the_target_does(target: str, name: str, words: str, here: Path) -> None:
    data = write_series(here, 40 + temperatures(120))
    data.write_text(data.read_text(encoding="utf-8").replace("Close", name), encoding="utf-8")
    settings: dict[str, Any] = {"data": str(data), "column": name, "target": target, "seq_length": 12, "hidden_size": 4}
    task = open_task(preset_config("stock", **settings))
    assert isinstance(task, StockTask)
    paths = finish(task.paths(task.build_model()))
    assert price_picture(paths).series[0].label == words
    said = judge(task, paths, "test")
    sentences = " ".join(str(said[key]) for key in said if key.endswith("verdict"))
    assert bool(MONEY.search(sentences)) is (words == "true close")


@pytest.mark.parametrize("target", ["return", "close", "value", "change"])
def test_any_column_of_numbers_is_read_beside_the_values_whatever_its_case(target: str, here: Path) -> None:
    path = write_series(here, 40 + temperatures(120))
    lines = path.read_text(encoding="utf-8").splitlines()
    wind = np.random.default_rng(1).normal(0, 3, 120).round(3)
    rows = [f"{line},{gust},{40 + k}" for k, (line, gust) in enumerate(zip(lines[1:], wind, strict=True))]
    path.write_text("\n".join([f"{lines[0]},Wind,Open", *rows]) + "\n", encoding="utf-8")
    prices = read_prices(path, features=["wind", "OPEN", "WIND"])
    data = PriceData(prices, 6, target=target, features=["wind", "OPEN", "WIND"], dtype=np.float64)
    assert data.feature_names == (target, "wind", "Open")
    raw = data.input_scaler.undo(data.x)
    start, close = prices.columns["Open"][50], prices.close[50]
    beside = {"return": np.log(start / close), "change": start - close}.get(target, start)
    assert raw[50, 1:] == pytest.approx([wind[50], beside])


def test_a_feature_trains_and_one_that_is_not_there_is_answered_with_those_that_are(here: Path, capsys: Out) -> None:
    data = trained(here, "value", "--steps", "2", "--features", "wind")
    assert main(["train", "--load", "run", "--steps", "3"]) == 0
    assert main(["eval", "--load", "run"]) == 0
    capsys.readouterr()
    command = ["train", "--task", "stock", "--data", str(data), "--column", "temperature", "--target", "change",
               "--steps", "1", "--save", "other", *SMALL, "--features"]  # fmt: skip
    assert main([*command, "rain"]) == 2
    assert "no column 'rain', and of numbers only 'Wind': name one of these" in capsys.readouterr().err
    assert main([*command, "Sky"]) == 2
    assert "Sky 'grey' is not a number" in capsys.readouterr().err
    assert main([*command, "Wind"]) == 0


def test_data_shows_a_series_below_zero_as_a_run_with_its_target_reads_it(here: Path, capsys: Out) -> None:
    data = write_temperatures(here)
    command = ["data", str(data), "--task", "stock", "--column", "temperature"]
    assert main(command) == 2
    assert "or set --target to value or change" in capsys.readouterr().err
    for way in ("value", "change"):
        assert main([*command, "--target", way, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["rows"] == 480
