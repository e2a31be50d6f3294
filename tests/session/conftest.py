"""A session over tiny data that steps on command."""

from pathlib import Path

import pytest

from lstm_tui.session.session import Session
from lstm_tui.session.sessions import Sessions
from support.stepped import Hand, tiny_launch


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def session(tmp_path: Path, hand: Hand) -> Session:
    return Sessions(tiny_launch(tmp_path), hand.begin).current
