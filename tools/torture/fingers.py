"""Random keys, pastes, mouse events, sizes and raw bytes at the app in a pseudo-terminal.

With both tasks, copy, evaluation-only mode, --ssh and --ascii in turn. It asks that no traceback shows, that every run
is saved as far as its figures go, that the app ends when it is told to, and that memory is flat. What a seed did when
it went wrong is written to --trails, and --replay does it again.
"""

import argparse
import statistics
from collections import Counter
from pathlib import Path

from support.fingers import Hands, Verdict, acts_of, read_trail, write_trail
from support.stepped import tiny_launch, write_prices, write_text

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


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options beside --seeds and --minutes."""
    parser.add_argument("--events", type=int, default=2000, help="of each seed")
    parser.add_argument("--stay", action="store_true", help="press nothing that ends the app or asks how to")
    parser.add_argument("--trails", type=Path, default=Path("trails"), help="where the acts of findings go")
    parser.add_argument("--replay", type=Path, metavar="FILE")
    parser.add_argument("--mode", choices=MODES, default="text", help="of a replay")


def one(seed: int, folder: Path, asked: argparse.Namespace) -> Counter[str]:
    """One seed's events, or those of a finding; AssertionError for what went wrong."""
    mode = asked.mode if asked.replay else MODES[seed % len(MODES)]
    acts = read_trail(asked.replay) if asked.replay else acts_of(seed, asked.events, leave=not asked.stay)
    verdict = Hands(folder, *arguments(mode, folder)).do(acts)
    growth = grown(verdict)
    if growth > FLAT:
        verdict.wrong.append(f"memory grew by {growth:.0f} MB")
    if verdict.wrong:
        asked.trails.mkdir(parents=True, exist_ok=True)
        write_trail(verdict.trail, asked.trails / f"seed-{seed}-{mode}.txt")
        raise AssertionError("\n".join(verdict.wrong))
    return Counter({"events": verdict.events, "starts of the app": verdict.lives})
