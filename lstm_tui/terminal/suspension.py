"""To the shell and back: stops the whole job, as Ctrl+Z does elsewhere, where somebody can bring it back."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path


def can_come_back() -> bool:
    """Whether a shell waits for this job, so that its `fg` can bring it back.

    The process group of the job may hold more than this process: `sh -c`, `uv run`. The parent of the first of them
    must belong to the same session, else the group is an orphan (POSIX, 3.264) and nobody looks after it: so it is for
    the command of `ssh -t`, of a terminal's window, of a container.
    """
    try:
        pid = os.getppid()
        while os.getpgid(pid) == os.getpgrp():
            pid = _parent_of(pid)
        return os.getsid(pid) == os.getsid(0)
    except (OSError, ValueError):
        return False


def _parent_of(pid: int) -> int:
    with suppress(FileNotFoundError):
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()[1])
    command = ["ps", "-o", "ppid=", "-p", str(pid)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - only a number varies
    return int(found.stdout)


def stop_job() -> None:
    """Stop all processes of the job; returns once somebody has it go on."""
    before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        os.killpg(0, signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, before)


def in_foreground() -> bool:
    """Whether the job has the terminal of its input: after `fg`, and not after `bg`."""
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False
