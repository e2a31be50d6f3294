"""Files beside checkpoints as somebody else may have left them: one line, and nothing written outside of the run."""

import os
import subprocess
from pathlib import Path

import pytest

from support.guarded import Guard
from support.mutations import TARGETS, attack, template

if os.name != "posix":
    pytest.skip("such files are POSIX's", allow_module_level=True)


def test_changed_and_planted_files_are_read_in_one_line_and_lead_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few of each; `python -m tools.torture mutations` does as many as are asked for."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LSTM_TUI_SAVES", str(tmp_path / "attacked" / "saves"))
    with template(tmp_path) as anew:
        for name in TARGETS:
            counts = attack(name, 25, 1, anew)
            assert sum(counts.values()) == 25


def test_the_guard_sees_what_is_written_outside_and_what_is_started(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "elsewhere").mkdir()
    victim = tmp_path / "elsewhere" / "victim"
    victim.write_text("of somebody else")
    (tmp_path / "run" / "link").symlink_to(victim)
    os.link(victim, tmp_path / "run" / "second")
    with Guard([tmp_path / "run"], tmp_path / "elsewhere") as guard:
        (tmp_path / "run" / "file").write_text("allowed")
        assert guard.wrong == []
        (tmp_path / "run" / "link").write_text("through a link")
        (tmp_path / "new").mkdir()
        subprocess.run(["true"], check=True)
    assert [line.split()[0] for line in guard.wrong[:3]] == ["open", "os.mkdir", "subprocess.Popen"]
    assert guard.wrong[-1] == "what lies elsewhere was changed"
    with Guard([tmp_path / "run"], tmp_path / "elsewhere") as guard:
        (tmp_path / "run" / "second").write_text("under its other name")
    assert guard.wrong == ["what lies elsewhere was changed"]
