"""Telling how far a long piece of work is, as a share from 0 to 1."""

from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

Tell: TypeAlias = Callable[[float], None]


def quiet(_: float) -> None:
    """Tell nobody."""


def stages(tell: Tell, *ends: float) -> list[Tell]:
    """For each stage of a work, what tells of it as of a part of the whole; `ends`: the share done after each."""
    return [_within(tell, start, end) for start, end in pairwise((0.0, *ends))]


def equal_stages(tell: Tell, count: int) -> list[Tell]:
    """`stages` that take the same time each."""
    return stages(tell, *((k + 1) / count for k in range(count)))


def _within(tell: Tell, start: float, end: float) -> Tell:
    return lambda share: tell(start + (end - start) * share)
