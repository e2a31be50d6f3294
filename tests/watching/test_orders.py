"""Orders through a run's folder: obeyed once, answered in status.json, and taken from the user who trains alone."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.folder import RunFolder
from lstm_model.runs.outside.settings import read_settings
from lstm_model.runs.remote import orders
from lstm_model.runs.remote.orders import Order, Orders, Word, give
from lstm_model.runs.remote.standing import Doing, Why, read_standing
from lstm_model.runs.run import Run
from lstm_model.storage.claim import LOCK, Claim
from lstm_tui.cli import main
from lstm_tui.plain.obeying import Obeying
from lstm_tui.session import commands
from lstm_tui.session.session import Session
from lstm_tui.session.sessions import Sessions
from lstm_tui.session.snapshot import Status
from lstm_tui.watching.following import NOT_HERE, Following
from support.stepped import Hand, tiny_launch, tiny_trainer

Files = dict[str, Path]


@pytest.fixture(autouse=True)
def looked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "EVERY", 0.0)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def session(tmp_path: Path, hand: Hand) -> Session:
    """A session that trains, with its folder made."""
    session = Sessions(tiny_launch(tmp_path), hand.begin).current
    session.request(commands.Save())
    hand.turn_until((tmp_path / "run" / LOCK).exists)
    return session


def controlling(folder: Path) -> Following:
    config = read_settings(folder)
    assert config is not None
    return Following(folder, config, controls=True)


def waiting(folder: Path) -> list[Order]:
    return Orders(lambda: folder).due()


def test_a_key_at_a_watcher_pauses_samples_saves_and_ends_the_run_of_another_screen(
    session: Session, hand: Hand, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    source = controlling(folder)
    source.turn()
    for command, done in (
        (commands.Pause(), lambda: session.latest.status is Status.PAUSED),
        (commands.Look(), (folder / "samples.txt").exists),
        (commands.Resume(), lambda: session.latest.status is Status.TRAINING),
        (commands.Save(), lambda: len(list(folder.glob("step-*.safetensors"))) > 1),
        (commands.Stop(), session.ended.is_set),
    ):
        number = source.request(command)
        source.turn()
        assert source.latest.acknowledged < number  # nobody has answered yet
        hand.turn_until(done)
        source.turn()
        assert source.latest.acknowledged == number
        assert not list(folder.glob("order-*"))
    assert session.ordered_to_end  # so that its screen goes as well
    standing = read_standing(folder)
    assert standing is not None
    assert [answer.order for answer in standing.answers] == ["pause", "sample", "resume", "save", "stop"]
    assert source.latest.acknowledged == 5


def test_train_without_a_screen_obeys_too_and_stands_still_in_a_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(tiny_trainer(tmp_path), RunFolder.new("text", tmp_path / "run"), Plan(autosave=1e9))
    run.step()
    run.save()
    obeying = Obeying(run)
    give(tmp_path / "run", Word.PAUSE)
    rests: list[float] = []
    monkeypatch.setattr("lstm_tui.plain.obeying.time.sleep", rests.append)
    for _ in range(5):
        obeying.moved()
    assert (run.trainer.steps, len(rests)) == (1, 5)
    standing = read_standing(tmp_path / "run")
    assert standing is not None
    assert (standing.status, standing.answers[-1].order) == (Doing.PAUSED, "pause")
    for word in (Word.SAMPLE, Word.SAVE, Word.RESUME):
        give(tmp_path / "run", word)
    obeying.moved()
    assert run.job == "sample"
    assert list((tmp_path / "run").glob("step-*"))
    while run.job:
        obeying.moved()
    obeying.moved()
    assert run.trainer.steps == 2
    assert "asked for this: save" in capsys.readouterr().err


def test_an_order_to_stop_ends_train_as_a_signal_does(here: Path, data: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    step = Run.step

    def step_and_order(run: Run) -> object:
        if run.trainer.steps == 20:
            run.save()
            give(here / "run", Word.STOP)
        return step(run)

    monkeypatch.setattr(Run, "step", step_and_order)
    assert main(["train", "--data", str(data["text"]), "--hidden", "8", "--save", "run", "--threads", "1"]) == 143
    standing = read_standing(here / "run")
    assert standing is not None
    assert (standing.status, standing.why, standing.answers[0].order) == (Doing.ENDED, Why.STOPPED, "stop")


@pytest.mark.skipif(os.name != "posix", reason="links and users of POSIX")
def test_orders_that_are_links_or_old_or_of_somebody_else_are_not_obeyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = Claim(tmp_path)
    try:
        name = f"order-{'a' * 16}.json"
        elsewhere = tmp_path / "elsewhere"

        def link(make: Callable[[Path, Path], None]) -> None:
            elsewhere.write_text(json.dumps({"order": "stop"}))
            make(elsewhere, tmp_path / name)

        for make in (lambda at, there: there.symlink_to(at), os.link):
            link(make)
            assert waiting(tmp_path) == []
            assert (tmp_path / name).exists()  # it is not ours to take away
            assert elsewhere.exists()
            (tmp_path / name).unlink()
            elsewhere.unlink()
        os.mkfifo(tmp_path / name)
        assert waiting(tmp_path) == []  # and does not wait
        (tmp_path / name).unlink()
        (tmp_path / name).mkdir()
        assert waiting(tmp_path) == []
        (tmp_path / name).rmdir()

        before = (tmp_path / LOCK).stat().st_mtime - 1
        old = give(tmp_path, Word.STOP)
        os.utime(tmp_path / f"order-{old}.json", (before, before))
        assert waiting(tmp_path) == []  # it was meant for a process before this one
        assert not list(tmp_path.glob("order-*"))

        give(tmp_path, Word.STOP)
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)  # the file belongs to another user than who trains
        assert waiting(tmp_path) == []
        assert len(list(tmp_path.glob("order-*"))) == 1
        monkeypatch.undo()
        assert [order.word for order in waiting(tmp_path)] == [Word.STOP]
        assert waiting(tmp_path) == []  # once
    finally:
        claim.release()


@pytest.mark.parametrize("contents", [b"", b"[]", b'{"order": 5}', b'{"order": "rm"}', b"[" * 900, b" " * 5000])
def test_what_is_no_order_is_taken_away_and_does_nothing(contents: bytes, tmp_path: Path) -> None:
    claim = Claim(tmp_path)
    try:
        (tmp_path / f"order-{'b' * 16}.json").write_bytes(contents)
        assert waiting(tmp_path) == []
        assert not list(tmp_path.glob("order-*"))
    finally:
        claim.release()


def test_an_order_that_nobody_answers_is_taken_back_and_told(runs: Files) -> None:
    source = controlling(runs["text"])
    number = source.request(commands.Pause())
    source.turn()
    assert source.latest.acknowledged == number
    assert source.latest.notices[-1].text == "pause: nobody trains this run any more"
    assert not list(runs["text"].glob("order-*"))
    assert source.why_not("pause", asks=False) == "nobody trains this run any more"
    assert source.why_not("load", asks=False) == NOT_HERE


def test_control_of_another_users_run_is_refused(
    runs: Files, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("lstm_tui.cli.on_terminal", lambda: True)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert main(["watch", str(runs["text"]), "--control"]) == 2
    assert "--control is for the user who trains" in capsys.readouterr().err
    assert main(["watch", str(runs["text"]), "--control", "--plain"]) == 2
    assert "--control needs the screen" in capsys.readouterr().err
