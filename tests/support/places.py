"""Where the project's own files lie."""

import os
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
DATA = ROOT / "data"
FIXTURES = TESTS / "fixtures"


def support_program(name: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """What starts a program of tests/support in a process of its own: command and environment."""
    path = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH", "")]))
    return [sys.executable, "-m", f"support.{name}", *arguments], {**os.environ, "PYTHONPATH": path}
