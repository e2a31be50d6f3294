"""Runs in groups: how a figure lies over the runs that have a setting in common, which is what a seed changes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from lstm_tui.tables.columns import COLUMNS, Column, Row, differing
from lstm_tui.wording import duration

TOGETHER = ("task", "data")  # losses of different ones are no one measure, so these are never thrown together


@dataclass(frozen=True)
class Spread:
    """A figure over some runs. spread: the sample standard deviation, None of one run."""

    n: int
    mean: float
    spread: float | None
    least: float
    most: float


@dataclass(frozen=True)
class Grouped:
    """The rows of groups, each of which has a `Spread` of its figure, and what should be known beside them."""

    columns: list[Column]
    rows: list[Row]
    notes: list[str]


def spread_of(values: Sequence[float]) -> Spread:
    """Mean, spread and range of some numbers, one at least."""
    return Spread(len(values), fmean(values), stdev(values) if len(values) > 1 else None, min(values), max(values))


def grouped(rows: Sequence[Row], by: Sequence[Column], measure: Column) -> Grouped:
    """One row a group: how many runs, seeds, and the measure over them; in the order in which groups first appear."""
    also = [COLUMNS[name] for name in TOGETHER if len({row[name] for row in rows}) > 1]
    keys = list({column.name: column for column in (*also, *by)}.values())
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[column.name] for column in keys), []).append(row)
    made, mixed = [], set()
    for values, members in groups.items():
        measured = [row[measure.name] for row in members if _finite(row[measure.name])]
        over = spread_of(measured) if measured else None
        others = {column.name for column in differing(members)} - {column.name for column in keys} - {"seed"}
        mixed |= {name for name in others if len({row[name] for row in members}) > 1}
        made.append(
            dict(zip((column.name for column in keys), values, strict=True))
            | {
                "runs": len(members),
                "seeds": len({row.get("seed") for row in members}),
                "mean": over and over.mean,
                "spread": over and over.spread,
                "least": over and over.least,
                "most": over and over.most,
                "time": fmean(row["time"] for row in members),
            }
        )
    notes = (
        [f"runs of a group differ in {', '.join(sorted(mixed))} as well: the spread is not of seeds alone"]
        if mixed
        else []
    )
    head = measure.head
    figures = [
        Column("runs", "runs"), Column("seeds", "seeds"), Column("mean", f"{head}: mean", measure.text),
        Column("spread", "spread", measure.text), Column("least", "least", measure.text),
        Column("most", "most", measure.text), Column("time", "mean time", duration),
    ]  # fmt: skip
    return Grouped([*keys, *figures], made, notes)


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
