"""Training processes that are told to end, also while every core is busy with something else."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lstm_model.costs.shards import cores
from lstm_model.storage.checkpoint import load_checkpoint
from support.places import ROOT, TESTS, support_program
from support.terminal import Terminal

GONE_WITHIN = 5.0  # seconds from the signal to the end of the process
LONG_STEP = 2.0  # seconds


def last_step(run: Path) -> int:
    return int(load_checkpoint(run / "last.safetensors").record.step)


def wait_for(true: Callable[[], object], seconds: float = 60) -> None:
    """Look again and again; AssertionError if it does not come true in time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.005)  # a process that looks all the time takes the core of the one it waits for


class Training(subprocess.Popen[str]):
    """`lstm-tui train --json` in a process of its own, saved in `folder`/run."""

    def __init__(self, folder: Path, *arguments: str, under: tuple[str, ...] = (), module: str = "lstm_tui") -> None:
        self.run = folder / "run"
        program = [*under, sys.executable, "-m", module, "train", "--save", str(self.run), "--json", *arguments]
        path = os.pathsep.join([str(ROOT), str(TESTS), os.environ.get("PYTHONPATH", "")])
        self.log, self.said = folder / "log", folder / "said"
        with self.log.open("wb") as log, self.said.open("wb") as said:
            super().__init__(program, cwd=folder, stdout=log, stderr=said, env={**os.environ, "PYTHONPATH": path})

    def __exit__(self, *error: object) -> None:
        if error[0] is not None:
            self.kill()  # a test that failed waits for nobody
        super().__exit__(*error)  # type: ignore[arg-type]

    def wait_for(self, true: Callable[[], object], seconds: float = 60) -> None:
        wait_for(lambda: true() or self.poll() is not None, seconds)
        assert self.poll() is None, self.said.read_text()

    def told(self, name: str) -> float:
        """Send a signal and wait for the end; gives the seconds that took."""
        begun = time.monotonic()
        self.send_signal(getattr(signal, name))
        self.wait(60)
        return time.monotonic() - begun

    def steps_held(self) -> tuple[int, int]:
        """The step it says it ended at, and that of its last save."""
        return json.loads(self.log.read_text().splitlines()[-1])["step"], last_step(self.run)


# Under full load


@contextmanager
def full_load() -> Iterator[None]:
    """Keep every core busy with something else."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(cores())]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def end_under_load(seed: int, folder: Path, data: Path) -> tuple[Counter[str], float]:
    """Start `train` or the app, let some steps go by, and send SIGTERM; how it ended, and the seconds that took.

    Each second seed takes steps of two seconds. AssertionError if the end took too long or lost a step that was told.
    """
    dice = random.Random(seed)
    app, is_long = seed % 2 == 0, seed // 2 % 2 == 0
    module = "support.long_steps" if is_long else "lstm_tui"
    size = ["--data", str(data), "--hidden", "16", "--batch", "4", "--seq", "10", "--threads", "1"]
    after = dice.uniform(0, 2 * LONG_STEP if is_long else 1.0)
    with full_load():
        seconds = (_end_app if app else _end_train)(folder, size, module, after)
    assert seconds < GONE_WITHIN, f"it took {seconds:.2f} s"
    kind = f"{'app' if app else 'train'}{', long steps' if is_long else ''}"
    return Counter({"ends": 1, f"of {kind}": 1}), seconds


def _end_train(folder: Path, options: list[str], module: str, after: float) -> float:
    with Training(folder, *options, "--autosave", "1e-9", module=module) as training:
        training.wait_for((training.run / "last.safetensors").exists, 120)
        begun = time.monotonic()
        training.wait_for(lambda: time.monotonic() > begun + after)
        seconds = training.told("SIGTERM")
    assert training.returncode == 128 + signal.SIGTERM, training.said.read_text()
    said, saved = training.steps_held()
    assert said == saved > 0
    return seconds


def _end_app(folder: Path, options: list[str], module: str, after: float) -> float:
    program, environment = support_program(module.partition(".")[2]) if "." in module else (None, {})
    chosen = {"program": tuple(program)} if program else {}
    with Terminal(*options, "--no-ssh", folder=folder, env=environment, **chosen) as terminal:  # type: ignore[arg-type]
        terminal.wait(r"TRAINING +text +step +[1-9]", 120)
        terminal.drain(after)
        shown = max(int(step.replace(",", "")) for step in re.findall(r"text +step +([\d,]+)", terminal.text()))
        begun = time.monotonic()
        terminal.signal(signal.SIGTERM)
        terminal.end(60)
        seconds = time.monotonic() - begun
        assert terminal.status == 128 + signal.SIGTERM, terminal.raw[-1500:]
    [run] = (folder / "saves").iterdir()
    assert last_step(run) >= shown
    return seconds
