"""The days of training, validation and test."""

from collections.abc import Sequence
from itertools import count

from lstm_model.errors import InputError

PARTS = ("train", "val", "test")


def split_days(days: int, T: int, first: int, split: Sequence[float], reach: int) -> dict[str, range]:
    """Target days of each part. Raises InputError for shares that make no split, and for too few days."""
    shown = "/".join(f"{share:g}" for share in split)
    whole = len(split) == len(PARTS) and abs(sum(split) - 100) <= 1e-6
    if not whole or split[0] == 0 or not all(share == 0 or share >= 1 for share in split):
        raise InputError(
            f"`split` needs three numbers that add up to 100, such as 70/15/15, each 0 or at least 1, not {shown}",
            field="split",
        )
    if T < 1:
        raise InputError(f"`seq_length` {T}: a window needs at least one day", field="seq_length")
    borders = _borders(days, T, first, split)
    if not _enough(borders, split, reach):
        start = max(days, int((first + T) * 100 / split[0])) + 1
        needed = next(n for n in count(start) if _enough(_borders(n, T, first, split), split, reach))
        largest = borders[1] - first - reach  # one training target
        works = largest >= 1 and _enough(_borders(days, largest, first, split), split, reach)
        advice = f"the largest `seq_length` that would work is {largest}"
        if not works:
            advice = f"no `seq_length` would work: {_other_ways(days, T, first, split, reach)}"
        far = f", `horizons` {reach}" if reach > 1 else ""
        raise InputError(
            f"{days} rows are too few for `seq_length` {T}{far} and split {shown}, which need {needed}: {advice}",
            field="seq_length",
        )
    return {part: range(a, b) for part, a, b in zip(PARTS, borders, borders[1:], strict=False)}


def _other_ways(days: int, T: int, first: int, split: Sequence[float], reach: int) -> str:
    """What helps where a part is too short for its targets: rows, a nearer target, larger held-out parts."""
    ways = ["add rows"]
    if reach > 1:
        ways.append("take a smaller `horizons`")
    for held_out in range(10, 45, 5):
        tested = held_out if split[2] else 0
        shares = (100 - held_out - tested, held_out, tested)
        if _enough(_borders(days, T, first, shares), shares, reach):
            ways.append(f"use `split` {'/'.join(map(str, shares))}")
            break
    return ways[0] if len(ways) == 1 else f"{', '.join(ways[:-1])}, or {ways[-1]}"


def _borders(days: int, T: int, first: int, split: Sequence[float]) -> tuple[int, int, int, int]:
    """First training target day, then the ends of train, val and test."""
    return first + T, *part_ends(days, split)


def part_ends(days: int, split: Sequence[float]) -> tuple[int, int, int]:
    """After which row each part ends."""
    return round(days * split[0] / 100), round(days * (split[0] + split[1]) / 100), days


def _enough(borders: Sequence[int], split: Sequence[float], reach: int) -> bool:
    """Whether each part that was asked for has a day whose targets all lie in it."""
    return all(a + reach <= b for a, b, share in zip(borders, borders[1:], split, strict=False) if share)
