"""The power cut after each operation on files: what every disk could have left is opened, and gone on with."""

import argparse
from collections import Counter
from pathlib import Path

from support.cuts import cut_everywhere
from support.stepped import tiny_trainer


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options beside --seeds and --minutes."""
    parser.add_argument("--steps", type=int, default=20, help="of each run")
    parser.add_argument("--every", type=int, default=1, help="cut after each of so many operations")


def one(seed: int, folder: Path, asked: argparse.Namespace) -> Counter[str]:
    """A run of one of the tasks; which subsets of many changes are lost follows from the seed."""
    trainer = tiny_trainer(folder, ("text", "stock")[seed % 2], seed=seed)
    return cut_everywhere(folder, trainer, asked.steps, asked.every, seed)
