"""A real Dask scheduler and real workers, on loopback."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

QUIET = subprocess.DEVNULL


class Scheduler:
    """A scheduler's process; its workers know it by a file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.process = self._start("scheduler", "--scheduler-file", str(self.file), "--host", "127.0.0.1", "--port",
                                   "0", "--no-dashboard", "--no-show")  # fmt: skip
        while not self.file.exists() or not self.file.read_text():
            assert self.process.poll() is None
        self.address: str = json.loads(self.file.read_text())["address"]

    def worker(self, name: str, *options: str) -> subprocess.Popen[bytes]:
        """A worker with room for one trial, in a folder of its own."""
        place = self.folder / name
        place.mkdir(exist_ok=True)
        return self._start("worker", "--scheduler-file", str(self.file), "--nthreads", "1", "--no-nanny", "--name",
                           name, "--no-dashboard", "--local-directory", str(place), *options, cwd=place)  # fmt: skip

    def _start(self, what: str, *options: str, cwd: Path | None = None) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options]
        process = subprocess.Popen(program, stdout=QUIET, stderr=QUIET, cwd=cwd or self.folder)
        self.processes.append(process)
        return process

    def wait_for(self, workers: int) -> None:
        """Wait until so many workers are there."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)


@contextmanager
def scheduler(folder: Path) -> Iterator[Scheduler]:
    one = Scheduler(folder)
    try:
        yield one
    finally:
        for process in reversed(one.processes):
            process.kill()
            process.wait()
