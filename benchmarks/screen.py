"""What the screen costs: training speed, answers to keys, bytes, start, memory. On a real pseudo-terminal.

    python benchmarks/screen.py [--quick]

Prints a table for each of the targets 4 to 8. About eight minutes, on an idle machine; --quick takes two and is less
sure. The program runs in a pseudo-terminal of its own, as under a terminal emulator; what it sends is read at once.
Speeds are those of wall time between two saves, inside the app and headless in turn, so that a drift of the machine
meets both.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

from machine import introduce, table

from lstm_model.history import History

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from terminal import Terminal

MODELS = {
    "H100 B1 (classic)": ["--preset", "classic"],
    "H128 B32 T64": ["--hidden", "128", "--batch", "32"],
    "H384 B16 T64 (default)": [],
}
SIZES = [(120, 40), (200, 60)]
TRUECOLOR = {"COLORTERM": "truecolor"}
STEP = re.compile(r"(?:TRAINING|PAUSED|EVALUATING) .*?step ([\d,]+)")


def step_of(terminal: Terminal) -> int:
    """The step that the status line shows."""
    found = STEP.search(terminal.text())
    return int(found[1].replace(",", "")) if found else 0


def read_for(terminal: Terminal, seconds: float) -> None:
    """Read what comes, for some seconds."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        terminal.read(left)


def app(model: list[str], folder: Path, size: tuple[int, int], *more: str) -> Terminal:
    """The app on a terminal; its samples come as seldom as a measurement of the screen alone needs."""
    terminal = Terminal(*model, *more, folder=folder, size=size, term="xterm-256color", env=TRUECOLOR)
    terminal.wait(r"TRAINING .*step [1-9]", 60)
    return terminal


def speed_in_app(model: list[str], size: tuple[int, int], seconds: float, warm_up: float) -> float:
    """Steps a second of wall time inside the app. The terminal is not drawn meanwhile, only read."""
    with tempfile.TemporaryDirectory() as name, app(model, Path(name), size, "--sample-every", "0") as terminal:
        read_for(terminal, warm_up)
        first, begun = fresh_step(terminal), time.monotonic()
        end = begun + seconds
        while (left := end - time.monotonic()) > 0:
            terminal.drain(left)
        return (fresh_step(terminal) - first) / (time.monotonic() - begun)


def fresh_step(terminal: Terminal) -> int:
    """The step at a pause: exact, and on the screen at once."""
    terminal.press("p")
    terminal.wait("PAUSED")
    read_for(terminal, 0.4)
    step = step_of(terminal)
    terminal.press("p")
    return step


def speed_headless(model: list[str], seconds: float, warm_up: float) -> float:
    """Steps a second of `lstm-tui train` between two of its events."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "lstm_tui", "train", "--json", *model, "--save", f"{name}/run"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
            assert run.stdout is not None
            begun = time.monotonic()
            marks = []
            for line in run.stdout:
                event = json.loads(line)
                if event["event"] == "step" and time.monotonic() - begun > warm_up:
                    marks.append((time.monotonic(), event["step"]))
                if marks and marks[-1][0] - marks[0][0] >= seconds:
                    break
            run.kill()
    (t0, s0), (t1, s1) = marks[0], marks[-1]
    return (s1 - s0) / (t1 - t0)


def speeds(rounds: int, seconds: float) -> None:
    """Target 4."""
    rows = []
    for name, model in MODELS.items():
        for size in SIZES:
            ratios, inside, outside = [], [], []
            for _ in range(rounds):
                outside.append(speed_headless(model, seconds, 4))
                inside.append(speed_in_app(model, size, seconds, 4))
                outside.append(speed_headless(model, seconds, 4))
                ratios.append(inside[-1] / statistics.mean(outside[-2:]))
            shape = "x".join(map(str, size))
            spread = f"{min(ratios):.3f} to {max(ratios):.3f}"
            rows.append([name, shape, f"{statistics.mean(outside):.1f}", f"{statistics.mean(inside):.1f}",
                         f"{statistics.median(ratios):.3f}", spread])  # fmt: skip
    print("4. Training speed, steps a second of wall time (target: app / headless 0.97 or more)\n")
    table(["model", "terminal", "headless", "app", "median ratio", "rounds"], rows)


KEYS = [("p", "PAUSED"), ("p", "TRAINING"), ("]", r"temperature +0\.9 │"), ("[", r"temperature +0\.8 │"),
        ("y", "all, log ─"), ("y", "─ all ─"), ("v", "─ recent ─"), ("v", "─ all ─")]  # fmt: skip


def answers(presses: int) -> None:
    """Target 5."""
    rows = []
    for name, model in MODELS.items():
        for size in SIZES:
            with tempfile.TemporaryDirectory() as folder, app(model, Path(folder), size) as terminal:
                read_for(terminal, 5)
                times = []
                for n in range(presses):
                    key, effect = KEYS[n % len(KEYS)]
                    begun = time.monotonic()
                    terminal.press(key)
                    terminal.wait(effect, 20)
                    times.append(1000 * (terminal.arrived - begun))  # without what the emulator takes to draw it
                    read_for(terminal, 0.13 + 0.017 * (n % 7))
                times.sort()
                late = times[min(len(times) - 1, round(0.99 * len(times)))]
                rows.append([name, "x".join(map(str, size)), f"{statistics.median(times):.0f}", f"{late:.0f}",
                             f"{times[-1]:.0f}"])  # fmt: skip
    print(f"5. From a key to its effect on the screen, ms, {presses} presses (target: p99 50 or less)\n")
    table(["model", "terminal", "median", "p99", "most"], rows)


def sent(seconds: float) -> None:
    """Target 6."""
    rows = []
    for name, model in MODELS.items():
        for size in SIZES:
            cells = []
            for option, target in (("--no-ssh", 6000), ("--ssh", 1500)):
                with tempfile.TemporaryDirectory() as folder, app(model, Path(folder), size, option) as terminal:
                    read_for(terminal, 10)
                    before = len(terminal.raw)
                    read_for(terminal, seconds)
                    cells.append(f"{(len(terminal.raw) - before) / seconds:.0f} ({target})")
            rows.append([name, "x".join(map(str, size)), *cells])
    print("6. Bytes a second to the terminal while it trains (target in brackets)\n")
    table(["model", "terminal", "default", "--ssh"], rows)


def starts() -> None:
    """Target 7."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def command(*arguments: str) -> float:
            begun = time.monotonic()
            subprocess.run([sys.executable, "-m", "lstm_tui", *arguments], capture_output=True, check=True, cwd=folder)
            return time.monotonic() - begun

        rows.append(["--version", f"{min(command('--version') for _ in range(5)):.2f}", "0.15"])
        pictures = []
        for _ in range(5):
            begun = time.monotonic()
            with Terminal(folder=folder, size=(120, 40), env=TRUECOLOR) as terminal:
                terminal.wait(r"(?s)Loss.*Progress.*Samples.*TRAINING.*Quit", 20)
                pictures.append(time.monotonic() - begun)
        rows.append(["first full picture", f"{min(pictures):.2f}", "1.00"])
        command("train", "--preset", "quick", "--steps", "50", "--save", "run")
        rows.append(["eval of a small model", f"{min(command('eval', '--load', 'run') for _ in range(3)):.2f}", "2.00"])
    print("7. Seconds to start, best of some\n")
    table(["what", "seconds", "target"], rows)


def memory() -> None:
    """Target 8."""
    rows = []
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    history, step = History(), 0
    for steps in (10**4, 10**5, 10**6, 10**7):
        while step < steps:
            step += 1
            history.train.add(step, 1.0 + 1.0 / step)
            if step % 100 == 0:
                history.val.add(step, 1.1)
        rows.append([f"{steps:,}", f"{(tracemalloc.get_traced_memory()[0] - before) / 1e6:.3f}"])
    tracemalloc.stop()
    print("8. Memory of the recorded curves (target: equal within 1 MB)\n")
    table(["steps", "MB"], rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter measurements")
    parser.add_argument("--only", metavar="4,5", default="4,5,6,7,8", help="the targets to measure")
    given = parser.parse_args()
    quick, only = given.quick, given.only.split(",")
    introduce()
    if "4" in only:
        speeds(1 if quick else 3, 6 if quick else 12)
    if "5" in only:
        answers(32 if quick else 100)
    if "6" in only:
        sent(6 if quick else 15)
    if "7" in only:
        starts()
    if "8" in only:
        memory()


if __name__ == "__main__":
    main()
