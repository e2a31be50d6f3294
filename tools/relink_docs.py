"""Mend the documents' links to lines of code after the code has moved.

    python tools/relink_docs.py

A link's text is code that must stand in the lines it leads to (tests/whole/test_docs.py holds it to that). Where it no
longer does, the link is moved to the place in the same file that does hold it, the nearest one if there are several,
else to another module that holds it.
"""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE_LINK = re.compile(r"\[`([^`]+)`\]\(([^()\s#]+)#L(\d+)(?:-L(\d+))?\)")
PACKAGES = ("lstm_model", "lstm_tui")
TALLEST = 12  # lines that one quotation may span


def one_line(text: str) -> str:
    """Text with its white space folded."""
    return " ".join(text.split())


def place_of(code: str, lines: list[str], near: int) -> tuple[int, int] | None:
    """First and last line (from 1) of the fewest lines that hold some code, nearest to a line."""
    for height in range(1, TALLEST):
        starts = [k for k in range(len(lines) - height + 1) if code in one_line(" ".join(lines[k : k + height]))]
        if starts:
            start = min(starts, key=lambda k: abs(k + 1 - near))
            return start + 1, start + height
    return None


def elsewhere(code: str, beside: Path) -> tuple[str, tuple[int, int]] | None:
    """The module that holds some code, as a document in a folder links to it, and the lines; None if there is none."""
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        place = place_of(code, path.read_text(encoding="utf-8").splitlines(), 1)
        if place is not None:
            return os.path.relpath(path, beside), place
    return None


def relinked(document: Path) -> str:
    """The document's text with its links where the code is now."""

    def mended(link: re.Match[str]) -> str:
        code, target, first, last = link[1], link[2], int(link[3]), int(link[4] or link[3])
        lines = (document.parent / target).read_text(encoding="utf-8").splitlines()
        if one_line(code) in one_line(" ".join(lines[first - 1 : last])):
            return link[0]
        place = place_of(one_line(code), lines, first)
        if place is None:
            target, place = elsewhere(one_line(code), document.parent) or (target, None)
        if place is None:
            print(f"{document.name}: {code!r} is nowhere")
            return link[0]
        anchor = f"#L{place[0]}" + (f"-L{place[1]}" if place[1] > place[0] else "")
        return f"[`{code}`]({target}{anchor})"

    return CODE_LINK.sub(mended, document.read_text(encoding="utf-8"))


def main() -> None:
    """Mend all documents."""
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = relinked(document)
        if text != document.read_text(encoding="utf-8"):
            document.write_text(text, encoding="utf-8")
            print(f"{document.name}: links moved")


if __name__ == "__main__":
    main()
