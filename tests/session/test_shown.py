"""What is shown of a run: whole, separate from the run, and remembered in bounds."""

from pathlib import Path

import numpy as np
import pytest

from lstm_tui.session import commands
from lstm_tui.session.session import Session
from lstm_tui.session.sessions import Sessions
from support.snapshots import text_seen
from support.stepped import Hand, tiny_launch


def test_a_snapshot_stays_as_it_is_while_training_goes_on(session: Session) -> None:
    for _ in range(3):
        session.turn()
    session.look()
    session.turn()
    snapshot = session.latest
    curve = snapshot.curves.train.mean.copy()
    for _ in range(20):
        session.look()
        session.turn()
    assert np.array_equal(snapshot.curves.train.mean, curve)
    assert session.latest.figure.step > snapshot.figure.step


def test_a_failing_save_is_said_once_and_training_goes_on(
    session: Session, monkeypatch: pytest.MonkeyPatch, hand: Hand
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lstm_model.runs.folder.save_checkpoint", full)
    session.turn()
    for _ in range(2):
        session.request(commands.Save())
        session.turn()
    said = [notice.text for notice in session.look().notices if "No space left" in notice.text]
    assert len(said) == 1
    step = session.latest.figure.step
    hand.turn_until(lambda: session.look().figure.step > step)


def test_another_run_begins_with_an_empty_journal_and_the_notices_stay(tmp_path: Path, hand: Hand) -> None:
    session = Sessions(tiny_launch(tmp_path), hand.begin).current
    hand.turn(2)
    session.request(commands.Save())
    session.request(commands.Evaluate())
    session.request(commands.Look())
    hand.turn_until(lambda: bool(text_seen(session.look()).samples) and session.latest.figure.full_val_loss is not None)
    hand.turn()  # the picture that was asked for, so that the next one is that of the load
    said = [notice.text for notice in session.latest.notices]
    session.request(commands.Pause())
    session.request(commands.Load(tmp_path / "run" / "step-000002.safetensors"))
    session.turn()
    latest = session.latest
    assert (text_seen(latest).samples, latest.figure.full_val_loss, latest.files.saved_step) == ((), None, None)
    assert [notice.text for notice in latest.notices][: len(said)] == said
    assert [notice.number for notice in latest.notices] == list(range(1, len(latest.notices) + 1))
