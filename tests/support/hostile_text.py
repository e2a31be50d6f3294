"""Text that wants to steer a terminal, and what must hold of everything that was sent to one."""

import re
import unicodedata
from pathlib import Path

import pyte

TITLE = "\x1b]0;owned\x07"  # names a window; the others clear, colour, reverse, hide, or look like markup
BIDI = "\u202e\u202d\u2066\u2069\u200e\u200f\u061c"
SEEN_BY_NOBODY = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\U000e0041\U000e0101\u115f\u3164\u034f\u180e"
NOWHERE = "\x1b[66;66H"  # of CSI sequences one that the program would not send
STEERING = f"{TITLE}\x1b[2J{NOWHERE}\x9b7m\x90q\x9d0;owned\x9c\x1bc\x0e\x0f\x08\x7f\x00\r\x85\u2028\u2029{BIDI}"
JOINING = "\U0001f44d\U0001f3fd\U0001f1e9\U0001f1ea\u2764\ufe0f\U0001f468\u200d\U0001f469"
WIDE = "漢字カナ한글ｆ\U0001f600\u3000"
MARKS = "e\u0301 \u0301x\n\u0308\u0928\u093f\u1100\u1161\u11a8\u05e9\u05bc\u05c1" + "o" + "\u0335" * 1000
MARKUP = "[red]a[/red] [@click=app.quit]b[/] \\[x\\"
FOREIGN = "שלום مرحبا Ελλάδα Привет नमस्ते ไทย"
PRIVATE = "\ue000\U000f0000\u0378"
NAME = f"{TITLE}\x9b\u202e\n[red]漢e\u0301\u200b\t"  # a file may be called so

LINE = "".join((STEERING, SEEN_BY_NOBODY, JOINING, WIDE, MARKS, MARKUP, FOREIGN, PRIVATE))

# All that the program itself sends: CSI sequences, and those of two characters that Textual begins and ends with.
SEQUENCE = re.compile(
    r"\x1b(?:\[[<>=?]*[0-9;:]*[\$ ]?[@-~]|[78=>]|\]22;[a-z]*\x07|\(B|P[^\x1b]*\x1b\\|_[^\x1b]*\x1b\\)"
)


def write_corpus(folder: Path, name: str = "pages.txt") -> Path:
    """A text of which every character is as likely as in no text: a model of it will write them all."""
    path = folder / name
    path.write_text("name - list\n" * 20 + (LINE + "\n") * 30, encoding="utf-8", newline="")
    return path


def unclean(text: str) -> set[str]:
    """The characters of some text that must never reach a terminal."""
    hidden = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")}
    return (hidden - set("\n\t")) | (set(text) & set(SEEN_BY_NOBODY + BIDI))


def assert_clean(raw: bytes) -> None:
    """What was sent to a terminal is whole UTF-8, and steers it only as the program itself does."""
    assert NOWHERE not in raw.decode()
    text = SEQUENCE.sub("", raw.decode())
    bad = unclean(text.replace("\r", ""))
    at = min((text.index(character) for character in bad), default=0)
    assert not bad, (bad, text[max(0, at - 40) : at + 40])


def assert_aligned(screen: pyte.Screen) -> None:
    """Every line that begins with the side of a frame ends with one, at the edge; so nothing in it moved anything."""
    lines = [[screen.buffer[y][x].data for x in range(screen.columns)] for y in range(screen.lines)]
    framed = [cells for cells in lines if cells[0] in "│╭╰"]
    assert len(framed) >= 4, "no pane is on the screen"
    for cells in framed:
        assert cells[-1] in "│╮╯", "".join(cells)
