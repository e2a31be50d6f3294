r"""Text from a corpus, a model, a checkpoint or a file name, made safe to show: the one place that decides what passes.

Letters of all scripts, wide characters and combining marks are text and pass. Shown as something else are

- C0 controls and DEL: as control pictures, ␛ for ESC. New lines and tabs stay; `as_line` takes these too.
- What is not seen, or moves other text: C1 controls, bidi marks, characters without width, soft hyphens, line
  separators, tags, variation selectors, lone halves of surrogate pairs, private and unassigned ones: as \x9b \u202e.
- What joins its neighbour in some terminals and not in others, so that widths would be guesses: skin tones, the letters
  of flags: as \U0001f1e6. (What joins emoji is without width and an escape already.)
- A combining mark with nothing before it stands on a dotted circle. More than MARKS on one letter end in an ellipsis.

So every line has one width: the sum of the widths of its characters, in cells of a terminal.
"""

import os
import re
import shlex
import unicodedata
from functools import lru_cache

MARKS = 6  # combining marks on one letter: Hebrew and Tibetan need four or five
NOTICE = 400  # cells of a notice on the screen
CIRCLE, MORE = "\u25cc", "…"
LINE_END = "⏎"  # where the end of a line is to be seen; the painter has one for plain terminals
_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\n\t"} | {127: 0x2421}  # ␀ ... ␡
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Invisible, though Unicode counts them among letters and marks; then skin tones and the letters of flags.
_HIDDEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
                     "\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff]")  # fmt: skip


# Controls but new line and tab, and marks that turn the direction of text round.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Text that cannot steer a terminal and takes as many cells as `cells` says. What is safe already stays as it is.

    Costs nothing for printable ASCII, and next to nothing for other text without marks.
    """
    if text.isascii():
        return text if text.isprintable() else text.translate(_PICTURES)
    there = set(text)
    shown = text.translate({ord(c): _shown(c) for c in there if _shown(c) != c})
    marks = "".join(sorted(filter(_is_mark, there)))
    return _with_bases(shown, re.escape(marks)) if marks else shown


def without_controls(text: str) -> str:
    """Text as it is, for the clipboard, but for what could steer a terminal or hide what is pasted."""
    return _STEERING.sub(lambda found: visible(found[0]), text)


def as_line(text: str) -> str:
    """The same on one line: a new line is shown as ␊, a tab as a blank."""
    return visible(text).replace("\n", "␊").replace("\t", " ")


def shortened_line(text: str, most: int = 80) -> str:
    """`as_line`, cut to `most` cells; an ellipsis at its end says that there was more."""
    line = as_line(text[: 8 * most])  # a letter with all its marks takes seven characters, and a cell
    if cells(line) <= most and len(text) <= 8 * most:
        return line
    from rich.cells import set_cell_size

    return set_cell_size(line, min(cells(line), most - 1)).rstrip() + MORE


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Safe text with blanks at its end, or before it, up to a width in cells."""
    space = " " * (width - cells(text))
    return space + text if right else text + space


def cells(text: str) -> int:
    """How many cells of a terminal a line of safe text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # only now, so that --help stays instant

    return cell_len(text)


def pasteable(word: str) -> str:
    r"""A word for a command line in a message, in safe text: quoted as a shell wants it, with escapes as in $'\x1b'."""
    if as_line(word) == word:
        return shlex.quote(word)
    return "$'" + "".join(map(_in_quotes, word)) + "'"


class Streamed:
    """`visible` for text that comes in pieces: all pieces together read as the whole would."""

    def __init__(self) -> None:
        self._end = ""  # the last letter and the marks on it, as far as they count

    def __call__(self, piece: str) -> str:
        """The next piece."""
        whole = self._end + piece
        shown = visible(whole)[len(visible(self._end)) :]
        last = next((k for k in range(len(whole) - 1, 0, -1) if not _is_mark(whole[k])), 0)
        self._end = whole[last : last + MARKS + 2]
        return shown


@lru_cache(4096)
def _shown(character: str) -> str:
    code = ord(character)
    if character in "\n\t":
        return character
    if code in _PICTURES:
        return chr(_PICTURES[code])
    if unicodedata.category(character) in _HIDDEN_CATEGORIES or _HIDDEN.match(character):
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return character


@lru_cache(4096)
def _is_mark(character: str) -> bool:
    """Whether a character is shown on the one before it: a combining mark, a later letter of a Korean syllable."""
    if character.isascii() or _shown(character) != character:
        return False
    from rich.cells import get_character_cell_size

    return get_character_cell_size(character) == 0


def _with_bases(text: str, marks: str) -> str:
    def mended(found: re.Match[str]) -> str:
        base, run = found[1] or "", found[2]
        circle = CIRCLE if not base or base.isspace() else ""
        return base + circle + run[:MARKS] + (MORE if len(run) > MARKS else "")

    return re.sub(f"([^{marks}])?([{marks}]+)", mended, text)


def _in_quotes(character: str) -> str:
    if character in "\\'":
        return "\\" + character
    if as_line(character) == character:
        return character
    return "".join(f"\\x{byte:02x}" for byte in os.fsencode(character))
