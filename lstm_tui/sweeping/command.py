"""`lstm-tui sweep` on a terminal: opens the screen, and says afterwards how it stands and how to go on."""

import os
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from signal import SIGINT

from lstm_model.errors import LSTMError
from lstm_model.sweeps.outside import Outside
from lstm_model.sweeps.roads.road import Road
from lstm_model.sweeps.sweep import Sweep
from lstm_tui.opening.many import is_of_many
from lstm_tui.opening.sweep import design_of, folder_of, road_of, shares_of
from lstm_tui.options.given import Given
from lstm_tui.options.wording import with_flags
from lstm_tui.plain.many import sweep_many
from lstm_tui.plain.sweep import Log, as_work_error, folder_to_show
from lstm_tui.sweeping.app import SweepApp
from lstm_tui.sweeping.leaving import Leave
from lstm_tui.sweeping.source import Driven, Followed
from lstm_tui.terminal.output import ascii_only, message, result
from lstm_tui.visible import pasteable

SAYS = "sweep.log"  # in the folder of a sweep that was left running: what it would have said on the terminal


def sweep(given: Given, arguments: Sequence[str]) -> int:
    """Sweep under a screen, or show one. arguments: as they were given. Exit status as that of the plain command."""
    if "show" in given:
        return _show(given)
    if is_of_many(given):  # there is nothing to choose from: its lines tell all
        return sweep_many(given, as_work_error)
    design, _ = design_of(given)
    folder = folder_of(given, design)
    jobs, threads = shares_of(given, design)
    there = Sweep(design, folder)
    said = deque(there.notes)
    try:
        source = Driven(there, _road(given, there, jobs, threads, said), threads, said)
        app = _app(source)
        source.start()
        try:
            left = app.run(mouse=not _is_remote())
        finally:
            source.stop()
            source.join()
    finally:
        there.close()
    if source.error is not None:
        raise as_work_error(source.error) if isinstance(source.error, OSError) else source.error
    if left is Leave.RUN_ON and not there.over and app.signal_number is None:
        return _run_on(folder, arguments)
    log = Log(there, as_json=False)
    if app.signal_number is None:
        return app.return_code or log.end(None if there.over else SIGINT)
    with suppress(OSError):  # a terminal that hung up reads nothing any more
        log.end(app.signal_number)
    return 128 + app.signal_number


def _road(given: Given, there: Sweep, jobs: int, threads: int, said: deque[str]) -> Road:
    """How trials get to where they are trained; what it has to say goes to the screen, once there is one."""
    try:
        return road_of(given, there, jobs, threads, said.append)
    except LSTMError:
        for line in said:
            message(with_flags(line))
        raise


def _show(given: Given) -> int:
    source = Followed(Outside(folder_to_show(given)))
    app = _app(source)
    source.start()
    app.run(mouse=not _is_remote())
    source.close()
    if source.look().over:
        return Log(source.look(), as_json=False).end(None)
    return app.return_code or (128 + app.signal_number if app.signal_number else 0)


def _app(source: Driven | Followed) -> SweepApp:
    plain = ascii_only() or os.environ.get("TERM") == "linux"
    return SweepApp(source, slow=_is_remote(), ascii_only=plain)


def _is_remote() -> bool:
    return any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def _run_on(folder: Path, arguments: Sequence[str]) -> int:
    """Let the same command go on in a process of its own, which no terminal ends; it resumes what was saved."""
    log = folder / SAYS
    save = [] if any(each.partition("=")[0] == "--save" for each in arguments) else ["--save", str(folder)]
    command = [sys.executable, "-m", "lstm_tui", "sweep", *arguments, *save, "--plain"]
    with log.open("ab") as says:
        process = subprocess.Popen(  # noqa: S603 - this program, with what it was given
            command, stdin=subprocess.DEVNULL, stdout=says, stderr=says, start_new_session=True
        )
    result(f"the sweep goes on as process {process.pid}, and writes what it says into {log}")
    result(f"look at it with  lstm-tui sweep --show --save {pasteable(str(folder))}")
    result(f"stop it with     kill {process.pid}")
    return 0
