"""`lstm-tui --detach`: the training in a process of its own, which goes on when the screen and its terminal go."""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.runs.outside.settings import read_settings
from lstm_model.runs.saved_model import peek
from lstm_model.runs.saves import saves_root
from lstm_model.settings.known_tasks import KINDS
from lstm_model.storage.claim import LOCK
from lstm_model.storage.files import make_folder, numbered, open_to_append, read_small
from lstm_model.storage.home import expanded
from lstm_tui.options.given import Given
from lstm_tui.options.option import STANDARD_INPUT
from lstm_tui.terminal.output import message
from lstm_tui.visible import as_line

LOG = "train.log"  # what `train` says, in the folder of the run
MOST_LOG = 1 << 20  # bytes of it that are read
LOOK_EVERY = 0.1  # seconds
OF_THE_SCREEN = {"--detach", "--ssh", "--no-ssh", "--ascii", "--big"}  # options that `train` does not know
WITH_A_VALUE = {"--keys"}
NOT_WITH = ("eval_only", "against", "paused", "sample_every")


@dataclass(frozen=True)
class Detached:
    """A training that has begun: its folder, and its process, which nobody needs to wait for."""

    folder: Path
    process: "subprocess.Popen[bytes]"


def detached(given: Given, arguments: Sequence[str]) -> Detached:
    """Begin a training of its own with these arguments, and wait until its folder can be watched.

    InputError if it cannot begin: then its last words are in the error, and what was made for it is taken away.
    """
    for name in NOT_WITH:
        if name in given:
            raise InputError(f"--detach does not go with --{name.replace('_', '-')}: leave one of them out")
    if STANDARD_INPUT in given.get("data", ()):
        raise InputError("--detach leaves the terminal, so it cannot read standard input: name a file with --data")
    folder = _folder(given)
    named = [] if given.keys() & {"save", "load"} else ["--save", str(folder)]
    made = not folder.exists()
    make_folder(folder)
    with open_to_append(folder / LOG) as log:
        begun = log.seek(0, 2)
        command = [sys.executable, "-m", "lstm_tui", "train", *for_train(arguments), *named]
        process = subprocess.Popen(  # noqa: S603 - what this program was called with
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    message(f"training begins as process {process.pid}, in {folder}")
    before = _stamp(folder)
    while process.poll() is None:
        if _stamp(folder) != before and read_settings(folder) is not None:
            return Detached(folder, process)
        time.sleep(LOOK_EVERY)
    if process.returncode == 0 and read_settings(folder) is not None:
        return Detached(folder, process)  # it was short
    said = read_small(folder / LOG, MOST_LOG)[begun:].decode(errors="replace").strip().splitlines()
    if made and {each.name for each in folder.iterdir()} <= {LOG, LOCK}:
        for name in (LOG, LOCK):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()
    raise InputError(as_line(said[-1].removeprefix("lstm-tui: error: ")) if said else "the training did not begin")


def for_train(arguments: Sequence[str]) -> list[str]:
    """The arguments of the app without those that are about its screen."""
    kept, skips = [], False
    for argument in arguments:
        name = argument.partition("=")[0]
        if skips or name in OF_THE_SCREEN or name in WITH_A_VALUE:
            skips = not skips and argument in WITH_A_VALUE
        else:
            kept.append(argument)
    return kept


def _folder(given: Given) -> Path:
    """Where it will be saved."""
    if "save" in given:
        return expanded(given["save"])
    if "load" in given:
        return peek(Path(given["load"])).file.parent
    task = given.get("task", next(iter(KINDS)))
    return numbered(saves_root() / f"{task}-{datetime.now().astimezone():%Y%m%d-%H%M%S}")


def _stamp(folder: Path) -> int:
    """When the settings in a folder were written: with the first thing that is."""
    try:
        return (folder / "config.json").stat().st_mtime_ns
    except OSError:
        return 0
