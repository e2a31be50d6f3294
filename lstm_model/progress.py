"""Telling how far a long piece of work is, as a share from 0 to 1."""

from collections.abc import Callable, Generator
from itertools import pairwise
from typing import TypeAlias, TypeVar

Result = TypeVar("Result")

Tell: TypeAlias = Callable[[float], None]


def quiet(_: float) -> None:
    """Tell nobody."""


def stages(tell: Tell, *ends: float) -> list[Tell]:
    """For each stage of a work, what tells of it as of a part of the whole; `ends`: the share done after each."""
    return [_within(tell, start, end) for start, end in pairwise((0.0, *ends))]


def equal_stages(tell: Tell, count: int) -> list[Tell]:
    """`stages` that take the same time each."""
    return stages(tell, *((k + 1) / count for k in range(count)))


def sliced(work: Generator[float, None, Result], start: float, end: float) -> Generator[float, None, Result]:
    """Work in slices, which yields the share that is done, as a part of a longer one, from `start` to `end` of it."""
    while True:
        try:
            share = next(work)
        except StopIteration as stop:
            result: Result = stop.value
            return result
        yield start + (end - start) * share


def _within(tell: Tell, start: float, end: float) -> Tell:
    return lambda share: tell(start + (end - start) * share)
