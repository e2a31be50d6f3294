"""Which days a model was trained on is kept, and how many of those that are measured it has seen is told."""

import json
from typing import Any

import numpy as np
import pytest

from lstm_model.tasks.stock.trained_days import MOST_CLOSES, Overlap, TrainedDays

DATES = np.busday_offset(np.array("2022-01-03", "datetime64[D]"), np.arange(500))
CLOSES = 100 * np.exp(np.cumsum(np.random.default_rng(2).normal(0, 0.01, 500)))
KEPT = TrainedDays.of(DATES, CLOSES, 350, 425)


def rows(start: int, stop: int) -> np.ndarray:
    return np.arange(start, stop)


def test_what_is_kept_comes_back_from_json() -> None:
    assert TrainedDays.from_memory(json.loads(json.dumps(KEPT.memory()))) == KEPT
    assert (KEPT.first, KEPT.last, KEPT.validated) == (str(DATES[0]), str(DATES[349]), str(DATES[424]))
    assert len(KEPT.pairs) == MOST_CLOSES


def test_the_first_300_days_measured_as_a_test_were_trained_on() -> None:
    found = KEPT.overlap(DATES[:300], CLOSES[:300], rows(255, 300))
    assert found == Overlap(measured=45, trained=45, chosen=0, same_series=True)
    assert found.sentence() == "the model was trained on 45 of the 45 days: these figures show memory"


def test_adjusted_and_rounded_prices_are_the_same_series_and_others_are_not() -> None:
    assert KEPT.overlap(DATES, CLOSES / 4, rows(300, 400)).same_series
    assert KEPT.overlap(DATES, CLOSES.round(2), rows(300, 400)).same_series
    other = CLOSES[::-1].copy()
    found = KEPT.overlap(DATES, other, rows(300, 400))
    assert (found.trained, found.chosen, found.same_series) == (50, 50, False)
    assert found.sentence("weeks") == "50 of the 100 weeks lie where the model was trained, on another series"


def test_days_of_the_validation_part_are_told_apart_and_later_ones_are_free() -> None:
    found = KEPT.overlap(DATES, CLOSES, rows(400, 450))
    assert (found.trained, found.chosen) == (0, 25)
    assert found.sentence() == "the best checkpoint was chosen by 25 of the 50 days"
    assert KEPT.overlap(DATES, CLOSES, rows(425, 500)).sentence() == ""


def test_where_no_day_is_shared_nothing_is_claimed() -> None:
    later = (DATES + np.timedelta64(365 * 5, "D")).astype("datetime64[D]")
    assert KEPT.overlap(later, CLOSES, rows(0, 500)) == Overlap(500, 0, 0, None)


def test_a_price_that_hardly_moves_tells_its_own_series_and_claims_nothing_of_another() -> None:
    pegged = 7.8 + CLOSES / 1e6
    kept = TrainedDays.of(DATES, pegged, 350, 350)
    assert kept.overlap(DATES, pegged, rows(300, 400)).same_series
    found = kept.overlap(DATES, 7.8 + CLOSES[::-1] / 1e6, rows(300, 400))
    assert found.same_series is None
    assert found.sentence() == "50 of the 100 days lie where the model was trained"


def test_hours_are_compared_as_hours() -> None:
    hours = np.datetime64("2023-01-02T09:00:00") + np.arange(500) * np.timedelta64(3600, "s")
    kept = TrainedDays.of(hours, CLOSES, 350, 350)
    found = kept.overlap(hours, CLOSES, rows(340, 360))
    assert (found.trained, found.chosen, found.same_series) == (10, 0, True)


@pytest.mark.parametrize(
    "bad",
    [{}, {"days": ["2022-01-03"], "changes": []}, {"days": ["a", "b", "c"], "changes": []},
     {"days": ["2022-01-03"] * 3, "changes": [["2022-01-03", "2022-01-04", "x"]]},
     {"days": ["2022-01-03"] * 3, "changes": [["2022-01-03", "2022-01-04", 1e9]]},
     {"days": ["2022-01-03"] * 3, "changes": [["2022-01-03", "2022-01-04", 0.1]] * (MOST_CLOSES + 1)},
     {"days": ["NaT"] * 3, "changes": []}, {"days": 3, "changes": 3}],
)  # fmt: skip
def test_what_makes_no_sense_in_a_checkpoint_is_as_if_it_were_not_there(bad: dict[str, Any]) -> None:
    assert TrainedDays.from_memory(bad) is None
