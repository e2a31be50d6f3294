"""Train for minutes or hours in the real app, in a real terminal, and press keys all the time: nothing may pile up.

    python -m tools.torture soak                        ten minutes, about eleven with the checks at the end
    python -m tools.torture soak --long 60              the long form
    python -m tools.torture soak --keep DIR             leave the runs in DIR to look at; else they are removed
    python -m tools.torture soak --trace FILE           also write what was held after each thing that happened

Both tasks train on the data that ship, half a minute each in turn. Every two seconds one thing happens, at first each
in turn, then chosen by the seed: a sample, a save, another size, a pause, a temperature, a rate, a chart key, a dialog
opened and closed, an evaluation. A line a minute says what the process holds; memory counts the helper
processes too. The screen is read at checks alone, because an emulator costs the time of a core: each check resizes the
terminal, which has all sent anew.

The verdict asks for
    an end with q and status 0 that leaves no process; the screen is answered at every check
    steps on the status line that never fall, and a last save that is not older than what was seen there
    checkpoints that all load, with finite weights; rows of metrics.csv whole, rising, finite; a loss that fell
    memory that grows by less than --slope MB a minute over the second half (of runs of five minutes and more)
    as many threads, open files and child processes in the last check as once both tasks were there, give or take a few

Linux only: it reads /proc.
"""

import argparse
import contextlib
import csv
import fcntl
import math
import os
import random
import re
import select
import struct
import termios
import time
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyte

from lstm_model.settings.known_tasks import KINDS
from lstm_model.storage.checkpoint import load_checkpoint
from lstm_model.tasks.text.writing.sample_book import SampleBook
from lstm_model.training.resume import restore_trainer
from support.terminal import UNKNOWN, Terminal

STATUS = re.compile(r"(TRAINING|PAUSED|EVALUATING) +([a-z]+) +step ([\d,]+)")
SIZES = [(80, 24), (120, 40), (160, 45), (100, 30), (90, 50), (60, 20)]
PAUSE_BETWEEN = 2.0  # seconds between two things that happen
CHECK_EVERY = 10.0
ANSWER_WITHIN = 20.0  # seconds for a check: other work may share the machine
KEPT = 1 << 16  # bytes of output that are kept
KEYS = {
    "sample": "g", "save": "s", "colder": "[", "hotter": "]", "evaluate": "e", "log": "y", "view": "v",
    "zoom": "zz", "rate": "-+", "older": ",,", "newer": "..", "beside": "d", "cursor": "\x1b[D\x1b[D", "pause": "pp",
}  # fmt: skip
DIALOGS = {"help": "?", "load list": "l", "settings": "n", "prompt": "i"}
SWITCH, SWITCH_EVERY = "t", 30.0
SPARE = {"threads": 6, "files": 12, "children": 1}  # what may come and go: timers, readers of dialogs


@dataclass(frozen=True)
class Measure:
    """What the process and its helpers hold."""

    seconds: float
    rss: float  # MB, with the helpers
    threads: int
    files: int
    children: int


class Tap(Terminal):
    """A terminal whose output is read and thrown away, until a check asks for a whole screen."""

    sent = 0

    def flow(self, seconds: float, *, draw: bool = False) -> None:
        """Let the program run for some seconds and take what it sends; ConnectionError if it has ended."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.fd], [], [], left)[0]:
                return
            try:
                data = os.read(self.fd, 1 << 16)
            except OSError:
                raise ConnectionError("the program has ended") from None
            self.sent += len(data)
            self.raw = (self.raw + data)[-KEPT:]
            if draw:
                self.stream.feed(UNKNOWN.sub(b"", data))

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the kernel tells the program, which sends everything anew."""
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class Soak:
    """One soak: presses, checks, and what it has found wrong."""

    def __init__(self, tap: Tap, minutes: float, seed: int, trace: Path | None = None) -> None:
        self.tap, self.minutes, self.random, self.trace = tap, minutes, random.Random(seed), trace
        self.size = SIZES[1]
        self.wrong: list[str] = []
        self.measures: list[Measure] = []
        self.done: Counter[str] = Counter()
        self.steps = dict.fromkeys(KINDS, 0)
        self.begun = time.monotonic()

    def run(self) -> None:
        """Press and check until the time is over, then quit."""
        tasks = "".join(f"{f'{task} step':>12}" for task in KINDS)
        print(f"minute   RSS MB  threads  files  children{tasks}  acts  sent MB", flush=True)
        self.check()
        check_due, line_due, switch_due = self.begun + CHECK_EVERY, self.begun + 60, self.begun + SWITCH_EVERY
        first = [*DIALOGS, *KEYS]  # what there is once is there from the start
        while (now := time.monotonic()) < self.begun + 60 * self.minutes:
            if now >= switch_due:
                self.act("switch")
                switch_due += SWITCH_EVERY
            self.act(first.pop() if first else self.random.choice([*KEYS, *DIALOGS]))
            if now >= check_due:
                self.check()
                check_due = now + CHECK_EVERY
            if now >= line_due:
                self.show()
                line_due += 60
        self.check()
        self.show()
        self.quit()

    def act(self, name: str) -> None:
        """Let one thing happen, and some time pass."""
        self.done[name] += 1
        self.tap.press(SWITCH if name == "switch" else KEYS.get(name) or DIALOGS[name])
        self.tap.flow(PAUSE_BETWEEN / 2)
        if name in DIALOGS:
            self.tap.press("\x1b")
        self.tap.flow(PAUSE_BETWEEN / 2)
        if self.trace:
            m = measure(self.tap.child, time.monotonic() - self.begun)
            with self.trace.open("a", encoding="utf-8") as file:
                file.write(f"{m.seconds:8.1f} {m.rss:9.2f} {m.threads:4} {m.files:4} {name}\n")

    def check(self) -> None:
        """Resize, read the screen, measure the process."""
        self.size = self.random.choice([size for size in SIZES if size != self.size])
        self.done["resize"] += 1
        self.tap.resize(*self.size)
        end = time.monotonic() + ANSWER_WITHIN
        while not (found := STATUS.search(self.tap.text())):
            if time.monotonic() > end:
                self.wrong.append(f"no status line within {ANSWER_WITHIN:g} s; the screen is:\n{self.tap.text()}")
                return
            self.tap.flow(0.1, draw=True)
        task, step = found[2], int(found[3].replace(",", ""))
        if step < self.steps[task]:
            self.wrong.append(f"the step of {task} fell from {self.steps[task]:,} to {step:,}")
        self.steps[task] = step
        self.measures.append(measure(self.tap.child, time.monotonic() - self.begun))

    def show(self) -> None:
        """Print a line of the table."""
        m, steps = self.measures[-1], "".join(f"{step:12,}" for step in self.steps.values())
        print(f"{m.seconds / 60:6.1f} {m.rss:8.1f} {m.threads:8} {m.files:6} {m.children:9}"
              f"{steps} {sum(self.done.values()):5} {self.tap.sent / 1e6:8.1f}", flush=True)  # fmt: skip

    def quit(self) -> None:
        """Press q, and see all of it end."""
        family = [self.tap.child, *children(self.tap.child)]
        begun = time.monotonic()
        self.tap.press("q")
        status = self.tap.end(30)
        print(f"\nquit with status {status} after {time.monotonic() - begun:.1f} s")
        if status != 0:
            self.wrong.append(f"it ended with status {status}")
        end = time.monotonic() + 5
        while left := [pid for pid in family if Path(f"/proc/{pid}").exists()]:
            if time.monotonic() > end:
                self.wrong.append(f"processes are left: {left}")
                return

    def judge_measures(self, most: float) -> None:
        """Memory is flat, and nothing is left behind by what came and went."""
        last = self.measures[-1]
        settled = max(0.1 * last.seconds, 1.5 * SWITCH_EVERY)  # both tasks, and their helpers, are there
        early = next((m for m in self.measures if m.seconds >= settled), last)
        for name, spare in SPARE.items():
            if getattr(last, name) > getattr(early, name) + spare:
                self.wrong.append(f"{name} grew from {getattr(early, name)} to {getattr(last, name)}")
        half = [m for m in self.measures if m.seconds >= last.seconds / 2]
        if len(half) < 3:
            return
        slope = float(np.polyfit([m.seconds / 60 for m in half], [m.rss for m in half], 1)[0])
        rss = [m.rss for m in self.measures]
        print(f"memory: {rss[0]:.1f} MB at first, {max(rss):.1f} at most, {rss[-1]:.1f} at last;"
              f" second half {slope:+.2f} MB a minute")  # fmt: skip
        if self.minutes >= 5 and slope > most:
            self.wrong.append(f"memory grows by {slope:.2f} MB a minute, more than {most:g}")


def children(pid: int) -> list[int]:
    """The process numbers of a process's children."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # a thread that has just ended
            found += map(int, (thread / "children").read_text().split())
    return found


def measure(pid: int, seconds: float) -> Measure:
    """What a process holds now."""
    below = children(pid)
    rss = 0.0
    for each in (pid, *below):
        with contextlib.suppress(OSError, TypeError):
            status = Path(f"/proc/{each}/status").read_text()
            rss += int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]
    threads, files = (len(list(Path(f"/proc/{pid}/{what}").iterdir())) for what in ("task", "fd"))
    return Measure(seconds, rss, threads, files, len(below))


def judge_run(run: Path, seen: int) -> list[str]:
    """What is wrong with a run's folder. seen: the last step that the status line showed."""
    wrong = []
    files = sorted(run.glob("*.safetensors"))
    for file in files:
        checkpoint = load_checkpoint(file)
        if not all(np.isfinite(tensor).all() for name, tensor in checkpoint.tensors.items() if "history" not in name):
            wrong.append(f"{file.name} of {run.name} holds values that are no finite numbers")
    last = restore_trainer(load_checkpoint(run / "last.safetensors"))
    if last.steps < seen:
        wrong.append(f"{run.name} was seen at step {seen:,} and saved at {last.steps:,}")
    left = [path.name for path in run.iterdir() if path.suffix == ".part"]
    if left:
        wrong.append(f"{run.name} holds files that were not finished: {left}")
    metrics = run / "metrics.csv"  # not there yet if a run trained for a few seconds
    rows = list(csv.DictReader(metrics.read_text(encoding="utf-8").splitlines())) if metrics.exists() else []
    steps, losses = [int(row["step"]) for row in rows], [float(row["loss"]) for row in rows]
    if any(b <= a for a, b in pairwise(steps)) or not all(map(math.isfinite, losses)):
        wrong.append(f"rows of metrics.csv of {run.name} do not rise, or hold no finite loss")
    quarter = max(1, len(losses) // 4)
    begin, end = (np.mean(losses[:1]), np.mean(losses[-quarter:])) if losses else (math.nan, math.nan)
    if len(losses) > 4 and not end < begin:
        wrong.append(f"the loss of {run.name} did not fall: {begin:.4f} to {end:.4f}")
    samples = len(SampleBook(run / "samples.txt"))
    print(f"{run.name}: step {last.steps:,}, {len(files)} checkpoints load, {len(rows)} rows, {samples} samples,"
          f" loss {begin:.4f} -> {end:.4f}, best validation {last.best_val_loss}")  # fmt: skip
    return wrong


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options beside --seeds and --minutes."""
    parser.add_argument("--long", type=float, default=10, metavar="M", help="minutes of each seed")
    parser.add_argument("--preset", default="default")
    parser.add_argument("--slope", type=float, default=1.0, help="MB a minute that memory may grow in the second half")
    parser.add_argument("--trace", type=Path, metavar="FILE")
    parser.add_argument("--keep", type=Path, help="an empty folder for the runs")


def one(seed: int, folder: Path, asked: argparse.Namespace) -> Counter[str]:
    """One soak; AssertionError for what it found wrong."""
    folder = asked.keep or folder
    folder.mkdir(parents=True, exist_ok=True)
    env = {"XDG_CONFIG_HOME": str(folder / "config"), "LSTM_TUI_SAVES": str(folder / "saves")}
    with Tap("--preset", asked.preset, "--no-ssh", folder=folder, size=SIZES[1], env=env) as tap:
        soak = Soak(tap, asked.long, seed, asked.trace)
        try:
            soak.run()
        except (ConnectionError, AssertionError) as error:
            soak.wrong.append(f"{error}; the last of its output: {tap.raw[-2000:].decode(errors='replace')!r}")
    if soak.measures:
        soak.judge_measures(asked.slope)
    runs = sorted((folder / "saves").glob("*-*"))
    for run in runs:
        soak.wrong += judge_run(run, soak.steps[run.name.split("-")[0]])
    print(", ".join(f"{count} {name}" for name, count in sorted(soak.done.items())))
    if soak.wrong:
        raise AssertionError("\n".join(soak.wrong))
    print("verdict: nothing piled up, nothing was lost")
    return Counter({"minutes": round(soak.minutes), "things done": sum(soak.done.values()), "runs read": len(runs)})
