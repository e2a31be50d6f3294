"""A run folder is one process's at a time, and nobody's once that process is gone, however it went."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lstm_model.errors import InputError
from lstm_model.runs.folder import RunFolder
from lstm_model.storage.claim import LOCK, Claim
from lstm_tui.cli import main
from support.runs import TINY

fcntl = pytest.importorskip("fcntl")
Files = dict[str, Path]
Out = pytest.CaptureFixture[str]


class Holder(subprocess.Popen[str]):
    """Another process that holds a folder until it is told to end."""

    def __init__(self, folder: Path) -> None:
        program = (
            f"from lstm_model.storage.claim import Claim; from pathlib import Path; c = Claim(Path({str(folder)!r}))"
        )
        ends = "; print('held', flush=True); input()"
        super().__init__(
            [sys.executable, "-c", program + ends], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.stdout is not None
        assert self.stdout.readline() == "held\n"


def test_a_second_process_is_told_who_is_there_and_changes_nothing(runs: Files, here: Path, capsys: Out) -> None:
    with Holder(runs["text"]) as other:
        for options in (["--load", str(runs["text"])], ["--save", str(runs["text"]), "--overwrite"]):
            before = (runs["text"] / "last.safetensors").read_bytes()
            assert main(["train", *options, "--steps", "9"]) == 2
            [line] = capsys.readouterr().err.splitlines()
            assert f"is in use, another lstm-tui writes in it (process {other.pid}): end that one first" in line
            assert (runs["text"] / "last.safetensors").read_bytes() == before
        for command in ("eval", "sample"):  # which only read
            assert main([command, "--load", str(runs["text"])]) == 0
        assert main(["train", "--load", str(runs["text"]), "--save", "elsewhere", "--steps", "9"]) == 0
        other.kill()


def test_kill_minus_9_leaves_the_folder_free(runs: Files, here: Path) -> None:
    with Holder(runs["text"]) as other:
        other.kill()
        assert other.wait() == -signal.SIGKILL
    assert (runs["text"] / LOCK).exists()
    assert main(["train", "--load", str(runs["text"]), "--steps", "9"]) == 0


def test_within_a_process_several_may_stand_for_a_folder_and_the_last_frees_it(tmp_path: Path) -> None:
    one, two = Claim(tmp_path), Claim(tmp_path / "." / "")
    one.release()
    one.release()

    def taken() -> bool:
        descriptor = os.open(tmp_path / LOCK, os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)

    assert taken()
    two.release()
    assert not taken()


def test_a_run_that_ended_lets_go(data: Files, here: Path) -> None:
    assert main(["train", "--data", str(data["text"]), *TINY, "--steps", "2", "--save", "run"]) == 0
    with Holder(here / "run") as other:
        with pytest.raises(InputError, match="in use"):
            RunFolder.going_on(here / "run" / "last.safetensors", 2)
        other.kill()


def test_a_folder_that_cannot_be_locked_is_used_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*arguments: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refuses)
    Claim(tmp_path).release()
