"""What a benchmark ran on, and plain tables."""

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

from lstm_model.threads import cores


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


def table(head: list[str], rows: list[list[str]]) -> None:
    """Print rows under a head, as Markdown reads them: text to the left, the rest to the right."""
    cells = [head, *rows]
    widths = [max(len(row[k]) for row in cells) for k in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("| " + " | ".join([first.strip().ljust(widths[0]), *rest]) + " |", flush=True)
    print(flush=True)
