"""Without a home, as in a container or for a user without an account, nothing fails that does not need one."""

import os
from pathlib import Path

import pytest

from lstm_model.storage.cache import cache_folder, recall, remember
from lstm_model.storage.home import expanded
from lstm_tui.cli import main
from lstm_tui.terminal.preferences import prefer, preference
from support.runs import TINY, contents

Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def homeless(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No variable says where the home is, and the system knows no such user."""
    pwd = pytest.importorskip("pwd", reason="elsewhere the system always knows a home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)

    def unknown(number: int) -> None:
        raise KeyError(f"uid not found: {number}")

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    return here


def test_nothing_is_kept_and_nothing_fails(homeless: Path) -> None:
    prefer("theme", "gruvbox")
    remember("key", {"value": 1})
    assert preference("theme") is None
    assert recall("key") == {}
    assert not cache_folder().exists()
    assert contents(homeless) == {}  # no folder that is called ~


def test_a_run_is_trained_measured_and_sampled(homeless: Path, data: dict[str, Path], capsys: Out) -> None:
    assert main(["train", "--data", str(data["text"]), "--steps", "2", *TINY]) == 0
    assert main(["eval"]) == main(["sample", "--length", "5"]) == 0
    assert sorted(path.name for path in homeless.iterdir()) == ["saves"]


@pytest.mark.parametrize(
    "options", ["train --data ~/x --steps 1", "eval --load ~/x", "sample --load demo-text --prime-file ~/x", "data ~/x"]
)
def test_a_path_that_begins_at_home_is_one_line(options: str, capsys: Out) -> None:
    assert main(options.split()) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "~/x" in line


def test_with_a_home_a_path_begins_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert expanded("~/x") == tmp_path / "x"
    assert expanded("a~/x") == Path("a~/x")
    assert os.fspath(expanded("x")) == "x"
