"""`lstm-tui watch RUN`: the lines of a run that another process trains, read from its folder alone."""

import time
from pathlib import Path

from lstm_model.errors import InputError
from lstm_model.runs.events import Figures
from lstm_model.runs.metrics import ROWS
from lstm_model.runs.outside.follower import LIVING, Follower, Look, State
from lstm_model.runs.outside.settings import read_settings
from lstm_model.runs.remote.standing import Why
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.opening.where import folder_meant
from lstm_tui.options.given import Given
from lstm_tui.plain.log import figures_line, figures_object
from lstm_tui.terminal.output import json_line, message, result
from lstm_tui.visible import pasteable

LOOK_EVERY = 0.5  # seconds
SHOWN_BEFORE = 10  # rows of what was before, for a person
ENDS = {
    Why.LIMIT: "it reached its end",
    Why.STOPPED: "it was ended",
    Why.EXPLODED: "its training exploded",
}


def watch(given: Given) -> int:
    """Follow a run until its process is gone. Exit status: 0, 1 if steps were lost."""
    if "control" in given:
        raise InputError("--control needs the screen: leave out --plain and --json, and run it on a terminal")
    follower = Follower(folder_meant(given["run"]))
    told = _Told(as_json="json" in given)
    while True:
        look = follower.look()
        told.show(look)
        if look.state not in LIVING:
            return told.end(look)
        time.sleep(LOOK_EVERY)
        if look.state is State.ABSENT and (folder := folder_meant(given["run"])) != follower.folder:
            follower = Follower(folder)  # a run has taken the name meanwhile


class _Told:
    """What a person, or a program, was told of the run."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._state = State.TRAINING
        self._last: Figures | None = None

    def show(self, look: Look) -> None:
        """Tell what is new: a change of state in a message, the rows as results."""
        if look.state is not self._state and look.state in LIVING:
            message(self._living(look))
        self._state = look.state
        rows, unit = look.rows, _unit(look.folder) if look.rows else ""
        if self._last is None and not self.as_json and len(rows) > SHOWN_BEFORE:
            message(f"{len(rows) - SHOWN_BEFORE:,} rows before these are in {look.folder / ROWS}")
            rows = rows[-SHOWN_BEFORE:]
        for row in rows:
            if self._last is not None and row.step < self._last.step:
                message(f"it went back from step {self._last.step:,}")
            self._last = row
            result(json_line(figures_object(row, unit)) if self.as_json else "  ".join(figures_line(row, unit)))

    def end(self, look: Look) -> int:
        """Tell how it ended, and how to go on; gives the exit status."""
        at = "before its first figures" if self._last is None else f"at step {self._last.step:,}"
        go_on = f"; go on with: lstm-tui --load {pasteable(str(look.folder))}" if look.saved_step is not None else ""
        saved = "nothing is saved" if look.saved_step is None else f"step {look.saved_step:,} is saved"
        last = 0 if self._last is None else self._last.step
        is_whole = look.state is State.ENDED and look.saved_step is not None and look.saved_step >= last
        why = look.standing.why if look.standing is not None and look.state is State.ENDED else None
        if look.state is State.LOST:
            ended = "it was killed" if look.standing is not None else "it was killed, or its training exploded,"
        else:
            ended = "it ended" if why is None else ENDS[why]
        message(f"{ended}{'' if is_whole else f' {at}'}, {saved}{go_on}")
        return 0 if is_whole and why is not Why.EXPLODED else 1

    def _living(self, look: Look) -> str:
        match look.state:
            case State.ABSENT:
                return f"waiting for {look.folder}: there is no run yet (Ctrl+C ends this)"
            case State.PAUSED:
                return "it is paused"
            case State.QUIET:
                return f"no new figures: process {look.process} is in something long, or paused by an older version"
            case State.STOPPED:
                return f"process {look.process} was stopped: fg in its shell goes on"
            case _:
                return "it trains"


def _unit(folder: Path) -> str:
    """What speed counts, such as chars; read when there are rows, for then there are settings."""
    settings = read_settings(folder)
    return "items" if settings is None else kind_of(settings.task).words.unit
