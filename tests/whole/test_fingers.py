"""Random fingers at the real app, in small, and what they have found before; tools/torture does it for hours."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.places import ROOT
from support.stepped import write_text

if not sys.platform.startswith("linux"):
    pytest.skip("reads /proc", allow_module_level=True)

from support.fingers import Act, Hands, acts_of, read_trail

TINY = ("--hidden", "8", "--batch", "4", "--seq", "10", "--threads", "1", "--no-ssh")
FOUND = sorted((ROOT / "tests" / "support" / "trails").glob("*.txt"))


def test_acts_are_the_same_for_a_seed_and_can_be_written_down(tmp_path: Path) -> None:
    acts = list(acts_of(7, 200))
    assert acts == list(acts_of(7, 200))
    assert sum(act.events for act in acts) >= 200
    for act in acts:
        assert Act.read(str(act))[:2] == act[:2]


def test_a_fault_of_the_app_is_found(tmp_path: Path) -> None:
    faulty = Hands(tmp_path, "--data", "nowhere.txt", settle=1)
    with pytest.raises(AssertionError, match="did not show"):
        faulty.do([])


def test_what_was_found_before_is_not_found_again(tmp_path: Path) -> None:
    """All trails in one life of the app, the main screen at its usual size before each."""
    home = [Act("size", (120, 40)), *[Act("send", b"\x1b")] * 4, Act("rest", 0.3)]
    acts = [act for trail in FOUND for act in (*home, *read_trail(trail))]
    verdict = Hands(tmp_path, "--data", str(write_text(tmp_path)), *TINY).do(acts)
    assert not verdict.wrong, "\n".join([*map(str, FOUND), *verdict.wrong])


def test_random_fingers_end_nothing_and_lose_nothing(tmp_path: Path) -> None:
    verdict = Hands(tmp_path, "--data", str(write_text(tmp_path)), *TINY).do(acts_of(1001, 120))
    assert not verdict.wrong, "\n".join(verdict.wrong)


@pytest.mark.slow
def test_thousands_of_events_in_every_mode(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.torture", "fingers", "--seeds", "1-6", "--events", "1500"]
    done = subprocess.run([*command, "--trails", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
