"""What the pane of prices says in numbers: told apart whatever their size, beside what doing nothing has."""

import numpy as np
import pytest

from lstm_model.tasks.stock.forecast import Scores
from lstm_model.tasks.stock.judging.metrics import stock_metrics
from lstm_model.tasks.stock.paths import Outlook, PricePaths
from lstm_tui.faces.stock.price_curves import prices_at
from lstm_tui.faces.stock.scores import both_lines, score_lines

DAYS = 80


def paths(size: float, spread: float, unit: str = "D", horizon: int = 1) -> PricePaths:
    rng = np.random.default_rng(0)
    closes = size * (1 + spread * np.cumsum(rng.normal(0, 1, DAYS)))
    dates = np.datetime64("2024-01-01") + np.arange(DAYS).astype(f"timedelta64[{unit}]")
    predicted = closes * (1 + spread * rng.normal(0, 0.5, DAYS))
    parts = {"train": range(2, 40), "val": range(40, 60), "test": range(60, DAYS)}
    ahead = Outlook(predicted, dates[-1], float(closes[-1] * (1 + spread / 3)))
    return PricePaths(dates, closes, predicted, parts, ahead.next_date, ahead.next_close, {horizon: ahead})


def scored(prices: PricePaths) -> Scores:
    test = prices.parts["test"]
    part, before = slice(test.start, test.stop), slice(test.start - 1, test.stop - 1)
    closes = prices.closes
    return Scores("test", stock_metrics(closes[part], prices.predicted[part], closes[before], closes[:40]))


def said(prices: PricePaths) -> dict[str, str]:
    lines = score_lines(prices, (scored(prices),))
    return {text.split("  ")[0].strip(): text for _, text, _ in lines}


@pytest.mark.parametrize(("size", "spread"), [(1e-5, 0.01), (7.8, 1e-6), (30.0, 0.01), (2.3e9, 0.01)])
def test_a_price_of_any_size_is_told_from_its_neighbours(size: float, spread: float) -> None:
    prices = paths(size, spread)
    _, _, true, _, predicted, *_ = prices_at(prices, 70).split()
    assert true != predicted.rstrip(",")
    rmse = said(prices)["RMSE"].split()
    assert len(rmse) == 3  # none runs into another
    assert rmse[1] != rmse[2]
    assert all(float(text.replace(",", "")) > 0 for text in rmse[1:])
    following, last = (
        next(text for _, text, _ in score_lines(prices, ()) if " after " in text).split(" (")[0].split(" after ")
    )
    assert following != last


def test_the_error_at_the_cursor_has_the_digits_of_the_prices() -> None:
    pegged = paths(7.8, 1e-6)
    true, predicted, error = (word.rstrip(",") for word in prices_at(pegged, 70).split() if "." in word)
    assert len(true.partition(".")[2]) == len(predicted.partition(".")[2]) == len(error.partition(".")[2]) > 4
    assert float(error) == pytest.approx(pegged.predicted[70] - pegged.closes[70], abs=1e-5)
    text = prices_at(paths(30.0, 0.01), 70, paths(30.0, 0.02), "AB")
    assert [len(word.rstrip(",").partition(".")[2]) for word in text.split() if "." in word] == [2] * 5


def test_direction_stands_beside_always_saying_the_same() -> None:
    prices = paths(30.0, 0.01)
    metrics = scored(prices).metrics
    lines = said(prices)
    always = "always up" if metrics["always_up"] >= 0.5 else "always down"
    assert lines[always].split()[-2] == f"{100 * metrics['always_same']:.1f}"
    assert lines["direction"].split()[-2] == f"{100 * metrics['directional_accuracy']:.1f}"


def test_two_models_never_run_into_each_other() -> None:
    one, other = paths(2.3e9, 0.01), paths(2.3e9, 0.02)
    (rmse,) = (
        text for _, text, _ in both_lines(one, (scored(one),), (scored(other),), "AB") if text.startswith("RMSE")
    )
    assert len(rmse.split()) == 4


@pytest.mark.parametrize(("unit", "word"), [("D", "day"), ("m", "minute"), ("W", "week")])
def test_what_comes_next_is_called_what_the_rows_are(unit: str, word: str) -> None:
    assert any(text.startswith(f"next {word} 2") for _, text, _ in score_lines(paths(30.0, 0.01, unit), ()))
    ahead = score_lines(paths(30.0, 0.01, unit, horizon=5), ())
    assert any(text.startswith(f"5 {word}s on, 2") for _, text, _ in ahead)
