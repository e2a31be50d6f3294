"""`lstm-tui watch RUN` on a terminal: which run is meant, once it is there."""

import os
import time
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.parallel.blas import one_blas_thread
from lstm_model.runs.outside.settings import read_settings
from lstm_tui.opening.where import folder_meant
from lstm_tui.options.given import Given
from lstm_tui.telling.teller import Teller
from lstm_tui.terminal.output import message
from lstm_tui.visible import pasteable
from lstm_tui.watching.alone import Alone
from lstm_tui.watching.following import LOOK_EVERY, Following


def watch(given: Given, teller: Teller) -> Alone:
    """The run that a person means; one that is not there yet is waited for, with a line that says so."""
    folder = folder_meant(given["run"])
    waits = False
    while read_settings(folder) is None:
        if not waits:
            message(f"waiting for {folder}: there is no run yet (Ctrl+C ends this)")
            waits = True
        time.sleep(LOOK_EVERY)
        folder = folder_meant(given["run"])
    controls = "control" in given
    if controls and not is_own(folder):
        raise InputError(f"--control is for the user who trains {folder}: leave it out, and watch")
    return watching(folder, teller, f"lstm-tui watch {pasteable(str(folder))} shows it again", controls=controls)


def watching(folder: Path, teller: Teller, again: str, *, controls: bool) -> Alone:
    """The run in a folder on a screen; controls: with keys that reach the process that trains it."""
    config = read_settings(folder)
    if config is None:
        raise InputError(f"{folder} holds no run whose settings can be read")
    one_blas_thread()
    return Alone(Following(folder, config, controls=controls), folder, again, teller)


def is_own(folder: Path) -> bool:
    """Whether a run is trained by the user of this process: it obeys nobody else."""
    return not hasattr(os, "geteuid") or (folder / "config.json").stat().st_uid == os.geteuid()
