"""What a step costs against T, B, H and layers, and a text against its size: straight lines where theory says so.

    python benchmarks/scale.py

Steps are measured on one core, one shard. `per unit` is the time divided by what it should be proportional to: T, B
(from some rows on: fewer do not use the weights they read for), H squared (plus a part linear in H), layers (the second
one reads H features where the first reads ids, which cost nothing). A text is measured in a fresh process: seconds to
the end of the first step (target: 5 at 100 MB), and the most memory that the process and its helper had until 50 more
were done (target: 4 times the file at 100 MB). That is VmHWM, which starts anew with each program; ru_maxrss would
count the size of the process that started it as well.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import introduce, table
from step import V, batch_of, median_ms, stepper

from lstm_model.network.model import LSTM
from lstm_model.tasks.data_files import shipped

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
            memory = [f"{peak / 1e6:.0f}", f"{peak / 1e6 / size:.1f}"] if peak else ["", ""]
            rows.append([f"{size} MB", f"{seconds:.2f}", *memory])
    table(["text", "seconds to the first step", "peak MB", "peak / file"], rows)


def start_of(path: Path, folder: str) -> tuple[float, int]:
    """Seconds until a first step is told, and the peak memory in bytes (0 if not told), in a fresh process."""
    command = [sys.executable, "-c", FIRST_STEP, str(path), folder]
    begun = time.time()
    told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()[-1])
    return told["at"] - begun, told["peak"]


FIRST_STEP = """
import json, sys, time
from pathlib import Path
from lstm_model.threads import one_blas_thread
from lstm_tui.opening.run import open_run
opened = open_run({"task": "text", "data": sys.argv[1], "save": sys.argv[2] + "/run"})
one_blas_thread()
opened.trainer.step()
at = time.time()
crew = opened.trainer._crew
crew.wait_ready()
for _ in range(50):
    opened.trainer.step()
status = [Path(f"/proc/{pid}/status") for pid in ("self", *crew.helper_pids)]
lines = [line for file in status if file.exists() for line in file.read_text().splitlines()]
peak = 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
opened.trainer.close()
print(json.dumps({"at": at, "peak": peak}))
"""


if __name__ == "__main__":
    introduce()
    steps()
    corpora()
