"""What a sweep costs beside the training: a trial's overhead, trials side by side, and a Dask scheduler with many.

    python benchmarks/sweep.py [--beside] [--sleeping TRIALS ...] [--workers N] [--slots N] [--json FILE]

A trial's overhead is the time from its start to its outcome, less what it counted as training: a process that starts,
imports, reads its data, saves and ends. Side by side: as many trials as cores with one core each, against one after
another with all cores. Sleeping trials take the whole road of real ones over a real Dask scheduler, journal and folders
included, but sleep where they would train and make up their validation losses; they show what scheduler and sweep cost
for each trial, and how that grows.
"""

import os
import resource
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from distributed import Client, LocalCluster, get_worker
from machine import Results, introduce, parser_of

from lstm_model.costs.shards import cores
from lstm_model.settings.presets import preset_config
from lstm_model.sweeps.design import Design
from lstm_model.sweeps.driving import drive
from lstm_model.sweeps.roads.cluster import Cluster
from lstm_model.sweeps.roads.local import Local
from lstm_model.sweeps.roads.road import Road
from lstm_model.sweeps.space import Range, Space
from lstm_model.sweeps.sweep import Sweep
from lstm_model.sweeps.trial import Outcome, Reached
from lstm_model.tasks.registry import open_task

RATES = Space((Range("learning_rate", "lr", 0.001, 0.02, log=True),))
FIVE_MINUTES = 300.0
ROUNDS = 3  # of which the fastest counts
SLEEP, POINTS = 4.0, 10  # seconds of a sleeping trial, and validations in it


class Sleepers(Cluster):
    """A cluster that has nothing trained."""

    @staticmethod
    def train(order: dict[str, Any], key: str, session: str, home: bool) -> dict[str, Any]:  # noqa: ARG004
        """Sleep, and tell of validations now and then."""
        loss = abs(order["config"]["learning_rate"] - 0.005) * 100
        for k in range(1, POINTS + 1):
            time.sleep(SLEEP / POINTS)
            reached = Reached(k / POINTS, k, loss + 1 / k, loss + 1 / k)
            get_worker().log_event(session, {"key": key, "reached": asdict(reached)})
        return {"outcome": asdict(Outcome("done", loss, POINTS, POINTS, SLEEP)), "died": "", "stuck": "", "files": {}}


def design(task: str, trials: int, **how: Any) -> Design:
    """A sweep of the learning rate; settings of the base beside it."""
    steps = how.pop("steps", 20)
    base = preset_config(task, **how)
    sha256 = open_task(base).fingerprint
    return Design(base, RATES, trials, "random", sha256, steps=steps, again=0, pruner="none")


def seconds(sweep: Sweep, road: Road, threads: int) -> tuple[float, list[float]]:
    """How long a sweep takes on a road, and of each trial what it took beside training."""
    begun: dict[int, float] = {}
    beside = []
    start = time.monotonic()
    for told in drive(sweep, road, threads, lambda: False):
        now = time.monotonic()
        if told.what == "begun":
            begun[told.trial.number] = now
        elif told.what == "ended" and told.trial.outcome is not None:
            beside.append(now - begun[told.trial.number] - told.trial.outcome.elapsed_s)
    took = time.monotonic() - start
    sweep.close()
    return took, beside


def overhead(results: Results, folder: Path) -> None:
    """Time of a trial that is no training."""
    rows = []
    for task, how in (("copy", {"hidden_size": 8, "batch_size": 4}), ("text", {"hidden_size": 64, "seq_length": 32})):
        sweep = Sweep(design(task, 6, validate_every=10, **how), folder / f"overhead-{task}")
        _, beside = seconds(sweep, Local(1, folder / "log"), 1)
        middle = sorted(beside)[len(beside) // 2]
        rows.append([task, f"{middle:.2f}", f"{100 * middle / FIVE_MINUTES:.2f}"])
    results.table("overhead", ["trial", "seconds beside training", "% of 5 minutes"], rows,
                  less=["seconds beside training"])  # fmt: skip


def side_by_side(results: Results, folder: Path) -> None:
    """All cores for each trial in turn, against a core for each of several."""
    rows = []
    for hidden in (64, 128, 256):
        took: dict[int, list[float]] = {1: [], cores(): []}
        for round_ in range(ROUNDS):  # in turns: what else runs on the machine comes and goes
            for jobs, threads in ((1, cores()), (cores(), 1)):
                plan = design("text", 2 * cores(), hidden_size=hidden, steps=200, validate_every=100)
                sweep = Sweep(plan, folder / f"side-{hidden}-{jobs}-{round_}")
                took[jobs].append(seconds(sweep, Local(jobs, folder / "log"), threads)[0])
        one, many = min(took[1]), min(took[cores()])
        rows.append([f"text H{hidden}", f"{one:.1f}", f"{many:.1f}", f"{one / many:.2f}"])
    head = ["trials", "s one after another, all cores", f"s {cores()} side by side, a core each", "gain"]
    results.table("side by side", head, rows, less=head[1:3])


def sleeping(results: Results, folder: Path, counts: list[int], workers: int, slots: int) -> None:
    """Sleeping trials over a Dask scheduler in this process."""
    rows = []
    each = max(1, slots // workers)
    for count in counts:
        cluster = LocalCluster(n_workers=workers, threads_per_worker=each, dashboard_address=None, silence_logs=50)
        with cluster, Client(cluster, set_as_default=False) as client:
            sweep = Sweep(design("copy", count), folder / f"sleeping-{count}-{workers}")
            road = Sleepers(client, sweep.sample(1), sweep.folder, None, print)
            before, cpu = resident(), time.process_time()
            took, _ = seconds(sweep, road, 1)
            cpu = time.process_time() - cpu
            ideal = -(-count // (each * workers)) * SLEEP
            journal = (sweep.folder / "journal.jsonl").stat().st_size
            rows.append([f"{count:,}", f"{workers} x {each}", f"{ideal:.0f}", f"{took:.0f}",
                         f"{1e3 * (took - ideal) / count:.1f}", f"{1e3 * cpu / count:.1f}",
                         f"{(resident() - before) / count:.1f}", f"{journal / count / 1e3:.2f}"])  # fmt: skip
    head = ["sleeping trials", "workers x threads", "s at best", "s", "ms more a trial",
            "ms of processor a trial", "kB of memory a trial", "kB of journal a trial"]  # fmt: skip
    results.table("sleeping", head, rows, less=["ms more a trial", "ms of processor a trial"])


def resident() -> float:
    """Memory of this process in kB: what it has now, where the system says so, else the most it had."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return float(line.split()[1])
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--sleeping", type=int, nargs="+", metavar="TRIALS", help="only this many sleeping trials")
    parser.add_argument("--beside", action="store_true", help="only trials side by side")
    parser.add_argument("--workers", type=int, default=2, help="processes of sleeping trials (2)")
    parser.add_argument("--slots", type=int, default=500, help="sleeping trials at once (500)")
    given = parser.parse_args()
    results = Results(given.json)
    introduce()
    with tempfile.TemporaryDirectory() as name:
        if given.sleeping:
            sleeping(results, Path(name), given.sleeping, given.workers, given.slots)
        else:
            if not given.beside:
                overhead(results, Path(name))
            side_by_side(results, Path(name))
    results.write()


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
