"""What a benchmark ran on, and its tables: printed as they come and, with --json FILE, written for compare.py."""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

from lstm_model.costs.shards import cores

Table = dict[str, Any]  # name, head, keys, less, more, rows: a list of {column: number or text}


class Results:
    """The tables of one benchmark. file: where they are written as JSON once all are there; None for nowhere."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file
        self.tables: list[Table] = []

    def table(
        self,
        name: str,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        title: str = "",
        keys: int = 1,
        less: Sequence[str] = (),
        more: Sequence[str] = (),
    ) -> None:
        """Print a table, under a title if there is one, and keep it.

        name: the same in every run. keys: how many of the first columns say which row it is. less, more: the columns
        in which a smaller or a larger number is better; the others are not compared.
        """
        if title:
            print(title + "\n", flush=True)
        print_table(head, rows)
        cells = [{column: number_of(cell) for column, cell in zip(head, row, strict=True)} for row in rows]
        self.tables.append({"name": name, "head": list(head), "keys": keys, "less": list(less), "more": list(more),
                            "rows": cells})  # fmt: skip

    def write(self) -> None:
        """Write the file, if one was asked for."""
        if self.file is not None:
            whole = {
                "benchmark": Path(sys.argv[0]).stem,
                "arguments": sys.argv[1:],
                "date": datetime.now(UTC).isoformat(timespec="seconds"),
                "commit": commit(),
                "machine": machine(),
                "tables": self.tables,
            }
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """A parser that knows what all benchmarks have."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables there as well, for compare.py")
    return parser


def number_of(cell: str) -> float | str:
    """The number that a cell shows: "1,234", "29k" and "61%" are numbers; what is none stays as it is."""
    factor = {"k": 1e3, "%": 1e-2}.get(cell[-1:], 1.0)
    try:
        return float(cell.rstrip("k%").replace(",", "")) * factor
    except ValueError:
        return cell


def machine() -> dict[str, str]:
    """Processor, cores, and the versions that decide the speed."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    name = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    blas: dict[str, Any] = next((lib for lib in threadpool_info() if lib["user_api"] == "blas"), {})
    facts = {
        "processor": name,
        "cores": str(cores()),
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "BLAS": f"{blas.get('internal_api', '?')} {blas.get('version', '?')} ({blas.get('architecture', '?')})",
    }
    for package, shown in (("textual", "Textual"), ("plotext", "plotext"), ("torch", "PyTorch")):
        try:
            facts[shown] = version(package)
        except PackageNotFoundError:
            continue
    return facts


def commit() -> str | None:
    """The commit that was measured, with a + if files were changed since; None outside of a clone."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--abbrev=12", "--dirty=+"]
    try:
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def busy_cores(seconds: float = 0.5) -> float | None:
    """How many cores other programs keep busy just now; None where the system does not say."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return None

    def idle_and_all() -> tuple[int, int]:
        ticks = [int(n) for n in stat.read_text().splitlines()[0].split()[1:9]]
        return ticks[3] + ticks[4], sum(ticks)

    (idle, whole) = idle_and_all()
    time.sleep(seconds)
    idle_after, whole_after = idle_and_all()
    return (os.cpu_count() or 1) * (1 - (idle_after - idle) / max(1, whole_after - whole))


def introduce() -> None:
    """Print what this runs on, and whether the figures can be trusted: say so before any is taken."""
    print(", ".join(f"{name} {value}" for name, value in machine().items()) + "\n", flush=True)
    busy = busy_cores()
    if busy is not None and busy > 0.2:
        print(f"Other programs keep {busy:.1f} cores busy: the figures below are not to be kept. Threads that wait for"
              " each other, as PyTorch's do, can lose a hundred times their speed.\n", flush=True)  # fmt: skip


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a head, as Markdown reads them: text to the left, the rest to the right."""
    cells = [head, *rows]
    widths = [max(len(row[k]) for row in cells) for k in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("| " + " | ".join([first.strip().ljust(widths[0]), *rest]) + " |", flush=True)
    print(flush=True)
