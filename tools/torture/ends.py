"""SIGTERM while every core is busy: `train` and the app, with quick steps and with steps of two seconds."""

import argparse
from collections import Counter
from pathlib import Path

from support.ending import end_under_load
from support.stepped import write_text


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options beside --seeds and --minutes: there is none, for a seed is one end."""


def one(seed: int, folder: Path, asked: argparse.Namespace) -> Counter[str]:  # noqa: ARG001
    """One end; AssertionError if it took five seconds, or lost a step that was shown."""
    counts, seconds = end_under_load(seed, folder, write_text(folder))
    print(f"{seconds:.2f} s", end="  ")
    return counts
