"""Torture the real program, from seeds that can be replayed.

    python -m tools.torture fingers --seed 1 --events 2000    random keys, pastes, mouse, sizes and raw bytes
    python -m tools.torture fingers --seeds 1-8 --minutes 15  several seeds in turn, until the time is over
    python -m tools.torture fingers --replay FILE             do again what a finding did

`fingers` works at the app in a pseudo-terminal, with both tasks, copy, evaluation-only mode, --ssh and --ascii in turn.
It asks that no traceback shows, that every run is saved as far as its figures go, that the app ends when it is told to,
and that memory is flat. What a seed did when it went wrong is written to --trails. Linux only: it reads /proc.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.fingers import Hands, Verdict, acts_of, read_trail, write_trail  # noqa: E402 - the tests' own
from support.stepped import tiny_launch, write_prices, write_text  # noqa: E402

TINY = ("--hidden", "8", "--batch", "4", "--seq", "10", "--threads", "1")
MODES = ("text", "stock", "copy", "eval-only", "ssh", "ascii")
LONG = 5000  # events of a life from which on its memory is judged
FLAT = 30.0  # MB that it may grow by then, with what Textual and NumPy keep


def arguments(mode: str, folder: Path) -> list[str]:
    """What the program is called with in a mode, over data in a folder."""
    if mode == "eval-only":
        launch = tiny_launch(folder)
        if launch.folder is None:
            raise AssertionError
        launch.trainer.step()
        launch.folder.save(launch.trainer)
        launch.folder.release()
        return ["--eval-only", "--load", str(folder / "run"), "--no-ssh"]
    task = mode if mode in ("stock", "copy") else "text"
    files = {"text": lambda: write_text(folder), "stock": lambda: write_prices(folder)}
    of_data = ["--data", str(files[task]())] if task in files else []
    return ["--task", task, *of_data, *TINY, *{"ssh": ["--ssh"], "ascii": ["--ascii"]}.get(mode, ["--no-ssh"])]


def grown(verdict: Verdict) -> float:
    """MB by which the newest life grew, from its middle third to its last; 0 for one too short to tell.

    Tasks that are opened and large new runs take their share first, and a large screen some for a while.
    """
    if not verdict.memory or verdict.memory[-1][0] < LONG:
        return 0.0
    memory = [held for _, held in verdict.memory]
    third = len(memory) // 3
    return statistics.median(memory[-third:]) - statistics.median(memory[third : 2 * third])


def fingers(seeds: list[int], events: int, minutes: float, trails: Path, *, leave: bool) -> int:
    """Do each seed in turn, print a line for each; exit status 1 if one went wrong."""
    begun, total, failed = time.monotonic(), 0, []
    for seed in seeds:
        if time.monotonic() > begun + 60 * minutes:
            break
        mode = MODES[seed % len(MODES)]
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            verdict = Hands(folder, *arguments(mode, folder)).do(acts_of(seed, events, leave=leave))
        total += verdict.events
        growth = grown(verdict)
        if growth > FLAT:
            verdict.wrong.append(f"memory grew by {growth:.0f} MB")
        print(f"seed {seed:4} {mode:>10}: {verdict.events:7,} events, {verdict.lives:3} starts,"
              f" {verdict.memory[-1][1] if verdict.memory else 0:5.0f} MB ({growth:+.1f}),"
              f" {'WRONG' if verdict.wrong else 'fine'}", flush=True)  # fmt: skip
        if verdict.wrong:
            failed.append(seed)
            trails.mkdir(parents=True, exist_ok=True)
            write_trail(verdict.trail, trails / f"seed-{seed}-{mode}.txt")
            print("\n".join(verdict.wrong))
    result = f"wrong: seeds {failed}" if failed else "no fault"
    print(f"{total:,} events in {time.monotonic() - begun:.0f} s; {result}")
    return 1 if failed else 0


def main() -> int:
    """Do what was asked for; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    kinds = parser.add_subparsers(dest="kind", required=True)
    of_fingers = kinds.add_parser("fingers", help="random keys, pastes, mouse, sizes and raw bytes at the app")
    of_fingers.add_argument("--seed", type=int, default=1)
    of_fingers.add_argument("--seeds", help="FIRST-LAST, instead of one")
    of_fingers.add_argument("--events", type=int, default=2000, help="of each seed")
    of_fingers.add_argument("--minutes", type=float, default=1e9, help="after which no further seed is begun")
    of_fingers.add_argument("--stay", action="store_true", help="press nothing that ends the app or asks how to")
    of_fingers.add_argument("--trails", type=Path, default=Path("trails"), help="where the acts of findings go")
    of_fingers.add_argument("--replay", type=Path, metavar="FILE")
    of_fingers.add_argument("--mode", choices=MODES, default="text", help="of a replay")
    asked = parser.parse_args()
    if asked.replay:
        with tempfile.TemporaryDirectory() as temporary:
            verdict = Hands(Path(temporary), *arguments(asked.mode, Path(temporary))).do(read_trail(asked.replay))
        print("\n".join(verdict.wrong) or f"{len(verdict.trail)} acts, no fault")
        return 1 if verdict.wrong else 0
    first, _, last = (asked.seeds or str(asked.seed)).partition("-")
    seeds = list(range(int(first), int(last or first) + 1))
    return fingers(seeds, asked.events, asked.minutes, asked.trails, leave=not asked.stay)


if __name__ == "__main__":
    sys.exit(main())
