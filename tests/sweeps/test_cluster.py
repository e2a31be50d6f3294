"""Trials on the workers of a real Dask scheduler, which may be killed, as may the sweep."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lstm_tui.cli import main
from support.dask import Scheduler, scheduler

Out = pytest.CaptureFixture[str]

pytest.importorskip("distributed")

SWEEP = ["sweep", "--task", "copy", "--hidden", "8", "--batch", "4", "--try", "lr=log:0.001..0.1", "--json"]
SWEEP += ["--threads", "1", "--pruner", "none"]
SHORT = [*SWEEP, "--steps", "20", "--trials", "3", "--again", "1"]
LONG = [*SWEEP, "--steps", "3000", "--trials", "3", "--again", "0"]


@pytest.fixture
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scheduler]:
    with scheduler(tmp_path_factory.mktemp("dask")) as one:
        yield one


def started(*arguments: str) -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "lstm_tui", *arguments]
    return subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ran(*arguments: str) -> tuple[list[dict[str, Any]], str]:
    with started(*arguments) as process:
        out, err = process.communicate()
    assert process.returncode == 0, err
    return json.loads(out.splitlines()[-1])["trials"], err


def results(trials: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(t["trial"], t["settings"]["lr"], t["seed"], t["state"], t["val_loss"], t["test_loss"]) for t in trials]


def first_run(folder: Path, *processes: subprocess.Popen[Any]) -> Path:
    """Wait until a trial in the folder has a checkpoint, and has not ended."""
    while True:
        for run in folder.glob("0*-seed*"):
            if (run / "best.safetensors").exists():
                assert not (run / "trial.json").exists()
                return run
        assert all(process.poll() is None for process in processes)


def test_numbers_are_those_of_one_machine_and_files_come_home(dask: Scheduler, here: Path) -> None:
    """Workers of another version are left out; the others do not see the sweep's folder."""
    (dask.folder / "older.py").write_text("import lstm_model\nlstm_model.__version__ = '0.0.9'\n")
    for name in ("one", "two"):
        dask.worker(name)
    dask.worker("older", "--preload", str(dask.folder / "older.py"))
    dask.wait_for(3)
    here_alone, _ = ran(*SHORT, "--save", "alone")
    trials, err = ran(*SHORT, "--save", "/proc/self/cwd/there", "--scheduler", dask.address)
    assert results(trials) == results(here_alone)
    (line,) = err.splitlines()
    assert "is left out: it has lstm-tui 0.0.9, and the sweep is of" in line
    for run in sorted((here / "alone").glob("0*-seed*")):
        home = here / "there" / run.name
        assert {file.name for file in home.iterdir()} == {file.name for file in run.iterdir() if file.name != ".lock"}
    assert main(["train", "--load", str(home), "--steps", "22"]) == 0
    assert not list(dask.folder.glob("*/there"))


def test_a_worker_whose_disk_is_full_is_left_out_and_its_trials_go_elsewhere(dask: Scheduler, here: Path) -> None:
    """A limit on the size of files stands for the disk: nothing fits there but what is told of it."""
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))\n"
    (dask.folder / "full.py").write_text(limit)
    dask.worker("full", "--preload", str(dask.folder / "full.py"))
    dask.worker("well")
    dask.wait_for(2)
    wide = [*SHORT, "--hidden", "64"]
    here_alone, _ = ran(*wide, "--save", "alone")
    trials, err = ran(*wide, "--save", "/proc/self/cwd/roomy", "--scheduler", dask.address)  # a name of its own
    assert results(trials) == results(here_alone)
    (line,) = err.splitlines()
    assert line.startswith("the worker tcp://")
    assert "is left out: cannot save in" in line
    assert "File too large" in line


def test_a_scheduler_that_is_not_there_is_one_line(here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_model.sweeps.roads.cluster.CONNECT", 0.2)
    for address in ("tcp://127.0.0.1:1", "nonsense"):
        assert main([*SHORT, "--scheduler", address]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert f"there is no Dask scheduler at {address}" in line


def test_without_dask_it_says_what_to_install(here: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "lstm_model.sweeps.roads.cluster", raising=False)
    assert main([*SHORT, "--scheduler", "local"]) == 2
    assert "pip install 'lstm-tui[cluster]'" in capsys.readouterr().err


def test_workers_whose_data_are_others_are_left_out(
    dask: Scheduler, here: Path, capsys: Out, data: dict[str, Path]
) -> None:
    (here / "text.txt").write_text(data["text"].read_text())
    dask.worker("one")
    dask.wait_for(1)
    asked = ["sweep", "--try", "hidden=4,8", "--steps", "3", "--seq", "5", "--data", "/proc/self/cwd/text.txt"]
    assert main([*asked, "--scheduler", dask.address]) == 2
    first, last = capsys.readouterr().err.splitlines()
    assert "is left out: " in first
    assert "text.txt" in first
    assert "can help: see above" in last


@pytest.mark.slow
def test_a_worker_that_is_killed_has_its_trial_go_on_elsewhere(dask: Scheduler, here: Path) -> None:
    workers = [dask.worker(name) for name in ("one", "two")]
    dask.wait_for(2)
    unbroken, _ = ran(*LONG, "--save", "alone")
    with started(*LONG, "--save", "sweep", "--scheduler", dask.address) as process:
        first_run(here / "sweep", process)
        workers[0].kill()
        out, err = process.communicate()
    assert process.returncode == 0, err
    assert "is begun again: its process lost its worker" in err
    assert results(json.loads(out.splitlines()[-1])["trials"]) == results(unbroken)


@pytest.mark.slow
def test_a_scheduler_that_is_killed_leaves_a_sweep_that_goes_on_here(dask: Scheduler, here: Path) -> None:
    dask.worker("one")
    dask.wait_for(1)
    unbroken, _ = ran(*LONG, "--save", "alone")
    with started(*LONG, "--save", "sweep", "--scheduler", dask.address) as process:
        first_run(here / "sweep", process)
        dask.process.kill()
        _, err = process.communicate()
    assert process.returncode == 1
    (line,) = err.splitlines()
    assert "the Dask scheduler has gone away; all that came home is saved: the same command goes on" in line
    for worker in dask.processes[1:]:
        worker.kill()
    assert results(ran(*LONG, "--save", "sweep")[0]) == results(unbroken)


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT])
def test_a_sweep_that_is_ended_goes_on_at_the_same_scheduler(by: signal.Signals, dask: Scheduler, here: Path) -> None:
    for name in ("one", "two"):
        dask.worker(name)
    dask.wait_for(2)
    unbroken, _ = ran(*LONG, "--save", "alone")
    with started(*LONG, "--save", "sweep", "--scheduler", dask.address) as process:
        first_run(here / "sweep", process)
        process.send_signal(by)
        process.communicate()
    assert process.returncode == (130 if by is signal.SIGINT else -by)
    trials, _ = ran(*LONG, "--save", "sweep", "--scheduler", dask.address)
    assert results(trials) == results(unbroken)
