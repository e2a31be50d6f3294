"""What a benchmark ran on, and plain tables."""

import os
import platform
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

from lstm_model.costs.shards import cores


def machine() -> str:
    """Processor, cores, and the versions that decide the speed, in one line."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    name = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    blas = next((lib for lib in threadpool_info() if lib["user_api"] == "blas"), {})
    try:
        torch = f", PyTorch {version('torch')}"
    except PackageNotFoundError:
        torch = ""
    return (
        f"{name}, {cores()} cores; Python {platform.python_version()}, NumPy {np.__version__},"
        f" {blas.get('internal_api', 'BLAS')} {blas.get('version', '')} ({blas.get('architecture', '?')}){torch}"
    )


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
    print(machine() + "\n", flush=True)
    busy = busy_cores()
    if busy is not None and busy > 0.2:
        print(f"Other programs keep {busy:.1f} cores busy: the figures below are not to be kept. Threads that wait for"
              " each other, as PyTorch's do, can lose a hundred times their speed.\n", flush=True)  # fmt: skip


def table(head: list[str], rows: list[list[str]]) -> None:
    """Print rows under a head, as Markdown reads them: text to the left, the rest to the right."""
    cells = [head, *rows]
    widths = [max(len(row[k]) for row in cells) for k in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("| " + " | ".join([first.strip().ljust(widths[0]), *rest]) + " |", flush=True)
    print(flush=True)
