"""Runs that an older version saved are read, measured and continued as that version did."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from lstm_tui.cli import main
from support.places import FIXTURES

RUNS = FIXTURES / "runs"
EXPECTED = json.loads((RUNS / "expected.json").read_text(encoding="utf-8"))
DATA = {"text": "pages.txt", "two-layers": "pages.txt", "half": "pages.txt", "stock": "prices.csv",
        "features": "wide.csv"}  # fmt: skip
every_run = pytest.mark.parametrize("name", EXPECTED)
Out = pytest.CaptureFixture[str]


def run_and_data(name: str, here: Path) -> list[str]:
    """Options that name a copy of an older run and its data."""
    shutil.copytree(RUNS / name, here / name)
    return ["--load", str(here / name), "--data", str(RUNS / DATA[name])]


def assert_alike(said: Any, expected: Any, where: str = "report") -> None:
    """Every figure that the older version gave is given, and equal but for rounding."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            assert_alike(said[key], value, f"{where}.{key}")
    elif isinstance(expected, float):
        assert said == pytest.approx(expected, rel=1e-4, abs=1e-7), where
    else:
        assert said == expected, where


@every_run
def test_an_older_run_is_measured_as_its_version_measured_it(name: str, here: Path, capsys: Out) -> None:
    assert main(["eval", *run_and_data(name, here), "--json"]) == 0
    assert_alike(json.loads(capsys.readouterr().out), EXPECTED[name]["eval"])


@every_run
def test_an_older_run_goes_on_as_its_version_went_on(name: str, here: Path, capsys: Out) -> None:
    assert main(["train", *run_and_data(name, here), "--steps", "12", "--threads", "1", "--json"]) == 0
    done = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert done["step"] == 12
    assert done["val_loss"] == pytest.approx(EXPECTED[name]["val_loss_at_12"], rel=1e-5)
