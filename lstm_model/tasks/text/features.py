"""What a unit of a text model may follow: computed from the text alone, at each character with it as the last one read.

A further feature is a line in FEATURES and a function from a text of N characters to N values.
"""

from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_model.tasks.probes import Feature

Values = NDArray[Any]  # (N,): numbers, or whether something holds


def _column(text: str) -> Values:
    return _each(text, lambda before, c: 0 if c == "\n" else before + 1)


def _indentation(text: str) -> Values:
    """Spaces at the start of the line, as far as they have been read."""
    widths = []
    for line in text.splitlines(keepends=True):
        indent = len(line) - len(line.lstrip(" \t"))
        widths += [min(k + 1, indent) for k in range(len(line))]
        if line.endswith("\n"):
            widths[-1] = 0  # the next line has begun
    return np.array(widths, np.float64)


def _in_word(text: str) -> Values:
    return _each(text, lambda before, c: before + 1 if c.isalpha() else 0)


def _in_capitals(text: str) -> Values:
    """How many upper-case letters stand together, from the second on."""
    return _each(text, lambda before, c: before + 1 if c.isupper() else 0) > 1


def _in_number(text: str) -> Values:
    return _each(text, lambda before, c: before + 1 if c.isdigit() else 0) > 0


def _inside_quotes(text: str) -> Values:
    inside, found = False, []
    for c, blank in _with_blank_lines(text):
        inside = (inside != (c == '"')) and not blank
        found.append(inside)
    return np.array(found)


def _inside(opening: str, closing: str) -> Callable[[str], Values]:
    def depth(text: str) -> Values:
        deep, found = 0, []
        for c, blank in _with_blank_lines(text):
            deep = 0 if blank else max(0, deep + (c == opening) - (c == closing))
            found.append(deep > 0)
        return np.array(found)

    return depth


def _lines_since_blank(text: str) -> Values:
    return _lines_since(text, lambda line, _: not line.strip())


def _lines_since_heading(text: str) -> Values:
    return _lines_since(text, lambda line, _: line[:1].isupper() and line.isupper())


def _line_of_page(text: str) -> Values:
    """Lines since the page began: a page ends with a form feed or two blank lines."""
    return _lines_since(text, lambda line, before: "\f" in line or not (line.strip() or before.strip()))


def _lines_since(text: str, begins: Callable[[str, str], bool]) -> Values:
    """Lines since one of which `begins(line, the line before)` is true, for each character of the next line on."""
    count, before, found = 0, "-", []
    for line in text.split("\n"):
        found += [count] * len(line)
        count = 0 if begins(line, before) else count + 1
        found.append(count)  # of the newline, which opens the next line
        before = line
    return np.array(found[: len(text)], np.float64)


def _with_blank_lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each character, and whether it ends a blank line, where what was left open is given up."""
    return ((c, c == before == "\n") for before, c in zip("-" + text, text, strict=False))


def _each(text: str, step: Callable[[int, str], int]) -> Values:
    """A count that each character moves on."""
    return np.fromiter(accumulate(text, step, initial=0), np.float64)[1:]


FEATURES = (
    Feature("column in the line", _column),
    Feature("indentation", _indentation),
    Feature("position in the word", _in_word),
    Feature("lines since a blank line", _lines_since_blank),
    Feature("lines since a heading", _lines_since_heading),
    Feature("line of the page", _line_of_page),
    Feature("inside quotes", _inside_quotes, yes_no=True),
    Feature("inside parentheses", _inside("(", ")"), yes_no=True),
    Feature("inside square brackets", _inside("[", "]"), yes_no=True),
    Feature("inside curly brackets", _inside("{", "}"), yes_no=True),
    Feature("inside angle brackets", _inside("<", ">"), yes_no=True),
    Feature("in an upper-case word", _in_capitals, yes_no=True),
    Feature("in a number", _in_number, yes_no=True),
)
