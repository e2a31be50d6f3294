"""`lstm-tui replay RUN --plain`: the lines of a run that was recorded, at the pace of its training or faster."""

import time

from lstm_model.settings.task_kinds import kind_of
from lstm_tui.options.given import Given
from lstm_tui.plain.log import figures_line, figures_object
from lstm_tui.terminal.output import json_line, result
from lstm_tui.watching.replay import SPEED
from lstm_tui.watching.tape import Tape


def replay(given: Given) -> int:
    """Print each row when its time has come."""
    tape, speed, as_json = Tape.of(given["run"]), given.get("speed", SPEED), "json" in given
    unit = kind_of(tape.config.task).words.unit
    begun = time.monotonic()
    for at, row in zip(tape.times, tape.rows, strict=True):
        left = at / speed - (time.monotonic() - begun)
        if left > 0:
            time.sleep(left)
        result(json_line(figures_object(row, unit)) if as_json else "  ".join(figures_line(row, unit)))
    return 0
