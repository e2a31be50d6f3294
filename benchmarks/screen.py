"""What the screen costs: training speed, answers to keys, bytes, start, memory. On a real pseudo-terminal.

    python benchmarks/screen.py [--quick] [--json FILE]

Prints a table for each of the targets 4 to 9. About an hour, on an idle machine; --quick takes twenty minutes and is
less sure. The program runs in a pseudo-terminal of its own, as under a terminal emulator; what it sends is read at
once. Speeds are those of the steps alone, in wall time, for a validation more or less would hide what is looked for.
They are taken headless and inside the app in turn, so that a drift of the machine meets both, and after WARM_UP
seconds, when the app has counted what the loss is held against, which it does once.
"""

import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import Results, introduce, parser_of

from lstm_model.curves.history import History
from lstm_tui.inside.table import VIEWS

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from support.terminal import Terminal

MODELS = {
    "H100 B1 (classic)": ["--preset", "classic"],
    "H128 B32 T64": ["--hidden", "128", "--batch", "32"],
    "H384 B16 T64 (default)": [],
}
MODELS_INSIDE = ["H128 B32 T64", "H384 B16 T64 (default)"]
WARM_UP = 9.0  # seconds
WINDOW = 4.0  # seconds that a shown speed is about
OPENING = 3.0  # seconds that a view is open before it is measured: its first answer comes without a rest
SIZES = [(120, 40), (200, 60)]
TRUECOLOR = {"COLORTERM": "truecolor"}


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


def speed_in_app(model: list[str], size: tuple[int, int], seconds: float) -> float:
    """Characters a second as the app shows them. The terminal is not drawn meanwhile, only read."""
    with tempfile.TemporaryDirectory() as name, app(model, Path(name), size, "--sample-every", "0") as terminal:
        terminal.drain(WARM_UP)
        found = []
        for _ in range(round(seconds / WINDOW)):
            terminal.drain(WINDOW)
            shown = re.search(r"chars/s +([\d,]+)", terminal.text())
            assert shown is not None
            found.append(float(shown[1].replace(",", "")))
        return statistics.mean(found)


def speed_headless(model: list[str], seconds: float) -> float:
    """Characters a second as `lstm-tui train` tells them."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "lstm_tui", "train", "--json", *model, "--save", f"{name}/run"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
            assert run.stdout is not None
            begun = time.monotonic()
            found: list[float] = []
            for line in run.stdout:
                event, passed = json.loads(line), time.monotonic() - begun
                if event["event"] == "step" and passed > WARM_UP:
                    found.append(event["chars_per_s"])
                if passed > WARM_UP + seconds:
                    break
            run.kill()
    return statistics.mean(found)


def speeds(rounds: int, seconds: float, results: Results) -> None:
    """Target 4."""
    rows = []
    for name, model in MODELS.items():
        for size in SIZES:
            ratios, inside, outside = [], [], []
            for _ in range(rounds):
                outside.append(speed_headless(model, seconds))
                inside.append(speed_in_app(model, size, seconds))
                outside.append(speed_headless(model, seconds))
                ratios.append(inside[-1] / statistics.mean(outside[-2:]))
            shape = "x".join(map(str, size))
            spread = f"{min(ratios):.3f} to {max(ratios):.3f}"
            rows.append([name, shape, f"{statistics.mean(outside):,.0f}", f"{statistics.mean(inside):,.0f}",
                         f"{statistics.median(ratios):.3f}", spread])  # fmt: skip
    title = "4. Training speed, characters a second (target: app / headless 0.97 or more)"
    head = ["model", "terminal", "headless", "app", "median ratio", "rounds"]
    results.table("speed", head, rows, title=title, keys=2, more=["headless", "app", "median ratio"])


KEYS = [("p", "PAUSED"), ("p", "TRAINING"), ("]", r"temperature +0\.9 │"), ("[", r"temperature +0\.8 │"),
        ("y", "all, log ─"), ("y", "─ all ─"), ("v", "─ recent ─"), ("v", "─ all ─")]  # fmt: skip


def answers(presses: int, results: Results) -> None:
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
                late = times[math.ceil(0.99 * len(times)) - 1]
                rows.append([name, "x".join(map(str, size)), f"{statistics.median(times):.0f}", f"{late:.0f}",
                             f"{times[-1]:.0f}"])  # fmt: skip
    title = f"5. From a key to its effect on the screen, ms, {presses} presses (target: p99 50 or less)"
    head = ["model", "terminal", "median", "p99", "most"]
    results.table("answers", head, rows, title=title, keys=2, less=["median", "p99"])


def sent(seconds: float, results: Results) -> None:
    """Target 6."""
    rows = []
    for name, model in MODELS.items():
        for size in SIZES:
            cells = []
            for option in ("--no-ssh", "--ssh"):
                with tempfile.TemporaryDirectory() as folder, app(model, Path(folder), size, option) as terminal:
                    read_for(terminal, 10)
                    before = len(terminal.raw)
                    read_for(terminal, seconds)
                    cells.append(f"{(len(terminal.raw) - before) / seconds:,.0f}")
            rows.append([name, "x".join(map(str, size)), *cells])
    title = "6. Bytes a second to the terminal while it trains (targets 6,000 and 1,500)"
    head = ["model", "terminal", "default", "--ssh"]
    results.table("bytes", head, rows, title=title, keys=2, less=["default", "--ssh"])


def starts(results: Results) -> None:
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
    title = "7. Seconds to start, best of some"
    results.table("start", ["what", "seconds", "target"], rows, title=title, less=["seconds"])


def resident() -> float:
    """Memory of this process in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def memory(results: Results) -> None:
    """Target 8."""
    rows = []
    before, history, step = resident(), History(), 0
    for steps in (10**4, 10**5, 10**6, 10**7):
        while step < steps:
            step += 1
            history.train.add(step, 1.0 + 1.0 / step)
            if step % 100 == 0:
                history.val.add(step, 1.1)
        rows.append([f"{steps:,}", f"{resident() - before:.3f}"])
    title = "8. Memory of the recorded curves (target: equal within 1 MB)"
    results.table("curves", ["steps", "MB"], rows, title=title, less=["MB"])


def steps_of(terminal: Terminal) -> int:
    """The step that the status line shows."""
    found = re.search(r"step ([\d,]+)", terminal.text().split("TRAINING")[-1])
    assert found is not None
    return int(found[1].replace(",", ""))


def pace(terminal: Terminal, seconds: float) -> float:
    """Steps a second of wall time, all that happens between them included."""
    before, begun = steps_of(terminal), time.monotonic()
    terminal.drain(seconds)
    return (steps_of(terminal) - before) / (time.monotonic() - begun)


def inside(rounds: int, seconds: float, results: Results) -> None:
    """What each view of the look inside costs the training: steps with it open, and with it closed before and after."""
    rows = []
    for name in MODELS_INSIDE:
        model = MODELS[name]
        with (
            tempfile.TemporaryDirectory() as folder,
            app(model, Path(folder), (120, 40), "--sample-every", "0") as terminal,
        ):
            terminal.drain(WARM_UP)
            for entry in VIEWS:
                ratios = []
                for _ in range(rounds):
                    closed = [pace(terminal, seconds)]
                    terminal.press(f"x{entry.number}")
                    terminal.wait(re.escape(entry.lines[0]), 20)
                    terminal.drain(OPENING)
                    opened = pace(terminal, seconds)
                    terminal.press("x")
                    terminal.wait("Loss, ", 20)
                    closed.append(pace(terminal, seconds))
                    ratios.append(opened / statistics.mean(closed))
                spread = f"{min(ratios):.3f} to {max(ratios):.3f}"
                rows.append([name, f"{entry.number} {entry.name}", f"{statistics.median(ratios):.3f}", spread])
    title = "9. Steps a second with a view open, as a share of those without (target: 0.95 or more)"
    results.table(
        "inside", ["model", "view", "median ratio", "rounds"], rows, title=title, keys=2, more=["median ratio"]
    )


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter measurements")
    parser.add_argument("--only", metavar="4,5", default="4,5,6,7,8,9", help="the targets to measure")
    given = parser.parse_args()
    quick, only = given.quick, given.only.split(",")
    results = Results(given.json)
    introduce()
    if "4" in only:
        speeds(1 if quick else 5, 12, results)
    if "5" in only:
        answers(32 if quick else 100, results)
    if "6" in only:
        sent(6 if quick else 15, results)
    if "7" in only:
        starts(results)
    if "8" in only:
        memory(results)
    if "9" in only:
        inside(1 if quick else 5, 8, results)
    results.write()


if __name__ == "__main__":
    main()
