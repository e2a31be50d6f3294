"""The scripts beside the program can be started, and two runs of a benchmark are compared as they should be."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from support.places import ROOT, TESTS

BENCHMARKS = ROOT / "benchmarks"
NEEDS = {"make_torch_fixture": "torch", "make_torch_trace_fixture": "torch"}
MACHINE = """
import sys
from machine import Results, parser_of
results = Results(parser_of("").parse_args().json)
results.table("speed", ["model", "ms", "items/s", "share"], [["H128", "1,234.5", "29k", "61%"]], less=["ms"])
results.write()
"""
Out = pytest.CaptureFixture[str]
HEAD = ["model", "size", "ms", "gain", "rule"]


@pytest.fixture
def compare(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """What `python benchmarks/compare.py OLD NEW` does; its exit status."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    from compare import main

    return lambda *files: main([str(file) for file in files])


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A Python process that finds the benchmarks."""
    path = os.pathsep.join(map(str, (ROOT, BENCHMARKS, ROOT / "tools", TESTS)))
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False)


def result(file: Path, rows: list[dict[str, Any]], **more: Any) -> Path:
    """A file as --json writes it."""
    table = {"name": "speed", "head": HEAD, "keys": 2, "less": ["ms"], "more": ["gain"], "rows": rows}
    whole = {"benchmark": "step", "commit": "a1", "date": "today", "machine": {"cores": "2"}, "tables": [table]}
    file.write_text(json.dumps(whole | more), encoding="utf-8")
    return file


def row(ms: float, gain: float, model: str = "H128", rule: int = 1) -> dict[str, Any]:
    return dict(zip(HEAD, (model, "B32", ms, gain, rule), strict=True))


def test_every_script_finds_what_it_imports() -> None:
    scripts = [path.stem for folder in ("benchmarks", "tools") for path in sorted((ROOT / folder).glob("*.py"))]
    assert len(scripts) > 10
    there = [name for name in scripts if name not in NEEDS or find_spec(NEEDS[name])]
    done = run("-c", "\n".join(f"import {name}" for name in there))
    assert done.returncode == 0, done.stderr


def test_a_table_is_printed_and_written_with_numbers_and_what_it_was_measured_on(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "out.json"
    done = run("-c", MACHINE, "--json", file)
    assert done.returncode == 0, done.stderr
    assert "| H128  | 1,234.5 |     29k |   61% |" in done.stdout
    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["tables"] == [
        {"name": "speed", "head": ["model", "ms", "items/s", "share"], "keys": 1, "less": ["ms"], "more": [],
         "rows": [{"model": "H128", "ms": 1234.5, "items/s": 29000.0, "share": 0.61}]}
    ]  # fmt: skip
    assert {"processor", "cores", "Python", "NumPy", "BLAS"} <= written["machine"].keys()


@pytest.mark.parametrize(
    ("ms", "gain", "worse"), [(10.9, 1.9, 0), (11.1, 2.0, 1), (10.0, 1.8, 1), (5.0, 4.0, 0), (12.0, 1.0, 2)]
)
def test_what_is_worse_by_more_than_a_tenth_is_marked(
    ms: float, gain: float, worse: int, compare: Callable[..., int], tmp_path: Path, capsys: Out
) -> None:
    old, new = result(tmp_path / "old", [row(10.0, 2.0)]), result(tmp_path / "new", [row(ms, gain, rule=2)])
    assert compare(old, new) == (worse > 0)
    out = capsys.readouterr().out
    assert f"{worse} of 2 figures are worse by more than 10 %" in out
    assert sum(line.endswith("| worse |") for line in out.splitlines()) == worse
    assert "rule" not in out  # neither less nor more of it is better


def test_what_only_one_run_has_and_another_machine_are_named(
    compare: Callable[..., int], tmp_path: Path, capsys: Out
) -> None:
    old = result(tmp_path / "old", [row(10, 2), row(3, 1, "H64")])
    new = result(tmp_path / "new", [row(10, 2), row(5, 1, "H256")], machine={"cores": "4"})
    assert compare(old, new) == 0
    said = capsys.readouterr().out
    assert "cores differs: 2, now 4" in said
    assert "only in the old run: speed, H64, B32, ms" in said
    assert "only in the new run: speed, H256, B32, gain" in said


def test_two_benchmarks_are_not_compared(compare: Callable[..., int], tmp_path: Path, capsys: Out) -> None:
    old, new = result(tmp_path / "old", [row(1, 1)]), result(tmp_path / "new", [row(1, 1)], benchmark="parts")
    assert compare(old, new) == 2
    assert capsys.readouterr() == ("", "these are two benchmarks, step and parts\n")
