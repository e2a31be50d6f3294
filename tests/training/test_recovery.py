"""A loss that is no number costs the steps since the last good state, and half of the rate; it does not end the run."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_model.events import Event
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.events import Exploded, WentBack
from lstm_model.runs.run import Run
from lstm_model.training.recovery import LastGood
from lstm_tui.cli import main
from support.stepped import explode, tiny_trainer, write_prices

Out = pytest.CaptureFixture[str]


def moved_on(run: Run, steps: int) -> list[Event]:
    """Go on until a step is reached and all its jobs are done, or the run has diverged."""
    events: list[Event] = []
    while (run.trainer.steps < steps or run.job) and not run.diverged:
        events += run.work() if run.job else run.step()
    return events


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tiny_trainer(tmp_path, average=4.0, dropout=0.2), None, Plan())


def test_it_goes_back_to_the_last_measured_state_whole(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    moved_on(run, 4)  # a validation: a good state
    good = {name: tensor.copy() for name, tensor in run.trainer.checkpoint().tensors.items()}
    cursor, rate = run.trainer.task.cursor(), run.trainer.base_rate
    moved_on(run, 6)
    run.trainer.elapsed = 100.0
    explode(run, monkeypatch, 1)
    assert run.step() == [WentBack(exploded_at=7, step=4, rate=rate / 2)]
    assert (run.trainer.steps, run.trainer.base_rate, run.trainer.elapsed) == (4, rate / 2, 100.0)
    assert run.trainer.task.cursor() == cursor
    for name, tensor in run.trainer.checkpoint().tensors.items():
        np.testing.assert_array_equal(tensor, good[name], err_msg=name)
    assert not any(isinstance(event, WentBack | Exploded) for event in moved_on(run, 12))
    assert run.trainer.steps == 12


def test_before_any_measurement_it_goes_back_to_the_start(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    start = run.trainer.model.parameters.flat.copy()
    moved_on(run, 2)
    explode(run, monkeypatch, 1)
    [event] = run.step()
    assert isinstance(event, WentBack)
    assert event.step == 0
    np.testing.assert_array_equal(run.trainer.model.parameters.flat, start)


def test_what_does_not_help_several_times_ends_with_the_good_state(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    moved_on(run, 4)
    good = run.trainer.model.parameters.flat.copy()
    explode(run, monkeypatch, 10**9)
    events = moved_on(run, 8)
    assert [type(event) for event in events] == [WentBack] * LastGood.MOST + [Exploded]
    assert run.diverged
    np.testing.assert_array_equal(run.trainer.model.parameters.flat, good)


def test_a_measurement_in_between_gives_all_tries_back(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for k in range(1, LastGood.MOST + 3):
        with monkeypatch.context() as patch:
            explode(run, patch, 1)
            assert isinstance(run.step()[0], WentBack)
        moved_on(run, 4 * k)
    assert not run.diverged


def test_stop_stops_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(tiny_trainer(tmp_path), None, Plan(on_divergence="stop"))
    moved_on(run, 5)
    explode(run, monkeypatch, 1)
    assert [type(event) for event in run.step()] == [Exploded]


def inflate(run: Run, monkeypatch: pytest.MonkeyPatch, steps: int, times: float) -> None:
    """Let the loss be some times what it is, for some steps."""
    model, left = run.trainer.model, [steps]
    right = model.loss_and_gradients

    def wrong(*arguments: Any, **options: Any) -> Any:
        loss, state = right(*arguments, **options)
        left[0] -= 1
        return (loss * times if left[0] >= 0 else loss), state

    monkeypatch.setattr(model, "loss_and_gradients", wrong)


def test_a_loss_that_explodes_and_stays_a_number_is_noticed_as_well(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    moved_on(run, 100)
    inflate(run, monkeypatch, 10**9, 20.0)
    events = [event for event in moved_on(run, 150) if isinstance(event, WentBack | Exploded)]
    back = events[0]
    assert isinstance(back, WentBack)
    assert 100 <= back.step < back.exploded_at  # no state was kept in which the loss was rising already
    assert "the loss was more than 4 times its first value, 3." in str(back)
    assert run.trainer.history.marks[-1].kind == "back"


@pytest.mark.parametrize("on_divergence", ["rollback", "stop"])
def test_what_it_stops_with_is_the_last_good_state(
    on_divergence: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(tiny_trainer(tmp_path), None, Plan(on_divergence=on_divergence))
    moved_on(run, 100)
    good = run.trainer.model.parameters.flat.copy()
    inflate(run, monkeypatch, 10**9, 100.0)
    events = moved_on(run, 10_000)
    assert run.diverged
    assert isinstance(events[-1], Exploded)
    assert run.trainer.steps in (100, 104)
    if run.trainer.steps == 100:
        np.testing.assert_array_equal(run.trainer.model.parameters.flat, good)


def test_a_few_terrible_batches_are_no_explosion(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    moved_on(run, 100)
    inflate(run, monkeypatch, 3, 20.0)
    assert not any(isinstance(event, WentBack) for event in moved_on(run, 200))


def test_a_resumed_run_knows_where_its_loss_began(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    losses = []
    for step in range(1, 51):
        moved_on(run, step)
        assert run.trainer.last is not None
        losses.append(run.trainer.last.loss)
    moved_on(run, 300)
    again = Run(run.trainer, None, Plan())
    inflate(again, monkeypatch, 10**9, 100.0)
    back = next(event for event in moved_on(again, 400) if isinstance(event, WentBack))
    said = re.search(r"more than 4 times its first value, ([\d.]+)", str(back))
    assert said is not None
    assert float(said[1]) == pytest.approx(np.mean(losses), rel=0.2)


def test_train_says_each_time_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    monkeypatch.chdir(tmp_path)
    wild = ["--optimizer", "sgd", "--lr", "999", "--clip", "0", "--schedule", "constant", "--hidden", "8"]
    asked = ["train", "--task", "stock", "--data", str(write_prices(tmp_path)), "--seq", "5", *wild]
    assert main([*asked, "--steps", "500", "--json"]) in (0, 1)
    first, *_ = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"the loss was no finite number at step \d+: back to step 0, at half the rate \(500\)", first)
