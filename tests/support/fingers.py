"""Random fingers: keys, pastes, mouse, sizes and raw bytes at the real app in a pseudo-terminal, from a seed.

`acts_of` makes them, `Hands` does them and judges how it ended. What a run did can be written down and done again.
"""

import ast
import contextlib
import fcntl
import os
import random
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lstm_model.errors import CheckpointError
from lstm_model.storage.checkpoint import load_checkpoint
from support.places import ROOT
from support.terminal import Terminal


class Act(NamedTuple):
    """One thing that is done: bytes are sent, the terminal takes another size, or a moment passes."""

    kind: str  # send, size, rest
    data: bytes | tuple[int, int] | float
    events: int = 1  # keys and the like in it

    def __str__(self) -> str:
        return f"{self.kind} {self.data!r}"

    @classmethod
    def read(cls, line: str) -> "Act":
        """From a line that `str` made."""
        kind, _, data = line.partition(" ")
        return cls(kind, ast.literal_eval(data))


LETTERS = [bytes([code]) for code in b"pglsneievybzdc[]-+=,.<>?tjkx1239 "]
MOVES = [b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1b[5~", b"\x1b[6~", b"\x1b[H", b"\x1b[F", b"\t", b"\x1b[Z",
         b"\x1b[1;2C", b"\x1b[1;2D", b"\x1b[1;5H", b"\x7f", b"\x1b[3~", b"\r", b"\r", b"\x15", b"\x01", b"\x0b",
         b"\x1bOP", b"\x1b[13;5u"]  # fmt: skip
DIALOGS = [b"i", b"l", b"n", b"?", b"\x10"]
LEAVE = [b"q", b"\x03"]
ODD = [b"\x1b[I", b"\x1b[O", b"\x1b[48;40;120;800;1200t", b"\x1b[48;0;0;0;0t", b"\x1b[8;40;120t", b"\x1b[?2048;1$y",
       b"\x1b[?2026;2$y", b"\x1bP1$r0m\x1b\\", b"\x1b]11;rgb:0000/0000/0000\x07", b"\x1b[99999999u",
       b"\x1b[12;40R", b"\x1b[200~never ended", b"\x1b[201~", b"\x1b\x1b", b"\x1bq", b"\x1a", b"\xc3", b"\x9b", b"\x00",
       b"\x1b[[A", b"\x1b[M !!", b"\x1b[<0;-3;5M", b"\x1b[<999;9999;9999M", b"\x1b[?62;4c"]  # fmt: skip
WORDS = [
    "0.01",
    "-1",
    "1e400",
    "nan",
    "12",
    "99999999",
    "/etc",
    "nowhere.csv",
    "sea §",
    "崽 é",
    "\\x1b",
    "text",
    "load",
]


def acts_of(seed: int, events: int, *, leave: bool = True) -> Iterator[Act]:
    """So many events from a seed, as acts. leave: also keys that end the app or ask how to."""
    chance, done = random.Random(seed), 0
    while done < events:
        for act in _some(chance, leave=leave):
            done += act.events
            yield act


def _some(chance: random.Random, *, leave: bool) -> list[Act]:
    kind = chance.choices(
        ["letter", "move", "escape", "dialog", "held", "word", "paste", "mouse", "size", "raw", "torn", "odd", "leave"],
        [30, 22, 7, 6, 8, 4, 3, 8, 3, 2, 2, 3, 0.1 if leave else 0],
    )[0]
    if kind == "dialog":
        keys = [chance.choice(MOVES + LETTERS) for _ in range(chance.randint(1, 6))]
        return [Act("send", chance.choice(DIALOGS)), Act("rest", 0.05, 0), *(Act("send", key) for key in keys)]
    if kind == "held":
        count = chance.randint(2, 20)
        return [Act("send", chance.choice(MOVES + LETTERS + DIALOGS + [b"\x1b"]) * count, count)]
    if kind == "size":
        return [
            Act(
                "size",
                chance.choice([(1, 1), (2, 9), (24, 3), (400, 120), (40, 10), (80, 24), (160, 45), _size(chance)]),
            )
        ]
    if kind == "torn":
        whole = chance.choice(
            [b"\x1b[A", b"\x1b[<35;42;7M", b"\x1b[I", b"\x1b[8;40;120t", b"\x1b[200~quit\rnow\x1b[201~"]
        )
        cut = chance.randint(1, min(5, len(whole) - 1))
        return [Act("send", whole[:cut]), Act("rest", chance.choice([0.01, 0.2]), 0), Act("send", whole[cut:], 0)]
    return [Act("send", _bytes(kind, chance))]


def _bytes(kind: str, chance: random.Random) -> bytes:
    if kind == "raw":
        return chance.randbytes(chance.randint(1, 12)).translate(None, b"\x03q")  # these end it, which is rare enough
    if kind == "paste":
        text = "\r".join(chance.choice(WORDS) for _ in range(chance.randint(1, 4)))
        return b"\x1b[200~" + text.encode() + b"\x1b[201~"
    if kind == "mouse":
        x, y = chance.choice([chance.randint(1, 40), chance.randint(1, 420)]), chance.randint(1, 60)
        if chance.random() < 0.3:
            return b"\x1b[<%d;%d;%dM" % (chance.choice([64, 65, 35, 32]), x, y)
        return b"\x1b[<0;%d;%dM\x1b[<0;%d;%dm" % (x, y, x + chance.choice([0, 0, 7]), y)
    if kind == "word":
        return chance.choice(WORDS).encode()
    return chance.choice({"letter": LETTERS, "move": MOVES, "escape": [b"\x1b"], "odd": ODD, "leave": LEAVE}[kind])


def _size(chance: random.Random) -> tuple[int, int]:
    return chance.randint(1, 220), chance.randint(1, 70)


@dataclass
class Verdict:
    """What became of a run of acts."""

    events: int = 0
    lives: int = 0  # how often the app was started
    wrong: list[str] = field(default_factory=list)
    memory: list[tuple[int, float]] = field(default_factory=list)  # MB after so many events of the newest life
    trail: list[Act] = field(default_factory=list)  # what was done in the newest life


class _App(Terminal):
    """The app, whose output is read and not drawn."""

    def flow(self, quiet: float = 0.01, most: float = 0.15) -> None:
        """Take what it sends until it is quiet."""
        end = time.monotonic() + most
        while (left := end - time.monotonic()) > 0 and select.select([self.fd], [], [], min(quiet, left))[0]:
            try:
                self.raw = (self.raw + os.read(self.fd, 1 << 16))[-(1 << 18) :]
            except OSError:
                return

    def send(self, data: bytes) -> None:
        """Send bytes as fast as they are taken; what is sent to a program that is gone is lost."""
        with contextlib.suppress(OSError):
            while data and not self.ended():
                if select.select([], [self.fd], [], 0.05)[1]:
                    data = data[os.write(self.fd, data[:512]) :]
                self.flow(0.001)

    def size(self, columns: int, rows: int) -> None:
        """Take another size."""
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def status_lines(self) -> list[str]:
        """What the system says of the process."""
        try:
            return Path(f"/proc/{self.child}/status").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    @property
    def memory(self) -> float:
        """MB that the process holds."""
        return next((int(line.split()[1]) / 1024 for line in self.status_lines if line.startswith("VmRSS")), 0.0)


class Hands:
    """Does acts at the app over saves in a folder, starts it again where a key has ended it, and judges each end."""

    def __init__(self, folder: Path, *arguments: str, settle: float = 60.0) -> None:
        self.folder, self.arguments, self.settle = folder, arguments, settle
        self.verdict = Verdict()
        self.faults = folder / "faults.txt"

    def do(self, acts: Iterable[Act]) -> Verdict:
        """Do all of them, then end the app politely."""
        acts, verdict = iter(acts), self.verdict
        more = True
        while more and not verdict.wrong:
            verdict.lives += 1
            verdict.memory, verdict.trail, here = [], [], 0
            with self._started() as app:
                app.wait(r"(TRAINING|PAUSED|EVAL-ONLY)", self.settle)
                more = False
                for act in acts:
                    verdict.trail.append(act)
                    self._do(app, act)
                    verdict.events += act.events
                    here += act.events
                    if len(verdict.trail) % 50 == 0:
                        verdict.memory.append((here, app.memory))
                    if app.ended():
                        more = True
                        break
                self._judge(app)
        return verdict

    def _started(self) -> _App:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        env = {
            "FAULTS": str(self.faults),
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "LSTM_TUI_SAVES": str(self.folder / "saves"),
            "COLORTERM": "truecolor",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        }
        program = (sys.executable, "-m", "support.recorded")
        return _App(
            *self.arguments, folder=self.folder, size=(120, 40), term="xterm-256color", env=env, program=program
        )

    def _do(self, app: _App, act: Act) -> None:
        if isinstance(act.data, bytes):
            app.send(act.data)
        elif isinstance(act.data, tuple):
            app.size(*act.data)
        else:
            end = time.monotonic() + act.data
            while (left := end - time.monotonic()) > 0:
                app.flow(left, left)
        app.flow()

    def _judge(self, app: _App) -> None:
        """End it if it has not ended, and say what is wrong."""
        wrong = self.verdict.wrong
        asked = not app.ended()
        if asked:
            app.signal(signal.SIGTERM)
        end = time.monotonic() + 30
        while not app.ended() and time.monotonic() < end:
            app.flow(0.1, 0.1)
        app.flow(0.1, 0.5)
        if not app.ended():
            wrong.append("it did not end within 30 s of SIGTERM")
            wrong += [line for line in app.status_lines if line.startswith("Sig")]
            wrong += [f"{fd.name} -> {fd.readlink()}" for fd in Path(f"/proc/{app.child}/fd").iterdir()]
            app.signal(signal.SIGUSR1)
            app.flow(0.5, 0.5)
        elif app.status not in [0, 130, *([128 + signal.SIGTERM, -signal.SIGTERM] if asked else [])]:  # a key was first
            wrong.append(f"it ended with status {app.status}")
        for sign in (b"Traceback", b"fault of the program"):
            if sign in app.raw:
                wrong.append(f"the terminal shows {sign.decode()!r}: {app.raw[-1500:].decode(errors='replace')}")
        if self.faults.exists() and self.faults.stat().st_size:
            wrong.append(self.faults.read_text(encoding="utf-8"))
        for run in self._runs:
            wrong += self._lost(run) if app.status != 130 else []  # else somebody may have asked not to save

    @property
    def _runs(self) -> list[Path]:
        saves = self.folder / "saves"
        return [run for run in saves.iterdir() if (run / "config.json").exists()] if saves.is_dir() else []

    def _lost(self, run: Path) -> list[str]:
        last, rows = run / "last.safetensors", run / "metrics.csv"
        steps = rows.read_text(encoding="utf-8").splitlines()[1:] if rows.exists() else []
        if not last.exists():
            return [f"{run.name} trained and was not saved"] if steps else []
        try:
            step = load_checkpoint(last).record.step
        except CheckpointError as error:
            return [f"{run.name} does not load: {error}"]
        shown = int(steps[-1].split(",")[0]) if steps else 0
        return [f"{run.name} was at step {shown} and is saved at {step}"] if step < shown else []


def write_trail(acts: Iterable[Act], file: Path) -> None:
    """Write acts down."""
    file.write_text("".join(f"{act}\n" for act in acts), encoding="utf-8")


def read_trail(file: Path) -> list[Act]:
    """Acts that were written down."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [Act.read(line) for line in lines if line and not line.startswith("#")]
