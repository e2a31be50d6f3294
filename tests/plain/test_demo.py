"""`lstm-tui demo`: each mistake is told from what is right by a number that is printed."""

import json

import pytest

from lstm_model.lessons.outcome import Outcome, outcome_of
from lstm_model.lessons.table import LESSONS
from lstm_tui.cli import main
from support.places import ROOT

Out = pytest.CaptureFixture[str]


def made(name: str) -> tuple[Outcome, dict[str, list[float]]]:
    outcome = outcome_of(name, lambda _: None)
    return outcome, {str(row[0]): [float(value or 0) for value in row[1:]] for row in outcome.rows}


def test_without_a_name_the_mistakes_are_listed(capsys: Out) -> None:
    assert main(["demo"]) == 0
    out = capsys.readouterr().out
    assert all(name in out and lesson.title in out for name, lesson in LESSONS.items())
    assert all((ROOT / "docs" / "book" / lesson.chapter).exists() for lesson in LESSONS.values())


def test_an_unknown_name_is_refused_with_the_names_there_are(capsys: Out) -> None:
    assert main(["demo", "magic"]) == 2
    assert "forget-bias" in capsys.readouterr().err


def test_the_line_of_the_shipped_model_fits_better_a_day_early(capsys: Out) -> None:
    outcome, rows = made("lag")
    (rmse, r2, right), (still, still_r2, _) = rows["the model"], rows["no change"]
    assert r2 > 0.97
    assert still_r2 > 0.97
    assert rows["the model's line, a day earlier"][0] < 0.2 * rmse
    assert rmse == pytest.approx(still, rel=0.01)
    assert right == pytest.approx(rows["always down"][2], abs=0.5)
    assert main(["demo", "lag"]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 100
    assert all(name in text for name in rows)
    assert main(["demo", "lag", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["RMSE"] == pytest.approx(outcome.rows[0][1])


@pytest.mark.slow
def test_the_forget_bias_decides_what_is_left_of_the_gradient_and_how_fast_it_learns() -> None:
    _, rows = made("forget-bias")
    left = [values[0] for values in rows.values()]
    losses = [values[1] for values in rows.values()]
    assert left == sorted(left)
    assert left[0] < 1e-6
    assert left[-1] > 1
    assert min(losses[2:]) < min(losses[:2])


@pytest.mark.slow
def test_a_wrong_state_is_worse_than_none_at_the_first_characters() -> None:
    _, rows = made("state")
    right, zero, wrong = (values[0] for values in rows.values())
    assert right < zero < wrong


@pytest.mark.slow
def test_the_day_itself_in_its_window_beats_no_change_and_nothing_else_does() -> None:
    _, rows = made("future")
    *others, leak = (values[2] for values in rows.values())
    assert leak > 90
    assert max(map(abs, others)) < 2


@pytest.mark.slow
def test_without_a_bound_a_step_goes_far_away() -> None:
    _, rows = made("clipping")
    assert rows["no bound"][1] > 5 * rows["bound 1"][1]
