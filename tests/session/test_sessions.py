"""The sessions of an app: one a task, each kept as it was left."""

from dataclasses import replace
from pathlib import Path

from lstm_model.runs.run import Run
from lstm_model.settings.known_tasks import KINDS
from lstm_tui.session import commands
from lstm_tui.session.sessions import Sessions
from lstm_tui.session.snapshot import Status
from support.stepped import Hand, tiny_launch


def test_switching_tasks_keeps_the_other_one_as_it_is_and_comes_back_to_it(tmp_path: Path, hand: Hand) -> None:
    sessions = Sessions(tiny_launch(tmp_path), hand.begin)
    text = sessions.current
    hand.turn(3)
    stock = sessions.switch()
    hand.turn(2)
    text.look()
    left_at = text.latest.figure.step
    assert (stock.task, text.latest.status, left_at) == ("stock", Status.PAUSED, 3)
    hand.turn(4)
    assert text.look().figure.step == left_at
    for _ in list(KINDS)[1:]:
        sessions.switch()
    assert sessions.current is text
    hand.turn(2)
    text.look()
    hand.turn()
    assert text.latest.status is Status.TRAINING
    assert text.latest.figure.step > left_at
    assert len(text.latest.curves.train.step) >= left_at


def test_a_task_left_paused_is_still_paused_on_coming_back(tmp_path: Path, hand: Hand) -> None:
    sessions = Sessions(tiny_launch(tmp_path), hand.begin)
    sessions.current.request(commands.Pause())
    hand.turn()
    for _ in KINDS:
        sessions.switch()
        hand.turn()
    hand.turn()
    assert sessions.current.latest.status is Status.PAUSED


def test_loading_a_checkpoint_of_the_other_task_goes_to_that_task(tmp_path: Path, hand: Hand) -> None:
    (tmp_path / "stock").mkdir()
    other = tiny_launch(tmp_path / "stock", "stock")
    run = Run(other.trainer, other.folder, replace(other.plan, steps=3))
    run.step()
    run.save()
    sessions = Sessions(tiny_launch(tmp_path), hand.begin)
    hand.turn()
    session = sessions.load(tmp_path / "stock" / "run")
    session.request(commands.Pause())
    hand.turn()
    assert session is sessions.current
    assert (session.latest.task, session.latest.figure.step) == ("stock", 1)
