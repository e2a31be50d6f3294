"""The files of prices in tests/tasks/stock/cases, and how each is to be read, out of their README."""

import re
import shlex
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[1] / "tasks/stock/cases"
ROWS = [
    [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in (CASES / "README.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [\w.-]+\.\w+ ", line)
]


def options(text: str) -> dict[str, Any]:
    """Arguments of `read_prices`: `column=P features=Open,Volume`."""
    given: dict[str, Any] = dict(part.split("=", 1) for part in shlex.split(text))
    return {name: value.split(",") if name in ("features", "adjust") else value for name, value in given.items()}
