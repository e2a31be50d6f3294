"""Where the face of a task is found: one folder by the task's name, with a module for each place that needs one.

Whoever needs a part of a face asks for it by its name, so that nothing shared imports a task, and each place pays for
its part alone: `--help` reads options, a plain command no screen.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any


def part_of(task: str, part: str) -> Any:
    """A module of a task's face: see `lstm_tui/faces/__init__.py` for what each holds."""
    return import_module(f"lstm_tui.faces.{task}.{part}")


def has_part(task: str, part: str) -> bool:
    """Whether a task's face has a module that not every face needs."""
    return find_spec(f"lstm_tui.faces.{task}.{part}") is not None
