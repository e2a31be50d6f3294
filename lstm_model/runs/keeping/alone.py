"""A run that nobody trains, held while something is done to its folder."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.runs.saves import holds_run, is_trial
from lstm_model.runs.shipped import ships
from lstm_model.storage.claim import Claim, is_held


def trains_now(folder: Path) -> bool:
    """Whether a process, this one or another, writes in a run's folder."""
    return is_held(folder)


@contextlib.contextmanager
def alone_with(folder: Path) -> Iterator[None]:
    """Keep other processes away from a run's folder; an InputError if a run is at work in it."""
    if is_held(folder):
        raise InputError(f"{folder} is in use, a run trains there: end that one first")
    claim = Claim(folder)
    try:
        yield
    finally:
        claim.release()


def require_own_run(folder: Path, what: str) -> None:
    """An InputError unless a folder is a run of its own, to which something can be done that changes what there is."""
    if not folder.is_dir() or not holds_run(folder):
        raise InputError(f"{folder} is no run: `find_saves` lists those there are")
    if ships(folder):
        raise InputError(f"{folder} ships with the program and cannot be {what}")
    if is_trial(folder):
        raise InputError(f"{folder} is a trial, which {folder.parent} counts: it cannot be {what} alone")
