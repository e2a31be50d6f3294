"""Whether a plain value, as JSON gives it, is of a declared type: a file may hold anything in any place."""

import math
import reprlib
import types
from collections.abc import Iterable
from typing import Any, Literal, Union, get_args, get_origin

LARGEST_INT = 2**64 - 1  # a seed may be as large
LARGEST_COUNT = 2**53  # whole numbers up to here are exact as floats too; what is larger was not counted by a run
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxlevel = 2
_WORDS = {int: "a whole number", float: "a number", str: "a text", bool: "true or false", types.NoneType: "null"}


def fits(value: Any, kind: Any) -> bool:
    """Whether `value` is of `kind`: int, float, str, bool, None, Literal[...], X | Y or tuple[X, ...].

    Stricter than Python: true is no number, a float is finite, a whole number is at most LARGEST_INT either way.
    """
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return any(type(value) is type(choice) and value == choice for choice in inner)
    if origin in (Union, types.UnionType):
        return any(fits(value, one) for one in inner)
    if origin is tuple:
        return isinstance(value, tuple) and all(fits(entry, inner[0]) for entry in value)
    if kind is int:
        return type(value) is int and abs(value) <= LARGEST_INT
    if kind is float:
        return fits(value, int) or (type(value) is float and math.isfinite(value))
    return type(value) is (types.NoneType if kind is None else kind)


def in_words(kind: Any) -> str:
    """What is wanted, as a person says it: "a whole number", "adam, adagrad or sgd"."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return one_of(map(str, inner))
    if origin in (Union, types.UnionType):
        return " or ".join(map(in_words, inner))
    if origin is tuple:
        return f"a list, each of it {in_words(inner[0])}"
    return _WORDS[kind]


def one_of(words: Iterable[str]) -> str:
    """Words to choose from: "adam, adagrad or sgd"."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def in_short(value: Any) -> str:
    """A value out of a file as a short text on one line, however long or deep it is."""
    return _SHORT.repr(value)
