"""`eval` of prices that are hard to judge: what it says, and what it rather does not say."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_tui.cli import main
from support.stepped import write_series

Out = pytest.CaptureFixture[str]
SMALL = ["--steps", "2", "--seq", "5", "--hidden", "4", "--batch", "8", "--threads", "1", "--save", "run"]


def judged(closes: np.ndarray, here: Path, capsys: Out, *options: str) -> tuple[dict[str, Any], str]:
    """Train on a series, and give the report as JSON and as it is printed, its lines joined."""
    data = str(write_series(here, closes))
    assert main(["train", "--task", "stock", "--data", data, *SMALL, *options]) == 0
    capsys.readouterr()
    assert main(["eval", "--load", "run", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert main(["eval", "--load", "run"]) == 0
    return report, re.sub(r"\s+", " ", capsys.readouterr().out)


def walk(days: int, size: float = 50.0, spread: float = 0.01) -> np.ndarray:
    return size * np.exp(np.cumsum(np.random.default_rng(0).normal(0, spread, days)))


def test_a_flat_part_has_no_direction_no_lag_and_no_significance(here: Path, capsys: Out) -> None:
    closes = walk(200)
    closes[165:] = closes[165]
    report, text = judged(closes, here, capsys)
    assert [report[key] for key in ("follows", "lag", "dm_p_value", "cw_p_value", "directional_accuracy")] == [None] * 5
    assert report["moved_days"] == 0
    assert "direction: the price did not move on any day next:" in text
    assert "There was nothing to follow" in text
    assert not re.search("p [<=] ", text)


def test_a_price_that_moves_on_some_days_is_judged_on_these(here: Path, capsys: Out) -> None:
    closes = np.repeat(walk(70), 3)[:200]
    report, text = judged(closes, here, capsys)
    moved = report["moved_days"]
    assert 0 < moved == int((np.diff(closes[169:]) != 0).sum()) < 15
    assert re.search(rf"direction right [\d.]+ % on the {moved} of 30 days on which it moved", text)


def test_a_model_of_closes_beyond_its_training_says_so(here: Path, capsys: Out) -> None:
    closes = 100 * np.exp(0.006 * np.arange(250)) * walk(250, 1.0, 0.002)
    report, text = judged(closes, here, capsys, "--target", "close")
    assert report["next_outside"]
    assert report["outside"]["above"] == report["days"] == 38
    assert "`target` return can" in report["outside_verdict"]
    assert "all 38 test closes (" in text
    assert "a model of closes cannot follow; --target return can." in text
    assert "(worthless: made from closes beyond all that training saw)" in text
    assert "none of the 38 closes of the test part" in text
    assert "an interval that held nothing says nothing" in text
    assert "follows the price by" not in text


def test_one_forecast_is_no_basis_for_any_verdict(here: Path, capsys: Out) -> None:
    report, text = judged(walk(134), here, capsys, "--horizon", "20")
    assert report["days"] == 1
    assert "one day is too few to judge by" in text
    assert "one forecast is too few" in text
    assert "Diebold" not in text
    assert "test part, its last day: predicted 20 days ahead" in text


def test_several_horizons_are_several_verdicts(here: Path, capsys: Out) -> None:
    _, text = judged(walk(300), here, capsys, "--horizon", "1", "2", "3")
    assert "3 verdicts stand here, one for each horizon." in text
    assert "skill in up to 2.5 % of all reports, and so one of 3 in up to 7.5 %" in text


@pytest.mark.parametrize(("size", "spread"), [(1.4e-5, 0.01), (2.3e9, 0.01), (7.8, 1e-6)])
def test_figures_of_any_size_are_told_apart_and_do_not_touch(
    size: float, spread: float, here: Path, capsys: Out
) -> None:
    report, text = judged(walk(200, size, spread), here, capsys)
    row = re.search(r" test +30 (.*?) direction right", text)
    assert row is not None
    cells = row[1].split()
    assert len(cells) == 6
    assert cells[0] != cells[1]
    forecast, low, high = re.search(r"forecast (\S+), 90 % interval (\S+) to (\S+);", text).groups()  # type: ignore[union-attr]
    assert len({forecast, low, high}) == 3
    assert float(forecast.replace(",", "")) == pytest.approx(report["next_close"], rel=1e-3)
    labels = re.findall(r"([\d.]\S*)┤", text)
    assert len(labels) == len(set(labels)) > 1
