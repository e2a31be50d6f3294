"""The program with its faults written down: what ended the app goes into the file named by FAULTS, whole.

A terminal shows a traceback cut to its width, and after the alternate screen. SIGUSR1 has it add where each thread is.
Used as a program of its own.
"""

import faulthandler
import os
import signal
import sys
import traceback
from pathlib import Path

from textual.app import App


def record_faults(file: Path) -> None:
    """Let every exception that ends an app be appended to a file first."""
    handle = App._handle_exception  # noqa: SLF001 - the one place where all of them pass

    def recorded(self: App[object], error: Exception) -> None:
        with file.open("a", encoding="utf-8") as faults:
            faults.write("".join(traceback.format_exception(error)))
        handle(self, error)

    setattr(App, "_handle_exception", recorded)  # noqa: B010


if __name__ == "__main__":
    record_faults(Path(os.environ["FAULTS"]))
    faulthandler.register(signal.SIGUSR1, Path(os.environ["FAULTS"]).open("a"))  # noqa: SIM115 - for as long as it lives
    from lstm_tui.cli import main

    sys.exit(main())
