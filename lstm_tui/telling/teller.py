"""The ways to tell: the terminal's bell and a notification of the desktop, or a command of one's own."""

import os
import shlex
import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping
from typing import Any

from lstm_model.errors import InputError, quoted, reason_of
from lstm_tui.visible import as_line

TITLE = "lstm-tui"
ENDED_BY = 5.0  # seconds that the end of a plain command waits for the last commands


class Teller:
    """Tells lines to whoever wants them.

    ring: shows a line on the terminal, None where there is none that wants it. complain: is given the line for a
    command that failed, from another thread.
    """

    def __init__(self, *, on: bool = False, command: tuple[str, ...] = ()) -> None:
        self.on, self._command = on, command
        self.ring: Callable[[str], None] | None = None
        self.complain: Callable[[str], None] = lambda _: None
        self._waits: list[threading.Thread] = []

    @property
    def ways(self) -> str:
        """How it tells, for a person."""
        return f"the command {self._command[0]}" if self._command else "the bell and a notification of the terminal"

    def tell(self, line: str) -> None:
        """Tell it, if that is wanted. Returns at once."""
        if not self.on:
            return
        line = as_line(line)
        if self._command:
            waits = threading.Thread(target=self._run, args=[line], daemon=True)
            self._waits.append(waits)
            waits.start()
        elif self.ring is not None:
            self.ring(line)

    def close(self) -> None:
        """Wait a little for the commands that still run, so that a failure is said."""
        for waits in self._waits:
            waits.join(ENDED_BY)

    def _run(self, line: str) -> None:
        """Run the command: no shell, nothing to read, nothing to write to the terminal, the line as last argument."""
        environment = os.environ | {"LSTM_TUI_MESSAGE": line}
        try:
            ended = subprocess.run(  # noqa: S603 - it is the person's own
                [*self._command, line], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=environment, start_new_session=True, check=False,
            )  # fmt: skip
        except OSError as error:
            self.complain(f"--notify-command: {self._command[0]}: {reason_of(error)}")
        else:
            if ended.returncode:
                self.complain(f"--notify-command: {self._command[0]} ended with status {ended.returncode}")


def teller_of(given: Mapping[str, Any]) -> Teller:
    """The teller that the options ask for; an InputError for a command that cannot be run."""
    if "notify_command" not in given:
        return Teller(on="notify" in given)
    try:
        words = shlex.split(given["notify_command"])
    except ValueError as error:
        raise InputError(f"--notify-command: {str(error).lower()} in {quoted(given['notify_command'])}") from None
    if not words:
        raise InputError("--notify-command needs a command")
    if shutil.which(words[0]) is None:
        raise InputError(f"--notify-command: there is no program {quoted(words[0])}")
    return Teller(on=True, command=tuple(words))


def escapes_of(line: str, environment: Mapping[str, str] = os.environ) -> str:
    """What makes a terminal ring and show a line; "" for one that bears no escape sequences.

    The bell is enough for all. OSC 777 is what terminals of the VTE family, foot and rxvt know, OSC 9 what the others
    do: iTerm2, kitty, WezTerm, Ghostty, Windows Terminal. tmux hands it on with `allow-passthrough on`, screen always.
    """
    term = environment.get("TERM", "dumb")
    if term in ("", "dumb", "unknown"):
        return ""
    if term == "linux":
        return "\a"
    line = as_line(line)
    if "VTE_VERSION" in environment or term.startswith(("rxvt", "foot")):
        told = f"\x1b]777;notify;{TITLE};{line.replace(';', ',')}\x1b\\"
    else:
        told = f"\x1b]9;{TITLE}: {line}\x1b\\"
    if environment.get("TMUX"):
        told = "\x1bPtmux;" + told.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    elif environment.get("STY"):
        told = "\x1bP" + told.replace("\x1b\\", "\a") + "\x1b\\"
    return "\a" + told
