"""Curves of saved runs over steps, time and epochs, whatever stands in metrics.csv."""

from pathlib import Path

import numpy as np
import pytest

from lstm_model.runs.comparing.curves import Compared, read_rows
from lstm_model.runs.metrics import ROWS

Files = dict[str, Path]
HEAD = "step,epoch,loss,val_loss,learning_rate,grad_norm,speed,elapsed_s"


def compared(run: Path, *rows: str) -> Compared:
    (run / ROWS).write_text("\n".join([HEAD, *rows]) + "\n")
    return Compared.read(run / "last.safetensors")


def test_times_and_epochs_lie_between_those_of_the_rows_and_beyond_them_in_proportion(runs: Files) -> None:
    run = compared(runs["text"], "2,0.1,3,,1,1,1,10", "4,0.2,3,,1,1,1,30")
    steps = run.story.train.step
    np.testing.assert_array_equal(steps, [1, 2, 3, 4, 5, 6])
    np.testing.assert_array_equal(run.over("step", run.story.train), steps)
    np.testing.assert_allclose(run.over("time", run.story.train), [5, 10, 20, 30, 37.5, 45])
    np.testing.assert_allclose(run.over("epoch", run.story.train), [0.05, 0.1, 0.15, 0.2, 0.25, 0.3])


def test_without_rows_times_are_in_proportion_and_epochs_unknown(runs: Files) -> None:
    (runs["text"] / ROWS).unlink()
    run = Compared.read(runs["text"] / "last.safetensors")
    assert run.over("time", run.story.train)[-1] == pytest.approx(run.story.elapsed)
    assert np.isnan(run.over("epoch", run.story.train)).all()


@pytest.mark.parametrize(
    "row",
    ["x,y", "nan,0.1,3,,1,1,1,10", "1,inf,3,,1,1,1,1", "\0\0\0", '"', "9" * 400 + ",1,1,1,1,1,1,1", "7" * 200_000],
)
def test_rows_that_make_no_sense_are_left_out(row: str, runs: Files) -> None:
    (runs["text"] / ROWS).write_text(f"{HEAD}\n2,0.1,3,,1,1,1,10\n{row}\n")
    rows = read_rows(runs["text"])
    assert np.isfinite(np.concatenate(rows_of(rows))).all()
    assert rows.step.tolist() == [2.0]


def rows_of(rows: object) -> list[np.ndarray]:
    return list(vars(rows).values())


def test_a_run_that_went_back_has_the_later_rows(runs: Files) -> None:
    run = compared(runs["text"], "2,1,3,,1,1,1,10", "6,3,3,,1,1,1,30", "4,2,3,,1,1,1,50")
    assert run.rows.step.tolist() == [2, 4]
    assert run.rows.elapsed_s.tolist() == [10, 50]


def test_the_validation_ends_with_the_best_also_where_the_curve_does_not_keep_it(runs: Files) -> None:
    run = Compared.read(runs["text"] / "last.safetensors")
    assert run.story.saved.best_step == 6
    assert len(run.story.val.step) == 0
    assert run.validation.step.tolist() == [6]
    assert run.validation.mean.tolist() == [run.story.saved.best_val_loss]
