"""The pages of the book, and how their tables and numbers are read."""

import re
from pathlib import Path

from support.places import ROOT

FOLDER = ROOT / "docs" / "book"
PAGES = sorted(FOLDER.glob("*.md"))
BOOK = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    """The text of a page."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of a page that are in a language."""
    return [code for name, code in FENCED.findall(path.read_text(encoding="utf-8")) if name == language]


def one_line(text: str) -> str:
    """Text with its white space folded."""
    return " ".join(text.split())


def rounded(shown: str, value: float) -> bool:
    """Whether a number written as `shown` is `value`, to the digits it has."""
    decimals = len(shown.partition(".")[2])
    return bool(abs(float(shown) - value) <= 0.5000001 * 10**-decimals)


def table_under(header: str, text: str = BOOK) -> list[dict[str, str]]:
    """Rows of the first table whose first cell is `header`, as dictionaries by column."""
    lines = [*text.splitlines(), ""]
    start = next(k for k, line in enumerate(lines) if line.startswith(f"| {header} |"))
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[start : lines.index("", start)]]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]
