"""Open a run on a text, take a step, then 50 more; scale.py starts this in a fresh process and takes the time.

    python benchmarks/first_step.py TEXT FOLDER

It prints when the first step was done, in seconds of the clock, and the most memory that this process and its helpers
had, in bytes (0 where the system does not say).
"""

import json
import sys
import time
from pathlib import Path

from lstm_model.parallel.blas import one_blas_thread
from lstm_tui.opening.run import open_run


def main(text: str, folder: str) -> None:
    """Train, and tell."""
    opened = open_run({"task": "text", "data": text, "save": folder})
    one_blas_thread()
    opened.trainer.step()
    at = time.time()
    crew = opened.trainer._crew  # noqa: SLF001 - nothing else needs to know who helps
    assert crew is not None
    crew.wait_ready()
    for _ in range(50):
        opened.trainer.step()
    status = [Path(f"/proc/{pid}/status") for pid in ("self", *crew.helper_pids)]
    lines = [line for file in status if file.exists() for line in file.read_text().splitlines()]
    peak = 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    opened.trainer.close()
    print(json.dumps({"at": at, "peak": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
