"""The pace of a run: what the model can do, and when the run will be done."""

from lstm_model.runs.driving.pace import KEPT, Pace


def test_speed_counts_training_alone_and_progress_counts_all() -> None:
    pace = Pace(elapsed=0.0, steps=0)
    elapsed = 0.0
    for step in range(1, 11):
        elapsed += 0.1 + 0.3  # a step, and a validation beside it
        pace.step(elapsed, 0.1, step)
    assert round(pace.speed, 6) == 10
    assert round(pace.progress, 6) == 2.5


def test_a_long_measurement_does_not_make_the_speed_unknown() -> None:
    pace = Pace(elapsed=0.0, steps=0)
    pace.step(0.5, 0.5, 5)
    pace.step(100.0, 0.5, 10)  # a minute and more of measuring lay between
    assert round(pace.speed, 6) == 10


def test_only_the_last_few_seconds_count() -> None:
    pace = Pace(elapsed=0.0, steps=0)
    for step in range(1, 100):
        pace.step(float(step), 1.0, step)
    for step in range(100, 100 + KEPT):
        pace.step(99 + (step - 99) * 0.5, 0.5, step)
    assert round(pace.speed, 6) == 2


def test_before_the_first_step_nothing_is_known() -> None:
    pace = Pace(elapsed=7.0, steps=3)
    assert (pace.speed, pace.progress) == (0.0, 0.0)
