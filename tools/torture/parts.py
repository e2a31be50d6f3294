"""The parts, how a part goes through its seeds, and the table of what came of it."""

import argparse
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from . import cuts, ends, fingers, kills, mutations, soak

MEMORY = Path("/dev/shm")  # files that nobody needs, where flushing them costs nothing


@dataclass(frozen=True)
class Part:
    """A kind of torture. share: of the time of all. in_short: its options when it has some minutes among the others."""

    name: str
    about: str
    module: ModuleType
    share: float
    in_short: Callable[[float], Sequence[str]] = lambda minutes: ()  # noqa: ARG005


PARTS = {
    part.name: part
    for part in (
        Part("kills", "kill -9 at points of a save and at random times", kills, 0.15),
        Part("cuts", "the power cut after each operation on files", cuts, 0.15),
        Part("mutations", "every file of a run, changed or replaced by somebody else", mutations, 0.2),
        Part("ends", "SIGTERM while both cores are busy, also in steps of two seconds", ends, 0.15),
        Part("fingers", "random keys, pastes, mouse, sizes and raw bytes at the app", fingers, 0.2),
        Part("soak", "keys for minutes or hours while it trains: nothing piles up", soak, 0.15,
             lambda minutes: ["--long", f"{max(1.0, minutes - 1):g}"]),
    )
}  # fmt: skip


@dataclass
class Result:
    """What a part tried and found."""

    part: Part
    seeds: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    found: dict[int, str] = field(default_factory=dict)  # by seed, the first line of it
    seconds: float = 0.0


def tortured(part: Part, seeds: Iterable[int], minutes: float | None, asked: argparse.Namespace) -> Result:
    """Do one seed after another, until there is none left or the time is over; a finding ends its seed alone."""
    result, begun = Result(part), time.monotonic()
    for seed in seeds:
        if minutes is not None and time.monotonic() > begun + 60 * minutes:
            break
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            try:
                counts = part.module.one(seed, Path(folder), asked)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                traceback.print_exc()
                result.found[seed] = (str(error) or repr(error)).splitlines()[0]
            else:
                result.counts += counts
        result.seeds += 1
        result.seconds = time.monotonic() - begun
        state = "FOUND" if seed in result.found else "fine"
        print(f"{part.name} {seed}: {state}, {counted(result.counts)} after {result.seconds:.0f} s", flush=True)
    return result


def counted(counts: Counter[str]) -> str:
    """What was counted, on a line."""
    return ", ".join(f"{count:,} {name}" for name, count in counts.items()) or "nothing counted"


def table(results: Sequence[Result]) -> str:
    """A row for each part, and one for each finding."""
    lines = ["| part | seeds | minutes | tried | found | again with |", "|---|---|---|---|---|---|"]
    for each in results:
        head = f"| {each.part.name} | {each.seeds:,} | {each.seconds / 60:.1f} | {counted(each.counts)} |"
        if not each.found:
            lines.append(f"{head} nothing | |")
        for seed, what in each.found.items():
            lines.append(f"{head} {what[:100]} | `python -m tools.torture {each.part.name} --seeds {seed}` |")
    return "\n".join(lines)
