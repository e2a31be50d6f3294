"""Make what the book shows: its figures, and the parts of its pages that a program writes.

    python tools/make_book.py              figures and tables, half a minute
    python tools/make_book.py growth       the samples that grow with training, some minutes
    python tools/make_book.py units        what the units follow, a minute

A part stands between `<!-- made: NAME -->` and `<!-- end -->`.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from book import carried, gradients, growth, units
from book.figures import FIGURES

BOOK = Path(__file__).resolve().parent.parent / "docs" / "book"
PARTS: dict[str, Callable[[], str]] = {
    "gradients": gradients.table,
    "carried": carried.table,
    "growth": growth.sampled,
    "units": units.table,
}
SLOW = ("growth", "units")  # made when they are asked for by name


def main(names: list[str]) -> None:
    """Write the parts that are named, else the figures and all parts that are quick."""
    if not names:
        for name, draw in FIGURES.items():
            (BOOK / "figures" / name).write_text(draw(), encoding="utf-8")
    for name in names or [name for name in PARTS if name not in SLOW]:
        made = PARTS[name]()
        for page in sorted(BOOK.glob("*.md")):
            text = page.read_text(encoding="utf-8")
            page.write_text(with_part(text, name, made), encoding="utf-8")


def with_part(text: str, name: str, made: str) -> str:
    """A page's text with a part written anew, where it has that part."""
    begin, end = re.escape(f"<!-- made: {name} -->"), re.escape("<!-- end -->")
    return re.sub(f"({begin}\n\n).*?(\n\n{end})", lambda found: found[1] + made + found[2], text, flags=re.DOTALL)


if __name__ == "__main__":
    main(sys.argv[1:])
