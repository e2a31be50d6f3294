"""What runs inside a Dask worker: it looks whether it can help, and has trials trained by a process of its own.

A trial's process ends when the worker dies, for then nobody holds its standard input. It is told to leave when nothing
was heard of the sweep for LEASE seconds, or when the sweep says so.
"""

import select
import shutil
import subprocess
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from distributed import get_worker
from platformdirs import user_cache_path

from lstm_model import __version__
from lstm_model.errors import LSTMError, reason_of
from lstm_model.settings.config import Config
from lstm_model.storage.home import own_folder
from lstm_model.sweeps.roads.process import TrialProcess
from lstm_model.sweeps.trial import Order
from lstm_model.tasks.registry import open_task

LEASE = 60.0  # seconds
TURN = 0.5  # seconds between two looks whether the trial is still wanted

_heard: dict[str, float] = {}  # when each session of a sweep was last heard of
_given_up: set[str] = set()  # keys of tasks
_paused: set[str] = set()  # sessions whose trials wait


def greet(session: str, order: dict[str, Any], shared: str) -> dict[str, Any]:
    """Whether this worker can train the trials of a sweep: its version, its data, and if it sees the sweep's folder.

    shared: a file that the sweep has just written there.
    """
    _heard[session] = time.monotonic()
    asked = Order(**order)
    wrong = ""
    if asked.version != __version__:
        wrong = f"it has lstm-tui {__version__}, and the sweep is of {asked.version}"
    else:
        try:
            if open_task(Config.from_dict(asked.config)).fingerprint != asked.sha256:
                wrong = "its data are not those of the sweep"
        except LSTMError as error:
            wrong = str(error)
        except OSError as error:
            wrong = f"{error.filename}: {reason_of(error)}"
    return {"wrong": wrong, "shared": Path(shared).exists()}


def alive(session: str) -> None:
    """The sweep is still there."""
    if _heard.get(session, 0) >= 0:
        _heard[session] = time.monotonic()


def give_up(key: str) -> None:
    """Let a trial end with what it has."""
    _given_up.add(key)


def pause(session: str, waits: bool) -> None:
    """Let all trials of a session wait where they are, or go on."""
    (_paused.add if waits else _paused.discard)(session)


def leave(sweep: str) -> None:
    """Let all trials of a sweep save and end, whichever session began them."""
    for session in list(_heard):
        if session.rpartition("-")[0] == sweep:
            _heard[session] = -1e9


def forget(sweep: str, trial: str) -> None:
    """Remove a trial that has come home."""
    shutil.rmtree(_place(sweep, trial), ignore_errors=True)


def _place(sweep: str, trial: str) -> Path:
    """Where a trial lies of a sweep whose folder is not seen from here."""
    return own_folder(user_cache_path) / "sweeps" / sweep / trial


def train(order: dict[str, Any], key: str, session: str, home: bool) -> dict[str, Any]:
    """Have a trial trained; its outcome, if it has one, and its files, if they must be sent home."""
    asked = Order(**order)
    if home:
        place = _place(session.rpartition("-")[0], Path(asked.folder).name)
        place.parent.mkdir(parents=True, exist_ok=True)
        asked = replace(asked, folder=str(place))
    _heard.setdefault(session, time.monotonic())
    process = TrialProcess(asked, subprocess.DEVNULL)
    told, waits, ended = False, False, False
    while not ended:
        if time.monotonic() - _heard.get(session, 0) > LEASE:
            process.leave()
        elif key in _given_up and not told:
            process.say("give up")
            told = True
        elif waits is not (session in _paused):
            waits = not waits
            process.say("pause" if waits else "go on")
        if select.select([process.out], [], [], TURN)[0]:
            reached, ended = process.read()
            for each in reached:
                get_worker().log_event(session, {"key": key, "reached": asdict(each)})
    how, outcome = process.end(), process.outcome
    _given_up.discard(key)
    files = {}
    if home and outcome is not None and Path(asked.folder).is_dir():
        files = {file.name: file.read_bytes() for file in Path(asked.folder).iterdir() if not file.name.startswith(".")}
    return {
        "outcome": None if outcome is None else asdict(outcome),
        "died": how,
        "stuck": process.stuck,
        "files": files,
    }
