"""`lstm-tui completion SHELL`: the script that lets a shell complete commands, options and runs."""

import sys

from lstm_tui.options.given import Given
from lstm_tui.shell.completion import completion as script


def completion(given: Given) -> int:
    """Print it; gives the exit status."""
    sys.stdout.write(script(given["shell"]))
    return 0
