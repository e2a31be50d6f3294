"""What kind of character each is, so that a movie can tell what was learnt when."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Rule = Callable[[str, str], bool]  # from what stands before a character, and the character


def _begins_word(before: str, character: str) -> bool:
    return character.isalpha() and not before[-1:].isalnum()


KINDS: dict[str, Rule] = {  # the first that holds; adding one is one line
    "line ends": lambda _, character: character == "\n",
    "indentation": lambda before, character: character in " \t" and not before.rpartition("\n")[2].strip(" \t"),
    "spaces": lambda _, character: character in " \t",
    "capitals": lambda _, character: character.isupper(),
    "first letters": _begins_word,
    "rest of words": lambda _, character: character.isalpha(),
    "digits": lambda _, character: character.isdigit(),
    "other signs": lambda _, character: True,  # noqa: ARG005
}


def kinds_of(text: str) -> NDArray[np.intp]:
    """The kind of each character, its place in KINDS (n,)."""
    rules = list(KINDS.values())
    return np.array([next(k for k, rule in enumerate(rules) if rule(text[:i], c)) for i, c in enumerate(text)], np.intp)
