"""Fuzzed checkpoints: real files with something changed, through every door. One clear line, or no harm."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.hostile_files import LAST
from support.mutated_checkpoints import WAYS, fuzz

Files = dict[str, Path]


@pytest.fixture
def place(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (here / "saves" / "run").mkdir(parents=True)
    return here / "saves" / "run" / LAST


@pytest.mark.parametrize("task", ["text", "stock"])
@pytest.mark.parametrize("way", WAYS)
def test_a_changed_file_is_refused_in_one_line_or_does_no_harm(
    way: Callable[..., bytes], task: str, trained: Files, place: Path
) -> None:
    assert fuzz(way, trained[task] / LAST, place, 30)["refused"]


@pytest.mark.slow
@pytest.mark.parametrize("task", ["text", "stock"])
@pytest.mark.parametrize("way", WAYS)
def test_some_thousand_changed_files_are_refused_in_one_line_or_do_no_harm(
    way: Callable[..., bytes], task: str, trained: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = fuzz(way, trained[task] / LAST, place, 700)
    with capsys.disabled():
        sys.stdout.write(f"\n{way.__name__}, {task}: {dict(counts)}\n")
    assert counts["files"] >= 700
