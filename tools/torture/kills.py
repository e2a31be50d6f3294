"""kill -9 at every point of a run's saves, or at random times: each seed is a run in many lives."""

import argparse
from collections import Counter
from pathlib import Path

from support.kills import LARGER, TINY, Lives, kill_at_every_point, kill_at_random_times
from support.lives import parent_of_lives
from support.stepped import write_prices, write_text

AUTOSAVES = (1e-9, 0.05, 1.0)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options beside --seeds and --minutes."""
    parser.add_argument("--kills", type=int, default=30, help="of a seed that kills at random times")
    parser.add_argument("--every", type=int, default=5, help="of the points of a save each of so many")


def one(seed: int, folder: Path, asked: argparse.Namespace) -> Counter[str]:
    """Each fourth seed kills at points, the others at random times; both tasks, two sizes, three intervals in turn."""
    task = ("text", "stock")[seed % 2]
    data = write_text(folder) if task == "text" else write_prices(folder)
    settings = [*(LARGER if seed % 3 == 0 else TINY), "--task", task, "--data", str(data), "--seed", str(seed)]
    with parent_of_lives() as parent:
        lives = Lives(parent)
        if seed % 4 == 0:
            kill_at_every_point(lives, folder, settings, steps=8, every=asked.every)
        else:
            autosave = AUTOSAVES[seed % len(AUTOSAVES)]
            steps = 400 if autosave < 0.01 else 4000
            kills = asked.kills if autosave < 1 else asked.kills // 5
            kill_at_random_times(lives, folder / "run", settings, steps, autosave, kills, seed)
    assert lives.counts["steps lost beyond the interval"] == 0
    return Counter({name: lives.counts[name] for name in ("kills", "checkpoints loaded", "rows", "samples")})
