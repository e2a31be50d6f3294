"""A real pseudo-terminal with the program in it, for tests: press keys, wait for words, see how it ended."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

from support.places import ROOT

# What pyte would print as text: private CSI sequences, DCS and APC strings.
UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;:]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b[P_^].*?\x1b\\", re.DOTALL)


class Terminal:
    """Runs `python -m lstm_tui`, or another program; a context manager that leaves no process behind."""

    def __init__(
        self,
        *arguments: str,
        folder: Path,
        size: tuple[int, int] = (80, 24),
        term: str = "xterm",
        env: dict[str, str] | None = None,
        program: tuple[str, ...] = (sys.executable, "-m", "lstm_tui"),
    ) -> None:
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.arrived = 0.0  # when the newest bytes came
        self.status: int | None = None
        root = ROOT
        self.child, self.fd = pty.fork()
        if self.child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))  # before anybody asks
            os.chdir(folder)
            path = os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])
            environment = {**os.environ, "TERM": term, "PYTHONPATH": path}
            for name in ("NO_COLOR", "COLORTERM", "COLUMNS", "LINES", "LSTM_TUI_SAVES", "SSH_CONNECTION"):
                environment.pop(name, None)
            environment |= env or {}
            os.execve(program[0], [*program, *arguments], environment)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not self.ended():
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
        if self.fd >= 0:
            os.close(self.fd)

    def read(self, seconds: float) -> None:
        """Take in what arrives within some seconds."""
        ready, _, _ = select.select([self.fd] if self.fd >= 0 else [], [], [], seconds)
        if not ready:
            return
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:  # the other end is closed
            data = b""
        self.arrived = time.monotonic()
        self.raw += data
        self.stream.feed(UNKNOWN.sub(b"", data))

    def drain(self, seconds: float) -> None:
        """Take in what arrives within some seconds, to be drawn later: an emulator costs the time of a core."""
        end = time.monotonic() + seconds
        data = b""
        while (left := end - time.monotonic()) > 0:
            if select.select([self.fd], [], [], left)[0]:
                data += os.read(self.fd, 1 << 16)
        self.raw += data
        self.stream.feed(UNKNOWN.sub(b"", data))

    def text(self) -> str:
        """The screen as it stands."""
        rows, columns = range(self.screen.lines), range(self.screen.columns)
        # pyte's own `display` fails where half of a wide character has been written over, as between two reads.
        return "\n".join("".join(self.screen.buffer[y][x].data for x in columns).rstrip() for y in rows)

    def wait(self, pattern: str, seconds: float = 30) -> str:
        """Read until the screen matches; AssertionError with the screen if it does not in time."""
        end = time.monotonic() + seconds
        seen = -1
        while time.monotonic() < end:
            if len(self.raw) != seen:
                seen = len(self.raw)
                if re.search(pattern, self.text(), re.MULTILINE):
                    return self.text()
            self.read(0.05)
        raise AssertionError(f"{pattern!r} did not show within {seconds} s; the screen is:\n{self.text()}")

    def press(self, keys: str) -> None:
        """Send keys as a terminal would."""
        os.write(self.fd, keys.encode())

    def signal(self, number: int) -> None:
        """Send a signal to the program."""
        os.kill(self.child, number)

    def hang_up(self) -> None:
        """Close the terminal, as a dropped connection does."""
        os.close(self.fd)
        self.fd = -1

    def ended(self) -> bool:
        """True once the program is gone; `status` is its exit status then, negative for a signal."""
        if self.status is None:
            pid, status = os.waitpid(self.child, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def end(self, seconds: float = 15) -> int:
        """Wait for the program to end; gives its exit status."""
        end = time.monotonic() + seconds
        while not self.ended():
            if time.monotonic() > end:
                raise AssertionError(f"still running after {seconds} s; the screen is:\n{self.text()}")
            self.read(0.05)
        self.read(0.1)
        assert self.status is not None
        return self.status
