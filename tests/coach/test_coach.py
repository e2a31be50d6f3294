"""The coach's rules on made-up curves: what each asks for, that lines fit, and that they do not flicker."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lstm_model.coach.rules import MOST_CELLS, RULES, Advice, AdviceKind, Coach, diagnose
from lstm_model.curves.history import Mark
from lstm_model.curves.trend import noise, pieces, trend
from lstm_model.settings.presets import preset_config
from lstm_tui.keys.table import KEYS
from support.coached import (
    COUNTED,
    NOTHING,
    SITUATIONS,
    buckets,
    followed,
    kinds,
    learning,
    level,
    made_up,
    noisy,
    overfitting,
    steps,
    until,
)


@pytest.mark.parametrize("name", SITUATIONS)
def test_each_situation_has_its_line_of_one_row_with_a_key_that_exists(name: str) -> None:
    advice = diagnose(SITUATIONS[name])
    assert advice is not None
    assert advice.kind == name.partition(",")[0]
    assert len(advice.text) <= MOST_CELLS
    assert advice.text.count("(*)") == 1
    assert advice.action in {key.action for key in KEYS}


def test_the_situations_have_every_rule() -> None:
    assert {name.partition(",")[0] for name in SITUATIONS} == {*RULES, "diverged", "went back"}


# No false alarm


@settings(deadline=None, max_examples=25)
@given(st.floats(0.0, 0.4), st.integers(0, 10_000))
def test_a_good_run_never_raises_an_alarm_and_its_line_does_not_flicker(spread: float, seed: int) -> None:
    lines = followed(learning(3000, spread, seed), every=25)
    assert set(kinds(lines)) <= {"falling"}
    assert len(lines) <= 4  # falling, perhaps not clear for a while, falling


def test_a_noisy_plateau_is_found_mostly_and_its_line_changes_a_few_times_at_most() -> None:
    values = np.concatenate([4.5 * steps(500) ** -0.2, np.full(2500, 1.3)])
    runs = [followed(made_up(noisy(values, 0.1, seed)), every=25) for seed in range(20)]
    ends = [kinds(lines[-1:]) for lines in runs]
    assert ends.count(["plateau"]) > 15
    assert ["falling"] not in ends  # at worst it is not clear
    assert max(map(len, runs)) <= 5


def test_one_spike_says_nothing() -> None:
    course = learning()
    spiked = course.train.mean.copy()
    spiked[-30] = 1e6
    assert diagnose(replace(course, train=buckets(course.train.step, spiked))) == diagnose(course)


@pytest.mark.parametrize("after", [[1.6], [1.6, 1.6], [1.6, 1.2001, 1.6], [1.6, 1.6, 1.6, 1.2001]])
def test_fewer_than_three_bad_validations_in_a_row_are_no_overfitting(after: list[float]) -> None:
    val = np.append(np.linspace(2.0, 1.2, 30), after)
    train = noisy(4.5 * steps(3500) ** -0.2)
    assert "overfitting" not in kinds([diagnose(made_up(train, val))])
    assert kinds([diagnose(made_up(train, np.append(val, [1.6, 1.6, 1.6])))]) == ["overfitting"]


def test_a_loss_that_falls_from_far_above_what_it_was_is_no_overfitting_but_falling() -> None:
    at = steps(3000)
    train = np.where(at < 1600, 2.0, 9.0 * (np.maximum(at, 1600) / 1600) ** -1.2)
    val = np.append(np.linspace(4, 1.9, 15), np.linspace(9, 4, 15))
    course = replace(made_up(noisy(train), val), marks=(Mark(1600, "rate"),))
    assert kinds([diagnose(course)]) == ["falling"]


def test_it_is_not_called_falling_where_validation_falls_no_more() -> None:
    val = np.append(np.linspace(2.0, 1.2, 15), np.full(25, 1.202))
    assert diagnose(made_up(noisy(4.5 * steps(4000) ** -0.2), val)) is None


def test_a_noisy_validation_that_stays_level_is_no_overfitting() -> None:
    train = noisy(4.5 * steps(3000) ** -0.2)
    level = np.append(np.linspace(2.0, 1.2, 20), np.full(10, 1.2))
    said = [
        kinds([diagnose(made_up(train, noisy(level, spread, seed)))]) for spread in (0.01, 0.03) for seed in range(50)
    ]
    assert said.count(["overfitting"]) <= 5  # of 100, before any waiting


def test_a_hard_text_is_no_rate_too_high_while_the_validation_is_at_its_best() -> None:
    harder = noisy(np.where(steps(2000) < 1500, 2.0, 2.6))
    assert kinds([diagnose(made_up(harder, np.linspace(3, 2, 20)))]) != ["rate too high"]
    assert kinds([diagnose(made_up(harder, np.append(np.linspace(3, 2, 14), [2.6] * 6)))]) == ["rate too high"]


def test_a_loss_that_falls_again_after_the_rate_was_changed_is_no_rate_too_high() -> None:
    values = np.where(steps(2000) < 1000, 2.0, np.where(steps(2000) < 1200, 9.0, 9.0 - (steps(2000) - 1200) / 160))
    course = made_up(noisy(values))
    assert kinds([diagnose(course)]) == ["rate too high"]
    assert kinds([diagnose(replace(course, marks=(Mark(1200, "rate"),)))]) == ["falling"]


def test_without_counted_characters_a_high_loss_is_not_called_poor() -> None:
    assert kinds([diagnose(level(3.6))]) == ["plateau"]


@settings(deadline=None, max_examples=200)
@given(
    arrays.arrays(float, st.integers(0, 700), elements=st.floats(width=32)),
    arrays.arrays(float, st.integers(0, 9), elements=st.floats(width=32)),
    st.booleans(),
)
def test_whatever_the_curves_are_it_does_not_fail(train: np.ndarray, val: np.ndarray, is_text: bool) -> None:
    course = made_up(train, references=COUNTED, config=preset_config("text" if is_text else "stock"))
    if len(val):
        at = 70 * steps(len(val))
        course = replace(course, val=buckets(at, val), best_val_loss=float(val[0]), best_step=70)
    with np.errstate(all="ignore"):
        assert diagnose(course) is None or isinstance(diagnose(course), Advice)


# The line that stands


def test_a_line_waits_until_it_has_been_found_for_a_while() -> None:
    coach, course = Coach(), learning(1000)
    assert coach.look(until(course, 10)) is None
    first = coach.look(until(course, 600))
    assert first is None
    assert kinds([coach.look(until(course, 640))]) == []
    assert kinds([coach.look(until(course, 660))]) == ["falling"]


def test_a_run_that_is_opened_late_has_its_line_at_once() -> None:
    assert kinds([Coach().look(learning())]) == ["falling"]


def test_while_nothing_moves_nothing_changes() -> None:
    coach, course = Coach(), learning(1000)
    coach.look(until(course, 10))
    assert {coach.look(until(course, 620)) for _ in range(10)} == {None}


def test_going_back_and_another_run_begin_anew() -> None:
    coach = Coach()
    assert kinds([coach.look(learning())]) == ["falling"]
    assert coach.look(until(learning(), 100)) is None


def test_a_line_goes_later_than_it_comes() -> None:
    rows: list[tuple[float, str, AdviceKind | None]] = [
        (0.58, "plateau", None), (0.61, "clipped", None), (0.58, "clipped", "clipped"), (0.54, "plateau", "clipped")
    ]  # fmt: skip
    for share, said, before in rows:
        assert kinds([diagnose(replace(level(2.0), clipped=share), before)]) == [said]


def test_overfitting_names_the_same_step_while_it_goes_on() -> None:
    lines = followed(overfitting(), every=50)
    assert [line.text for line in lines if line and line.kind == "overfitting"] == [
        "Overfits since step 1,500, which is kept. More dropout: a new run (*)."
    ]


# The statistics


def test_a_slope_is_found_beneath_noise_and_outliers() -> None:
    line = noisy(np.linspace(5, 3, 60), 0.02)
    line[[4, 30, 51]] = 50.0
    found = trend(line)
    assert found.change == pytest.approx(-2, abs=0.1)
    assert found.level == pytest.approx(3, abs=0.1)
    assert found.error < 0.05


def test_the_noise_of_a_bent_curve_is_that_of_its_values() -> None:
    assert noise(noisy(np.linspace(0, 3, 2000) ** 2, 0.1)) == pytest.approx(0.1, rel=0.1)
    assert noise(np.zeros(3)) == 0


def test_the_error_of_a_slope_is_the_spread_of_slopes() -> None:
    found = [trend(noisy(np.zeros(12), 1.0, seed)) for seed in range(400)]
    assert np.std([each.change for each in found]) == pytest.approx(np.median([each.error for each in found]), rel=0.3)


def test_pieces_are_equal_leave_gaps_out_and_need_two_values_each() -> None:
    curve = buckets(steps(9), np.array([9.0, 1, 1, np.nan, 2, 2, 3, 3, 4]))
    np.testing.assert_array_equal(pieces(curve, 0, 8, 3), [1, 2, 3])
    assert len(pieces(curve, 0, 9, 5)) == 0
    assert len(pieces(NOTHING, 0, 9, 1)) == 0
