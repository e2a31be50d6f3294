"""From a text on the command line, or in a form, to the value it stands for."""

import argparse
import math
from collections.abc import Callable, Sequence
from typing import Any

from lstm_model.errors import quoted, shortened

BOUND = 1_000_000_000  # larger counts are typing errors, and overflow what NumPy can hold

Convert = Callable[[str], Any]  # raises argparse.ArgumentTypeError: what the value must be


def whole(text: str) -> int:
    """A whole number; the settings themselves know which ones make sense."""
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a whole number, not {quoted(text)}") from None
    if abs(value) > BOUND:
        raise argparse.ArgumentTypeError(f"must be at most {BOUND:,}, not {shortened(text)}")
    return value


def count(text: str) -> int:
    """A whole number, 1 or more."""
    value = whole(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {shortened(text)}")
    return value


def number(text: str) -> float:
    """A finite number."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"must be a number, not {quoted(text)}")
    return value


def positive(text: str) -> float:
    """A number above 0."""
    value = number(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"must be above 0, not {shortened(text)}")
    return value


def seconds(text: str) -> float:
    """A time, or 0 for never."""
    value = number(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"must be 0 (never) or more, not {shortened(text)}")
    return value or math.inf


def shares(text: str) -> tuple[float, ...]:
    """Shares such as 90/5/5; 90/10 leaves no test part."""
    try:
        values = tuple(float(share) for share in text.split("/"))
    except ValueError:
        values = ()
    if not 1 <= len(values) <= 3:
        wanted = "shares such as 90/5/5 (training, validation, test)"
        raise argparse.ArgumentTypeError(f"must be {wanted}, not {quoted(text)}")
    return values + (0.0,) * (3 - len(values))


def path(text: str) -> tuple[str, ...]:
    """The name of a file or a folder, as one of several."""
    return (text,)


def patterns(text: str) -> tuple[str, ...]:
    """Patterns of names, separated by commas."""
    found = names(text)
    if not found:
        raise argparse.ArgumentTypeError("must be a pattern such as '*.md', and is empty")
    return found


def names(text: str) -> tuple[str, ...]:
    """Words separated by commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def one(text: str) -> tuple[str, ...]:
    """A text as it stands, for an option that may be given several times."""
    return (text,)


def wholes(text: str) -> tuple[int, ...]:
    """Whole numbers separated by commas."""
    return tuple(whole(word.strip()) for word in text.split(",") if word.strip())


def one_of(choices: Sequence[str]) -> Convert:
    """One of some words."""

    def chosen(text: str) -> str:
        if text not in choices:
            raise argparse.ArgumentTypeError(f"must be {in_a_row(choices)}, not {quoted(text)}")
        return text

    return chosen


def in_a_row(words: Sequence[str]) -> str:
    """Words as a sentence lists them: "adam, adagrad or sgd"."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def as_text(value: Any, separator: str = ",") -> str:
    """A value as it is written on the command line."""
    if isinstance(value, tuple):
        return separator.join(map(as_text, value))
    if value in (None, math.inf):
        return "" if value is None else "0"  # seconds: never
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)
