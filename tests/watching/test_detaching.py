"""`lstm-tui --detach` and `attach`: the training outlives its screen and its terminal, and comes back with its keys."""

import os
import signal
from pathlib import Path

import pytest

from lstm_model.errors import InputError
from lstm_model.runs.remote.standing import Doing, Why, read_standing
from lstm_model.storage.holder import LOCKS, holder_of
from lstm_tui.cli import main
from lstm_tui.watching.attach import attached
from lstm_tui.watching.detaching import detached, for_train
from support.runs import TINY
from support.terminal import Terminal

Files = dict[str, Path]


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [
        (["--detach", "--steps", "5"], ["--steps", "5"]),
        (["--keys", "vim", "--ssh", "--task", "text", "--detach"], ["--task", "text"]),
        (["--keys=vim", "--no-ssh", "--name", "a run", "--ascii"], ["--name", "a run"]),
    ],
)
def test_the_training_gets_all_but_what_is_about_the_screen(given: list[str], passed_on: list[str]) -> None:
    assert for_train(given) == passed_on


@pytest.mark.parametrize(
    "arguments", [["--eval-only"], ["--paused"], ["--sample-every", "3"], ["--data", "-"], ["--data", "nowhere.txt"]]
)
def test_what_cannot_go_on_alone_is_refused_in_one_line_and_leaves_nothing(
    arguments: list[str], here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("lstm_tui.cli.on_terminal", lambda: True)
    assert main(["--detach", *arguments]) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("lstm-tui: error: ")
    assert "error" not in said[-1].removeprefix("lstm-tui: error: ")
    assert not (here / "saves").exists() or not list((here / "saves").iterdir())


def test_attach_finds_no_run_that_has_ended(runs: Files, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="nothing trains under saves"):
        attached({})
    assert attached({"run": "text-run"}) == Path("saves/text-run")
    assert main(["attach", "nowhere"]) == 2
    assert "there is no run nowhere" in capsys.readouterr().err


@pytest.mark.skipif(not LOCKS.exists(), reason="needs /proc/locks")
def test_a_short_training_is_over_when_its_screen_comes(here: Path, data: Files) -> None:
    arguments = ["--data", str(data["text"]), "--steps", "3", "--save", "run", *TINY]
    begun = detached({"data": (str(data["text"]),), "save": "run"}, arguments)
    assert begun.folder == Path("run")
    assert begun.process.wait() == 0
    assert holder_of(here / "run") is None
    assert "until step 3" in (here / "run" / "train.log").read_text()


@pytest.mark.slow
@pytest.mark.skipif(not LOCKS.exists(), reason="needs /proc/locks")
def test_a_detached_training_outlives_its_terminal_and_attach_brings_it_back(here: Path, data: Files) -> None:
    options = ["--data", str(data["text"]), *TINY]
    process: int | None = None
    try:
        with Terminal("--detach", *options, folder=here) as first:
            first.wait("TRAINING +controlled  text  step [1-9]", 60)
            (folder,) = (here / "saves").iterdir()
            process = holder_of(folder)
            assert process is not None
            assert process != first.child
            first.hang_up()
            assert first.end() == 128 + signal.SIGHUP
        assert holder_of(folder) == process
        with Terminal("attach", folder=here) as second:
            second.wait("TRAINING +controlled  text  step [1-9]", 60)
            second.press("q")
            assert second.end() == 0
            assert "it trains on; lstm-tui attach saves/" in second.text()
        assert holder_of(folder) == process
        with Terminal("attach", folder.name, folder=here) as third:
            third.wait("TRAINING +controlled", 60)
            third.press("p")
            third.wait("PAUSED +controlled")
            third.press("\x03")
            third.wait("Let it save and stop training")
            third.press("s")
            third.wait("ENDED +controlled")
            third.press("q")
            assert third.end() == 0
        standing = read_standing(folder)
        assert standing is not None
        assert (standing.status, standing.why) == (Doing.ENDED, Why.STOPPED)
        assert [answer.order for answer in standing.answers] == ["pause", "stop"]
        assert holder_of(folder) is None
    finally:
        if process is not None and holder_of(folder) == process:
            os.kill(process, signal.SIGKILL)
