"""What stands below the report of `eval`, in text: as wide as the terminal, or 80 columns in a pipe."""

import shutil
from collections.abc import Sequence

from lstm_tui.reports.judged import Judged

NARROWEST = 40  # columns


def picture_lines(models: Sequence[Judged], *, ascii_only: bool) -> list[str]:
    """The picture of one report, or of two beside each other."""
    width = max(NARROWEST, shutil.get_terminal_size((80, 24)).columns - 1)
    return models[0].picture(models[1] if len(models) > 1 else None, width, ascii_only=ascii_only)
