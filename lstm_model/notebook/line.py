"""The line that says how far training is: rewritten in place, in a terminal and below a notebook's cell."""

import sys
import time
from typing import Any

EVERY = 0.25  # seconds between two writings


class Line:
    """One line, shown anew: by a carriage return in a terminal, as one output in a notebook.

    Where there is neither, as in a pipe, the last one alone is written. Quiet: none is.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet, self._text, self._shown_at = quiet, "", 0.0
        self._shell = None if quiet else _notebook()
        self._output: Any = None  # of the notebook, which is made by the first line
        self._in_terminal = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Show a text in the place of the one before, but not more often than a reader can follow."""
        now = time.monotonic()
        if not self._quiet and now - self._shown_at >= EVERY:
            self._shown_at = now
            self._write(text)

    def end(self, text: str) -> None:
        """Show the last text, which stays."""
        if self._quiet:
            return
        if self._shell is None and not self._in_terminal:
            sys.stderr.write(f"{text}\n")
        else:
            self._write(text)
            if self._shell is None:
                sys.stderr.write("\n")

    def _write(self, text: str) -> None:
        if self._shell is not None:
            plain = {"text/plain": text}
            if self._output is None:
                self._output = self._shell.display(plain, raw=True, display_id=True)
            else:
                self._output.update(plain, raw=True)
        elif self._in_terminal:
            gap = " " * (len(self._text) - len(text))  # of a longer line before
            sys.stderr.write(f"\r{text}{gap}")
            sys.stderr.flush()
            self._text = text


def _notebook() -> Any:
    """IPython's display module, if this runs in the kernel of a notebook: nothing is imported for it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(ipython, "display", None) if getattr(shell, "kernel", None) is not None else None
