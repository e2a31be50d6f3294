"""The mailbox: no picture is made for nobody, and a key is answered before the step in hand is done."""

import pytest

from lstm_tui.faces.text.requests import SetTemperature
from lstm_tui.session import commands
from lstm_tui.session.session import Session
from lstm_tui.session.snapshot import Status
from support.snapshots import text_seen
from support.stepped import Hand


def test_no_snapshot_is_made_for_a_screen_that_does_not_look(session: Session) -> None:
    session.turn()
    before = session.latest
    for _ in range(5):
        session.turn()
    assert session.latest is before
    session.look()
    session.turn()
    assert session.latest.number == before.number + 1


def test_a_key_is_answered_before_the_step_in_hand_is_done(session: Session, hand: Hand) -> None:
    hand.turn(3)
    session.look()
    hand.turn()
    before = session.look()
    session.request(commands.Ask(SetTemperature(0.9)))
    session.request(commands.Ask(SetTemperature(1.0)))
    session.request(commands.SetLearningRate(2 * before.figure.base_rate))
    session.request(commands.Pause())
    ahead = session.look()
    assert (ahead.status, text_seen(ahead).temperature) == (Status.PAUSED, 1.0)
    assert ahead.figure.learning_rate == pytest.approx(2 * before.figure.learning_rate)
    assert session.look() is ahead  # nothing to draw again
    assert session.latest.status is Status.TRAINING
    hand.turn()
    after = session.look()
    assert after.acknowledged == 4
    assert (after.status, text_seen(after).temperature) == (Status.PAUSED, 1.0)
    assert after.figure.base_rate == ahead.figure.base_rate


def test_what_was_asked_for_once_does_not_come_back_while_something_else_is_asked_for(
    session: Session, hand: Hand
) -> None:
    hand.turn(3)
    session.request(commands.SetLearningRate(0.5))
    hand.turn()
    assert session.look().figure.base_rate == 0.5
    assert session.run is not None
    session.run.trainer.base_rate = 0.25  # as after an explosion
    hand.turn(2)
    session.request(commands.Save())
    assert session.look().figure.base_rate == 0.25


def test_a_command_that_no_key_asked_for_is_not_acknowledged(session: Session) -> None:
    session.turn()
    session.mailbox.hand_in(commands.TakeReferences((("a guess", 1.5),)))
    session.turn()
    assert session.latest.curves.references == (("a guess", 1.5),)
    assert session.latest.acknowledged == 0
