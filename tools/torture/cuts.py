"""The power cut after each operation on files: what every disk could have left is opened, and gone on with."""

import argparse
from collections import Counter
from pathlib import Path

from support.cuts import cut_everywhere
from support.cuts_beside import cut_while_keeping, cut_while_sweeping
from support.stepped import tiny_trainer


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options beside --seeds and --minutes."""
    parser.add_argument("--steps", type=int, default=20, help="of each run")
    parser.add_argument("--every", type=int, default=1, help="cut after each of so many operations")


def one(seed: int, folder: Path, asked: argparse.Namespace) -> Counter[str]:
    """A run of a task, or what a person does with saved runs, or a sweep, in turn.

    Which subsets of many changes are lost follows from the seed.
    """
    trainer = tiny_trainer(folder, ("text", "stock")[seed // 4 % 2], seed=seed)
    match seed % 4:
        case 0:
            counts = cut_while_keeping(folder, trainer, asked.steps // 2, asked.steps // 2, asked.every, seed)
        case 1:
            counts = cut_while_sweeping(folder, trainer, max(2, asked.steps // 5), asked.every, seed)
        case _:
            counts = cut_everywhere(folder, trainer, asked.steps, asked.every, seed)
    return counts + Counter({f"states of {('keeping', 'a sweep', 'a run', 'a run')[seed % 4]}": counts["states"]})
