"""Tiny data, tiny runs and a folder to work in: what tests of the command line stand on."""

# isort: off
import support.shapes  # before all that imports lstm_model
# isort: on

import os
import shutil
from pathlib import Path

import pytest

from lstm_tui.cli import main
from support.runs import TINY
from support.stepped import write_prices, write_text


@pytest.fixture(autouse=True)
def shapes_are_checked() -> None:
    """Hold arrays to the shapes that annotations say, for the first calls of each test."""
    support.shapes.check_again()


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test read or write what the person at this machine prefers, or what was found here before."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A tiny text and a tiny price series."""
    folder = tmp_path_factory.mktemp("data")
    return {"text": write_text(folder), "stock": write_prices(folder)}


@pytest.fixture(scope="session")
def trained(data: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A finished run of each task; copy it before changing it."""
    runs = {}
    for task, path in data.items():
        runs[task] = tmp_path_factory.mktemp("trained") / f"{task}-run"
        options = ["--task", task, "--data", str(path), "--save", str(runs[task]), "--steps", "6", *TINY]
        assert main(["train", *options]) == 0
    return runs


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own to work in, with nothing of the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("LSTM_TUI_SAVES", "SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def runs(here: Path, trained: dict[str, Path]) -> dict[str, Path]:
    """Copies of the finished runs under saves/, the text run the newer one."""
    copies = {}
    for age, task in enumerate(("stock", "text")):
        copies[task] = here / "saves" / f"{task}-run"
        shutil.copytree(trained[task], copies[task])
        for file in copies[task].iterdir():
            times = (1_000_000_000 + age, 1_000_000_000 + age)
            os.utime(file, times)
    return copies
