"""The real command line, driven by its steps: it sends itself a signal at a chosen slice of its work.

A slice is a step, or a piece of a validation or a sample, so any moment between two of them can be chosen, and not only
those that a signal from outside would hit. So that two runs can be compared line by line, there is a row of metrics.csv
and a sample at every step, and a validation at every seventh: what else follows the clock follows the steps here.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from itertools import count

from lstm_model.events import Event
from lstm_model.runs.driving.plan import Plan
from lstm_model.runs.run import Run
from lstm_model.settings.known_tasks import KINDS
from lstm_model.settings.task_kinds import kind_of
from lstm_tui.opening.run import plan_of
from lstm_tui.options.given import Given
from lstm_tui.plain import train as plain

VALIDATE_EVERY = 7
SAMPLE_LENGTH = 40  # two slices


def follow_steps() -> None:
    """Let all that follows the clock follow the steps, in this process."""

    def by_steps(given: Given) -> Plan:
        return replace(plan_of(given), figures_every=0.0, look_every=0.0, look_length=SAMPLE_LENGTH)

    setattr(plain, "plan_of", by_steps)  # noqa: B010 - a name that the module has imported
    for preset in (preset for task in KINDS for preset in kind_of(task).presets.values()):
        preset.settings["validate_every"] = VALIDATE_EVERY


def stop_after(at: int, number: int) -> None:
    """Let this process send itself a signal after slice `at` of its run."""
    slices = count(1)

    def stopping(slice_of: Callable[[Run], list[Event]]) -> Callable[[Run], list[Event]]:
        def counted(run: Run) -> list[Event]:
            events = slice_of(run)
            if next(slices) == at:
                os.kill(os.getpid(), number)
            return events

        return counted

    for method in ("step", "work"):
        setattr(Run, method, stopping(getattr(Run, method)))
