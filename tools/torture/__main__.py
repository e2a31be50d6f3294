"""The command: which parts, which seeds, for how long; a table at the end. Exit status 1 if anything was found."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from .parts import PARTS, Result, table, tortured  # noqa: E402 - it needs the tests' own


def main() -> int:
    """Do what was asked for; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.torture", description="Torture the real program.")
    parser.add_argument("--hours", type=float, help="for all parts together")
    kinds = parser.add_subparsers(dest="part", metavar="PART")
    for name, part in PARTS.items():
        kind = kinds.add_parser(name, help=part.about)
        kind.add_argument("--seeds", default="", metavar="FIRST-LAST", help="or one; without it, from 1 on")
        kind.add_argument("--minutes", type=float, help="after which no further seed is begun")
        part.module.add_options(kind)
    asked = parser.parse_args()
    if asked.part is None and asked.hours is None:
        parser.error("say --hours H for all parts, or name a part")
    with tempfile.TemporaryDirectory() as home:
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):  # nothing of whoever is at this machine
            os.environ[name] = home
        results = [one_part(asked)] if asked.part else all_parts(parser, asked.hours)
    print(f"\n{table(results)}")
    return 1 if any(result.found for result in results) else 0


def one_part(asked: argparse.Namespace) -> Result:
    """One part as it was asked for: the seeds that were named, or as many as there is time for, or the first."""
    first, _, last = asked.seeds.partition("-")
    begin = int(first or 1)
    end = int(last or begin) if first or asked.minutes is None else sys.maxsize
    return tortured(PARTS[asked.part], range(begin, end + 1), asked.minutes, asked)


def all_parts(parser: argparse.ArgumentParser, hours: float) -> list[Result]:
    """Every part for its share of the time."""
    results = []
    for name, part in PARTS.items():
        minutes = 60 * hours * part.share
        asked = parser.parse_args([name, *part.in_short(minutes)])
        results.append(tortured(part, range(1, sys.maxsize), minutes, asked))
    return results


if __name__ == "__main__":
    sys.exit(main())
