"""The worker: it steps, pauses, ends and fails in good order, by hand and in a thread."""

import threading
from pathlib import Path

import numpy as np
import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_tui.session import commands
from lstm_tui.session.session import Session
from lstm_tui.session.sessions import Sessions
from lstm_tui.session.snapshot import Status
from support.stepped import Hand, explode, tiny_launch


def test_training_goes_on_step_by_step_until_it_is_paused(session: Session) -> None:
    for _ in range(3):
        session.turn()
    session.request(commands.Pause())
    session.turn()
    assert session.latest.status is Status.PAUSED
    assert session.latest.figure.step == 3
    session.turn()
    session.look()
    assert session.latest.figure.step == 3


def test_an_explosion_stops_training_and_keeps_the_last_good_parameters(
    tmp_path: Path, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(look_length=30, autosave=1e9, figures_every=1e9, on_divergence="stop")
    session = Sessions(tiny_launch(tmp_path, plan=plan), hand.begin).current
    session.turn()
    run = session.run
    assert run is not None
    good = run.trainer.model.parameters.flat.copy()
    explode(run, monkeypatch, times=1)
    session.look()
    session.turn()
    assert session.latest.status is Status.DIVERGED
    assert np.array_equal(run.trainer.model.parameters.flat, good)


def test_a_run_with_a_limit_ends_finished_and_saved(tmp_path: Path, hand: Hand) -> None:
    session = Sessions(tiny_launch(tmp_path, plan=Plan(steps=6)), hand.begin).current
    hand.turn_until(lambda: session.look().status is Status.FINISHED)
    assert session.latest.figure.step == 6
    assert session.latest.figure.progress == 1.0
    assert load_checkpoint(tmp_path / "run" / "last.safetensors").record.step == 6


def test_evaluation_only_trains_nothing_and_writes_nothing(tmp_path: Path, hand: Hand) -> None:
    launch = tiny_launch(tmp_path, eval_only=True)
    before = launch.trainer.model.parameters.flat.copy()
    files = sorted(tmp_path.rglob("*"))
    session = Sessions(launch, hand.begin).current
    for command in (commands.Resume(), commands.Look(), commands.Save(), commands.Evaluate()):
        session.request(command)
    hand.turn_until(lambda: session.look().figure.full_val_loss is not None)
    session.request(commands.Stop())
    hand.turn(3)
    assert session.latest.status is Status.EVAL_ONLY
    assert session.latest.figure.step == 0
    assert np.array_equal(launch.trainer.model.parameters.flat, before)
    assert sorted(tmp_path.rglob("*")) == files


def test_stopping_saves_what_no_checkpoint_holds_yet(session: Session, tmp_path: Path) -> None:
    session.turn()
    session.request(commands.Stop())
    assert session.turn() is False
    assert load_checkpoint(tmp_path / "run" / "last.safetensors").record.step == 1


def test_stopping_before_the_first_step_leaves_nothing_behind(session: Session, tmp_path: Path) -> None:
    session.request(commands.Stop())
    assert session.turn() is False
    assert not (tmp_path / "run").exists()


def test_data_that_cannot_be_read_end_as_words_on_the_screen(tmp_path: Path, hand: Hand) -> None:
    sessions = Sessions(tiny_launch(tmp_path), hand.begin)
    hand.turn()
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not a checkpoint")
    sessions.current.request(commands.Load(broken))
    hand.turn()
    assert "not a whole checkpoint" in sessions.current.latest.notices[-1].text
    assert sessions.current.latest.status is Status.TRAINING


def test_a_real_thread_trains_pauses_and_ends(tmp_path: Path) -> None:
    session = Sessions(tiny_launch(tmp_path)).current
    while not session.look().figure.step:
        assert not session.join(0.01)
    session.request(commands.Pause())
    while session.latest.status is not Status.PAUSED:
        assert not session.join(0.01)
    session.stop()
    assert session.join(20)
    threads = [thread for thread in threading.enumerate() if thread.name == "training-text"]
    for thread in threads:
        thread.join(5)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize("task", ["text", "stock"])
def test_what_the_loss_is_held_against_is_found_beside_the_training(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lstm_tui.session.worker.REFERENCES_AFTER", 0.0)
    launch = tiny_launch(tmp_path, task, paused=True)
    expected = launch.trainer.task.references()
    session = Sessions(launch).current
    while not session.look().curves.references:
        assert not session.join(0.01)
    assert dict(session.latest.curves.references) == expected
    assert session.latest.acknowledged == 0  # no key asked for it
    session.request(commands.Stop())
    assert session.join(20)


def test_a_fault_of_the_program_is_said_and_ends_the_worker() -> None:
    def broken() -> Run:
        raise ZeroDivisionError("a fault")

    session = Session("text", broken)
    session.start()
    assert session.join(20)
    assert "a fault" in session.latest.notices[-1].text
    assert session.latest.status is Status.PAUSED
