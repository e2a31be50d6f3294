"""Files as somebody else may have left them: checkpoints, and all that lies beside them."""

import argparse
import os
from collections import Counter
from pathlib import Path

from lstm_tui.cli import main
from support.hostile_files import LAST
from support.mutated_checkpoints import WAYS, fuzz
from support.mutations import TARGETS, attack, template
from support.runs import TINY
from support.stepped import write_prices, write_text

CHECKPOINT = "checkpoint"
NAMES = (CHECKPOINT, *TARGETS)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options beside --seeds and --minutes."""
    parser.add_argument("--of", choices=NAMES, help="one kind of file; without it each in turn")
    parser.add_argument("--count", type=int, default=100, help="changed files of each seed")


def one(seed: int, folder: Path, asked: argparse.Namespace) -> Counter[str]:
    """Change files of one kind; AssertionError for any that did harm, or said more than a line."""
    name = asked.of or NAMES[seed % len(NAMES)]
    os.environ |= {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_CACHE_HOME": str(folder / "cache")}
    if name == CHECKPOINT:
        return Counter({name: _checkpoints(seed, folder, asked.count)})
    os.environ["LSTM_TUI_SAVES"] = str(folder / "attacked" / "saves")
    with template(folder) as anew:
        return Counter({name: sum(attack(name, asked.count, seed, anew).values())})


def _checkpoints(seed: int, folder: Path, count: int) -> int:
    task = ("text", "stock")[seed % 2]
    data = write_text(folder) if task == "text" else write_prices(folder)
    os.environ["LSTM_TUI_SAVES"] = str(folder / "saves")
    run = folder / "saves" / "run"
    trained = ["train", "--task", task, "--data", str(data), "--save", str(folder / "run"), "--steps", "6", *TINY]
    if main([*trained, "--json"]) != 0:
        raise AssertionError("it does not train")
    run.mkdir(parents=True)
    each = -(-count // len(WAYS))
    return sum(fuzz(way, folder / "run" / LAST, run / LAST, each, seed, every=20)["files"] for way in WAYS)
