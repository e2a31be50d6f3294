"""`lstm-tui attach` without a terminal: the lines of the run that it would bring back."""

from lstm_tui.options.given import Given
from lstm_tui.plain.watching.watch import watch
from lstm_tui.watching.attach import attached


def attach(given: Given) -> int:
    """Follow it in lines."""
    return watch({**given, "run": str(attached(given))})
