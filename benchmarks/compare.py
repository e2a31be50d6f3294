"""Compare two runs of a benchmark, and mark what has become worse.

    python benchmarks/step.py --json new.json
    python benchmarks/compare.py old.json new.json [--percent 10]

For each figure it prints both values, their ratio, and `worse` or `better` where they differ by more than --percent.
On another machine, or on one that is busy, compare the ratios within one run alone, such as PyTorch / ours. Exit
status: 0 if nothing is worse, 1 if something is, 2 if the files cannot be compared.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from machine import print_table


class Pair(NamedTuple):
    """One figure in both runs."""

    table: str
    row: str
    column: str
    more: bool  # whether a larger number is better
    old: float
    new: float

    @property
    def cost(self) -> float:
        """How many times as dear the new one is."""
        return self.old / self.new if self.more else self.new / self.old


def compared(old: dict[str, Any], new: dict[str, Any]) -> tuple[list[Pair], list[str]]:
    """The figures that both runs have, and the names of those that one of them has alone."""
    before, after = (dict(figures_of(run)) for run in (old, new))
    pairs = [Pair(*figure, before[figure], after[figure]) for figure in before if figure in after]
    odd = before.keys() ^ after.keys()
    alone = [f"{'old' if figure in before else 'new'} run: {', '.join(figure[:3])}" for figure in odd]
    return pairs, sorted(alone)


def figures_of(run: dict[str, Any]) -> Iterator[tuple[tuple[str, str, str, bool], float]]:
    """Every figure of a run that is better when it is smaller or larger: what it is called, and it."""
    for table in run["tables"]:
        for row in table["rows"]:
            name = ", ".join(show(row[column]) for column in table["head"][: table["keys"]])
            for more in (False, True):
                for column in table["more" if more else "less"]:
                    if isinstance(value := row.get(column), float | int) and value > 0:
                        yield (table["name"], name, column, more), float(value)


def show(value: float | str) -> str:
    """A number of a few digits, or a text."""
    return value if isinstance(value, str) else f"{value:,.4g}"


def verdict(cost: float, percent: float) -> str:
    """What a ratio of costs says."""
    factor = 1 + percent / 100
    return "worse" if cost > factor else "better" if cost < 1 / factor else ""


def main(arguments: list[str] | None = None) -> int:
    """Compare two files; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--percent", type=float, default=10, help="a difference that counts")
    asked = parser.parse_args(arguments)
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (asked.old, asked.new))
    if old["benchmark"] != new["benchmark"]:
        print(f"these are two benchmarks, {old['benchmark']} and {new['benchmark']}", file=sys.stderr)
        return 2
    pairs, alone = compared(old, new)
    if not pairs:
        print("the two have no figure in common", file=sys.stderr)
        return 2
    print(f"old: {old['commit']}, {old['date']}\nnew: {new['commit']}, {new['date']}\n")
    for what in sorted(old["machine"].keys() | new["machine"].keys()):
        was, now = old["machine"].get(what), new["machine"].get(what)
        if was != now:
            print(f"{what} differs: {was}, now {now}\n")
    for name in dict.fromkeys(pair.table for pair in pairs):
        rows = [[p.row, p.column, show(p.old), show(p.new), f"{p.new / p.old:.2f}", verdict(p.cost, asked.percent)]
                for p in pairs if p.table == name]  # fmt: skip
        print_table([name, "figure", "old", "new", "new / old", ""], rows)
    for line in alone:
        print(f"only in the {line}")
    worse = sum(verdict(pair.cost, asked.percent) == "worse" for pair in pairs)
    print(f"{worse} of {len(pairs)} figures are worse by more than {asked.percent:g} %")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
