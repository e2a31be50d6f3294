"""What a step costs against T, B, H and layers, and a text against its size: straight lines where theory says so.

    python benchmarks/scale.py [--json FILE]

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

from machine import Results, introduce, parser_of
from step import V, batch_of, median_ms, stepper

from lstm_model.network.model import LSTM
from lstm_model.tasks.data_files import shipped

BASE = {"T": 64, "B": 32, "H": 256, "layers": 1}
VALUES = {"T": (16, 32, 64, 128, 256), "B": (1, 2, 4, 8, 16, 32, 64), "H": (64, 128, 256, 512), "layers": (1, 2, 3)}
SIZES = (1, 10, 100)  # megabytes


def steps(results: Results) -> None:
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
        results.table(name, [f"{name}, at {others}", "ms", "us per unit", "to the one before"], rows, less=["ms"])


def corpora(results: Results) -> None:
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
    head = ["text", "seconds to the first step", "peak MB", "peak / file"]
    results.table("texts", head, rows, less=["seconds to the first step", "peak MB"])


def start_of(path: Path, folder: str) -> tuple[float, int]:
    """Seconds until a first step is told, and the peak memory in bytes (0 if not told), in a fresh process."""
    command = [sys.executable, str(Path(__file__).with_name("first_step.py")), str(path), f"{folder}/run"]
    begun = time.time()
    told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()[-1])
    return told["at"] - begun, told["peak"]


def main() -> None:
    """Measure and print."""
    results = Results(parser_of(__doc__).parse_args().json)
    introduce()
    steps(results)
    corpora(results)
    results.write()


if __name__ == "__main__":
    main()
