"""What a step costs against T, B, H and layers, and a text against its size: straight lines where theory says so.

    python benchmarks/scale.py

Steps are measured on one core, one shard. `per unit` is the time divided by what it should be proportional to: T, B
(from some rows on: fewer do not use the weights they read for), H squared (plus a part linear in H), layers (the second
one reads H features where the first reads ids, which cost nothing). A text is measured in a fresh process: seconds to
the end of the first step, and the most memory that the process and its helper had during 50 more.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import machine, table
from step import V, batch_of, median_ms, stepper

from lstm_model.datasets import shipped
from lstm_model.model import LSTM

BASE = {"T": 64, "B": 32, "H": 256, "layers": 1}
VALUES = {"T": (16, 32, 64, 128, 256), "B": (1, 2, 4, 8, 16, 32, 64), "H": (64, 128, 256, 512), "layers": (1, 2, 3)}
SIZES = (1, 10, 100)  # megabytes


def steps() -> None:
    """A table for each thing that grows."""
    for name, values in VALUES.items():
        rows = []
        before = 0.0
        for value in values:
            c = BASE | {name: value}
            network = LSTM(V, c["H"], V, c["layers"])
            ms = median_ms(stepper(network, *batch_of(c["T"], c["B"]), shards=1)[0], 0.6)
            unit = value**2 if name == "H" else value
            rows.append(
                [f"{name} {value}", f"{ms:.2f}", f"{1e3 * ms / unit:,.2f}", f"{ms / before:.2f}" if before else ""]
            )
            before = ms
        others = ", ".join(f"{key} {value}" for key, value in BASE.items() if key != name)
        table([f"{name}, at {others}", "ms", "us per unit", "to the one before"], rows)


def corpora() -> None:
    """Start and memory of training on texts of growing size."""
    rows = []
    text = shipped("text").read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / "text.txt"
            path.write_bytes((text * (size * 10**6 // len(text) + 1))[: size * 10**6])
            seconds, peak = start_of(path, folder)
            rows.append([f"{size} MB", f"{seconds:.2f}", f"{peak / 1e6:.0f}", f"{peak / 1e6 / size:.1f}"])
    table(["text", "seconds to the first step", "peak MB", "peak / file"], rows)


def start_of(path: Path, folder: str) -> tuple[float, int]:
    """Seconds until a first step is told, and the peak memory in bytes, in a fresh process."""
    command = [sys.executable, "-c", FIRST_STEP, str(path), folder]
    begun = time.time()
    told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()[-1])
    return told["at"] - begun, told["peak"]


FIRST_STEP = """
import json, resource, sys, time
from lstm_tui.opening import open_run
opened = open_run({"task": "text", "data": sys.argv[1], "save": sys.argv[2] + "/run"})
opened.trainer.step()
at = time.time()
for _ in range(50):
    opened.trainer.step()
opened.trainer.close()
peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"at": at, "peak": 1024 * peak}))
"""


if __name__ == "__main__":
    print(machine() + "\n")
    steps()
    corpora()
