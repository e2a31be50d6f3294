"""The soak of tools/torture/soak.py in small: half a minute of keys while it trains."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.places import ROOT

if not sys.platform.startswith("linux"):
    pytest.skip("reads /proc", allow_module_level=True)


@pytest.mark.slow
def test_half_a_minute_of_keys_while_it_trains_leaves_nothing_behind(tmp_path: Path) -> None:
    asked = ["--long", "0.6", "--preset", "quick", "--keep", str(tmp_path)]
    program = [sys.executable, "-m", "tools.torture", "soak", *asked]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "verdict: nothing piled up, nothing was lost" in done.stdout
    assert (tmp_path / "saves").is_dir()
